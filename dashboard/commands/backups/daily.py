"""One backup a day, by the process that holds the loops."""

import subprocess
import threading
import time

import structlog
from services.backup.kept import claim_turn
from sqlalchemy import Engine

from dashboard.child import own_command, own_environment
from dashboard.process.resources import current_settings

log = structlog.get_logger("jangbu")
_EVERY = 60
_LOOK = 1
_PATIENCE = 10
"""Seconds that one which is told to end has to leave nothing behind."""
# A process of its own: filling a file from PostgreSQL would take the screens' time, and its memory goes with it.
_COMMAND = own_command("backup", "--json")


def watch_backups(stop: threading.Event, engine: Engine) -> None:
    """Takes one a day, at the hour of the settings, until told to stop; a failed one again an hour later."""
    while not stop.wait(_EVERY):
        hour = current_settings().backup_hour
        try:
            if hour is not None and claim_turn(engine, hour, time.time()):
                _run(stop)
        except Exception as error:  # the loop outlives whatever happens in one turn
            log.error("no backup could be taken", error=type(error).__name__)


def _run(stop: threading.Event) -> None:
    child = subprocess.Popen(  # noqa: S603 - our own command
        _COMMAND, env=own_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    while (status := child.poll()) is None:
        if stop.wait(_LOOK):
            _end(child)
            return
    tell = log.error if status else log.info
    tell("backup", status=status)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
