"""Logs go to stderr: stdout belongs to what a command answers."""

import sys

import structlog


def log_to_stderr() -> None:
    """Sets where structlog writes, for this process."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
