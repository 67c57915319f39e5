"""A backup is taken: one consistent state, packed, read back and compared, and only then given its name."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from services.backup.archive import Label, pack, unpack
from services.backup.contents import Contents, DamagedContents, contents_of
from services.backup.damage import is_damage
from services.backup.leftovers import sweep, unfinished_name
from services.backup.snapshot import take_snapshot
from services.backup.workplace import workplace
from services.errors import BackupError


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was read back: what is in it, and how large the file is."""

    path: Path
    size: int
    sealed: bool
    contents: Contents

    @property
    def is_good(self) -> bool:
        """Whether the audit chain in it holds; one that is broken in the store is broken in its backup."""
        return self.contents.chain.broken_at is None

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.contents.rows.values())


def take_backup(engine: Engine, path: Path, passphrase: str | None, now: float, *, broken: Path | None = None) -> Taken:
    """Writes the store to a file that is not there yet, while others go on. Raises BackupError, OSError.

    One whose audit chain is broken is called `broken`, where that is given.
    """
    if path.exists():
        raise BackupError("{path} is there already: a backup takes no other file's place.", path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    unfinished = unfinished_name(path)
    try:
        with workplace(engine) as folder:
            copy, again = folder / "copy.db", folder / "again.db"
            revision, before = _copied(engine, copy)
            pack(copy, unfinished, Label(revision, int(now), engine.dialect.name), passphrase)
            copy.unlink()
            unpack(unfinished, again, passphrase)
            _compare(before, contents_of(again))
        if broken and before.chain.broken_at is not None:
            path = broken
        unfinished.rename(path)
        _keep_name(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return Taken(path, path.stat().st_size, bool(passphrase), before)


def _copied(engine: Engine, copy: Path) -> tuple[str, Contents]:
    try:
        return take_snapshot(engine, copy), contents_of(copy)
    except (DBAPIError, sqlite3.DatabaseError) as error:
        if not is_damage(error):
            raise
    except DamagedContents:
        pass
    raise BackupError(
        "This database is damaged and cannot be backed up: put an earlier backup back with "
        "`jangbu restore FILE --replace --no-backup`."
    )


def _compare(before: Contents, after: Contents) -> None:
    if before != after:
        raise BackupError("The backup was not kept: what was read back differs from what was written.")


def _keep_name(folder: Path) -> None:
    """A name outlives a power cut once its folder was written."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
