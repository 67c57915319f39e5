"""Logs go to stderr: stdout belongs to what a command answers."""

import sys

import structlog


def log_to_stderr() -> None:
    """Sets where structlog writes, for this process."""
    # Looked up for each line: whoever swaps stderr later gets the lines that follow.
    structlog.configure(logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr))
