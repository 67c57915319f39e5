"""A backup of this process's store, noted, and older ones gone for it."""

import time
from dataclasses import dataclass
from pathlib import Path

from services.backup.kept import keep_latest, keep_latest_broken, name_of, note_broken, note_taken
from services.backup.take import Taken, take_backup

from dashboard.process.resources import current_settings, open_store
from dashboard.settings import Settings


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
    place, apart = path or folder / name_of(now, before), path or folder / name_of(now, before, broken=True)
    taken = take_backup(engine, place.absolute(), passphrase, now, broken=apart.absolute())
    if not taken.is_good:
        note_broken(engine, now)
        return Backed(taken, [] if path or before else keep_latest_broken(folder))
    note_taken(engine, taken.path, now)
    # Before a step none goes: one of them may be what is put back.
    return Backed(taken, [] if path or before else keep_latest(folder, keep or settings.backup_keep))
