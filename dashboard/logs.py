"""Logs go to stderr: stdout belongs to what a command answers. What is said of an error holds nobody's data."""

import logging
import sys
from pathlib import Path

import structlog
from services.errors import JangbuError
from sqlalchemy.exc import SQLAlchemyError


def log_to_stderr() -> None:
    """Sets where structlog writes, for this process."""
    # A line that cannot be written is lost: logging would tell of it by a traceback, with whatever error was at hand.
    logging.raiseExceptions = False
    # Looked up for each line: whoever swaps stderr later gets the lines that follow.
    structlog.configure(logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr))


def sentence_of(error: BaseException) -> str:
    """An error for a terminal: our own sentence; of others the kind and place, since their words may hold a row."""
    if isinstance(error, JangbuError):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        kind = type(getattr(error, "orig", None) or error).__name__
        return f"The database cannot be used ({kind}): is JANGBU_DATABASE_URL right?"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}."
    return f"Something went wrong here ({type(error).__name__} at {place_of(error)})."


def place_of(error: BaseException) -> str:
    """File and line where an error came up."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
