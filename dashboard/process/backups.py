"""Backups of this process's store: one now, and one a day by the process that holds the loops."""

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import structlog
from services.backup.kept import claim_turn, keep_latest, name_of, note_taken
from services.backup.take import Taken, take_backup

from dashboard.process.resources import current_settings, open_store
from dashboard.settings import Settings

log = structlog.get_logger("jangbu")
_EVERY = 60
_LOOK = 1
# A process of its own: filling a file from PostgreSQL would take the screens' time, and its memory goes with it.
_COMMAND = [sys.executable, "-m", "dashboard", "backup", "--json"]


@dataclass(frozen=True, slots=True)
class Backed:
    """A backup, and which older ones went for it."""

    taken: Taken
    gone: list[Path]


def passphrase_of(settings: Settings) -> str | None:
    """What backups are sealed with; None where nothing is set."""
    return settings.backup_passphrase.get_secret_value() or None


def back_up(
    path: Path | None = None, *, passphrase: str | None, keep: int | None = None, before: str | None = None
) -> Backed:
    """Backs the store up, into its folder where no file is named; there the latest are kept, and the others go.

    A store of an older revision too: `before` says what is about to change it. Raises BackupError, OSError.
    """
    settings, engine, now = current_settings(), open_store(checked=False), time.time()
    folder = settings.backup_folder.absolute()
    taken = take_backup(engine, (path or folder / name_of(now, before)).absolute(), passphrase, now)
    if not taken.is_good:
        return Backed(taken, [])
    note_taken(engine, taken.path, now)
    # Before a step none goes: one of them may be what is put back.
    return Backed(taken, [] if path or before else keep_latest(folder, keep or settings.backup_keep))


def watch_backups(stop: threading.Event) -> None:
    """Takes one a day, at the hour of the settings, until told to stop; a failed one again an hour later."""
    while not stop.wait(_EVERY):
        hour = current_settings().backup_hour
        try:
            if hour is not None and claim_turn(open_store(), hour, time.time()):
                _run(stop)
        except Exception as error:  # the loop outlives whatever happens in one turn
            log.error("no backup could be taken", error=type(error).__name__)


def _run(stop: threading.Event) -> None:
    child = subprocess.Popen(_COMMAND, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    while (status := child.poll()) is None:
        if stop.wait(_LOOK):
            child.terminate()
            child.wait()
            return
    log.log(20 if status == 0 else 40, "backup", status=status)
