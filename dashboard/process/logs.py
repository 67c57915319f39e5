"""Logs go to stderr: stdout belongs to what a command answers."""

import logging
import sys
from pathlib import Path

import structlog
from stamina.instrumentation import set_on_retry_hooks


def log_to_stderr() -> None:
    """Sets where structlog writes, for this process."""
    # A line that cannot be written is lost: logging would tell of it by a traceback, with whatever error was at hand.
    logging.raiseExceptions = False
    # A reading that is tried again is not news; that it failed for good is told by whoever asked for it.
    set_on_retry_hooks([])
    # Looked up for each line: whoever swaps stderr later gets the lines that follow.
    structlog.configure(logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr))


def place_of(error: BaseException) -> str:
    """File and line where an error came up."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
