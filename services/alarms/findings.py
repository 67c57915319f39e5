"""What is the matter by the figures of one look: which figure is one too many, and which too old."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from services.alarms.figures import Disk, Figures, Rows
from services.store.lists.operations import MOST
from services.tables.alarms import MatterKind

Key = tuple[str, str]
"""Kind and key of a matter."""
STALE = 900
"""Seconds after which what is shown is too old: fifteen turns of the freshness loop, so that a deep pass fits in."""
BACKUP_LATEST = 30 * 3600
"""A day, and time to take one."""
LEAST_FREE = 1 << 30
_UNKNOWN_FOR = 300
"""Seconds in which an outcome is mostly found by itself."""
_DOWN = 3
"""Runs in a row: one that fails is a matter of a moment."""
_DISK_SLACK = 1.1


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watching process knows by itself."""

    since: float
    """When it began: what is old then may be so because nobody ran."""
    daily_backup: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What is the matter now, with the figures of its words; of a kind in `cut` there is more than was looked at."""

    rows: Mapping[Key, Mapping[str, object]]
    cut: Collection[str] = field(default=())


def findings(seen: Figures, watched: Watched, lasting: Collection[Key], now: float) -> Findings:
    """What is the matter; `lasting` is what was so before, which an app that was just started does not take back."""
    rows: dict[Key, Mapping[str, object]] = {}
    for kind, waiting in seen.waiting.items():
        rows |= {(kind.value, key): row for key, row in waiting.items() if _is_old(kind, row, now)}
    for kind, row in _of_the_mirror(seen, watched, lasting, now):
        rows[kind.value, ""] = row
    for rate in seen.rates:
        if rate.jumped:
            told = {"pg": rate.pg_provider, "failed": rate.failed, "tried": rate.tried}
            rows[MatterKind.FAILURES.value, rate.pg_provider] = told
    for disk in seen.disks:
        if _is_short(disk):
            rows[MatterKind.DISK.value, disk.name] = {"folder": disk.name, "free": disk.free}
    if watched.daily_backup and _backup_is_missing(seen, now):
        rows[MatterKind.BACKUP.value, ""] = {"at": seen.backup_at}
    return Findings(rows, [kind.value for kind, waiting in seen.waiting.items() if _is_cut(waiting)])


def _is_old(kind: MatterKind, row: Mapping[str, object], now: float) -> bool:
    """An outcome that nobody knows is mostly found by itself, the rest is a matter at once."""
    at = row.get("state_at")
    return kind != MatterKind.UNKNOWN or (isinstance(at, int) and at < now - _UNKNOWN_FOR)


def _is_cut(waiting: Rows) -> bool:
    return len(waiting) >= MOST


def _of_the_mirror(
    seen: Figures, watched: Watched, lasting: Collection[Key], now: float
) -> Iterator[tuple[MatterKind, Mapping[str, object]]]:
    long_enough = now - watched.since > STALE
    if seen.as_of is not None and now - seen.as_of > STALE and (long_enough or (MatterKind.MIRROR, "") in lasting):
        yield MatterKind.MIRROR, {"at": seen.as_of}
    recently = (seen.failed_at or 0) > watched.since or (MatterKind.GATEWAY, "") in lasting
    if seen.failed_runs >= _DOWN and recently:
        yield MatterKind.GATEWAY, {"runs": seen.failed_runs}
    if seen.drift:
        yield MatterKind.DRIFT, {"rows": seen.drift}


def _is_short(disk: Disk) -> bool:
    return disk.free < max(LEAST_FREE, disk.needed * _DISK_SLACK)


def _backup_is_missing(seen: Figures, now: float) -> bool:
    """The last good one is too old, or none came although there was time for one."""
    last = seen.backup_at if seen.backup_at is not None else seen.first_run_at
    return last is not None and now - last > BACKUP_LATEST
