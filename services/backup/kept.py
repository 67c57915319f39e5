"""The folder of backups: what a new one is called, which are kept, and how old the last good one is."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from services.clock import DAY, SEOUL_OFFSET
from services.store.engine import reading, writing
from services.store.lists.system import marks
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark

_HOUR = 3_600
_NAME = re.compile(r"jangbu-\d{8}T\d{6}Z(-before-\w+)?\.backup")
_BROKEN = re.compile(r"jangbu-\d{8}T\d{6}Z-broken\.backup")


@dataclass(frozen=True, slots=True)
class LastTaken:
    """When the last backup was taken that could be read back (UNIX seconds), and where it went."""

    at: int
    path: Path


def stamp_of(at: float) -> str:
    """A moment as it stands in names of files."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))


def name_of(at: float, before: str | None = None, *, broken: bool = False) -> str:
    """`jangbu-20261130T113000Z.backup`; with what it was taken before, where that is a step that changes all of it.

    One whose audit chain is `broken` is told apart, so that it pushes no good one out.
    """
    return f"jangbu-{stamp_of(at)}{f'-before-{before}' if before else ''}{'-broken' if broken else ''}.backup"


def keep_latest(folder: Path, count: int) -> list[Path]:
    """Deletes all backups of a folder but the latest; what has another name is nobody's to delete. What went."""
    return _keep(folder, _NAME, count)


def keep_latest_broken(folder: Path) -> list[Path]:
    """Deletes all whose audit chain is broken but the latest; what went."""
    return _keep(folder, _BROKEN, 1)


def _keep(folder: Path, names: re.Pattern[str], count: int) -> list[Path]:
    found = sorted((path for path in folder.iterdir() if names.fullmatch(path.name)), reverse=True)
    for path in found[count:]:
        path.unlink(missing_ok=True)
    return found[count:]


def note_taken(engine: Engine, path: Path, at: float) -> None:
    """The store remembers the last one that was read back whole."""
    with writing(engine) as conn:
        set_mark(conn, MirrorMark.BACKUP_AT, str(int(at)), int(at))
        set_mark(conn, MirrorMark.BACKUP_FILE, str(path), int(at))


def note_broken(engine: Engine, at: float) -> None:
    """The store remembers that its chain is broken in the last one: another by the clock is a day away."""
    with writing(engine) as conn:
        set_mark(conn, MirrorMark.BACKUP_BROKEN, str(int(at)), int(at))


def claim_turn(engine: Engine, hour: int, now: float) -> bool:
    """Whether the backup of this day is due, at an hour in Korea; of several processes one is told so, once an hour."""
    due = (int(now) + SEOUL_OFFSET - hour * _HOUR) // DAY * DAY - SEOUL_OFFSET + hour * _HOUR
    with reading(engine) as conn:
        if not _is_due(marks(conn), due, now):
            return False
    with writing(engine) as conn:
        if found := _is_due(marks(conn), due, now):
            set_mark(conn, MirrorMark.BACKUP_TRIED, str(int(now)), int(now))
    return found


def _is_due(kept: dict[str, str], due: int, now: float) -> bool:
    names = (MirrorMark.BACKUP_AT, MirrorMark.BACKUP_BROKEN, MirrorMark.BACKUP_TRIED)
    taken, broken, tried = (int(kept.get(name, 0)) for name in names)
    return max(taken, broken) < due and tried < now - _HOUR


def last_taken(conn: Connection) -> LastTaken | None:
    """The last good one; None where none ever was."""
    kept = marks(conn)
    at = kept.get(MirrorMark.BACKUP_AT)
    return LastTaken(int(at), Path(kept.get(MirrorMark.BACKUP_FILE, ""))) if at else None
