"""Matters as rows: each begins once, is over when it has not been seen for a while, and then may begin again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, delete, select, update

from services.alarms.findings import Findings, Key
from services.clock import DAY
from services.store.changes import announce
from services.store.engine import reading, writing
from services.store.sql import fetch, in_dialect, read_all, table
from services.tables.alarms import OPEN, Matter, MatterKind, Telling

ALARMS = "alarms"
"""How a test is announced to whoever holds the loops."""
SETTLED = 600
"""Seconds for which a matter is not seen before it is over: what comes and goes is one matter."""
_TEST_LIVES = 3600
TEST_AGAIN = 60
"""Seconds in which a second test is the first one still."""
KEPT = 7 * DAY
"""Seconds for which it is known that a matter is over, and whoever could not be reached is told so."""
_TABLE, _TELLING = table(Matter), table(Telling)


@dataclass(slots=True)
class _Changes:
    begin: dict[Key, Mapping[str, object]] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    over: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.begin, self.gone, self.back, self.over))


def lasting(conn: Connection) -> list[Matter]:
    """What is the matter, the oldest first; what was not seen just now is marked."""
    return read_all(
        conn, Matter, select(_TABLE).where(_TABLE.c.ended_at.is_(None)).order_by(_TABLE.c.since, _TABLE.c.id)
    )


def settle(engine: Engine, found: Findings, now: float) -> bool:
    """Writes down what began and what is over; whether anything did. Several processes find the same."""
    with reading(engine) as conn:
        if not _changes(lasting(conn), found, now):
            return False
    with writing(engine) as conn:
        # Looked at once more: another process may have written it meanwhile.
        changes = _changes(lasting(conn), found, now)
        for key, detail in changes.begin.items():
            begin(conn, key, detail, now)
        for ids, values in (
            (changes.gone, {"gone_at": int(now)}),
            (changes.back, {"gone_at": None}),
            (changes.over, {"ended_at": _TABLE.c.gone_at}),
        ):
            if ids:
                conn.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(values))
        _forget(conn, now)
    return bool(changes)


def begin(conn: Connection, key: Key, detail: Mapping[str, object], now: float) -> None:
    """A matter begins, unless it has."""
    sql = (
        "INSERT INTO alarm_matter (kind, key, detail, since) VALUES (?, ?, ?, ?) "
        f"ON CONFLICT (kind, key) WHERE {OPEN} DO NOTHING"
    )
    conn.exec_driver_sql(in_dialect(conn, sql), (*key, json.dumps(detail), int(now)))


def begin_test(engine: Engine, now: float) -> int:
    """Every receiver is told of a matter that is none; its id."""
    with writing(engine) as conn:
        recent = f"SELECT id FROM alarm_matter WHERE kind = ? AND {OPEN} AND since > ?"
        asked = (MatterKind.TEST.value, int(now) - TEST_AGAIN)
        if not fetch(conn, recent, asked):
            begin(conn, (MatterKind.TEST.value, str(int(now * 1000))), {}, now)
            announce(conn, ALARMS)
        return int(fetch(conn, recent, asked)[0][0])


def _changes(known: list[Matter], found: Findings, now: float) -> _Changes:
    changes = _Changes(dict(found.rows))
    for matter in known:
        seen = changes.begin.pop((matter.kind, matter.key), None) is not None
        if matter.kind == MatterKind.TEST:
            seen = now - matter.since < _TEST_LIVES
        if seen and matter.gone_at is not None:
            changes.back.append(matter.id)
        elif not seen and matter.gone_at is None and matter.kind not in found.cut:
            changes.gone.append(matter.id)
        elif not seen and matter.gone_at is not None and now - matter.gone_at >= SETTLED:
            changes.over.append(matter.id)
    return changes


def _forget(conn: Connection, now: float) -> None:
    # All kinds are named, as the index begins with them.
    old = (_TABLE.c.kind.in_([kind.value for kind in MatterKind]), _TABLE.c.ended_at < int(now) - KEPT)
    conn.execute(delete(_TELLING).where(_TELLING.c.matter_id.in_(select(_TABLE.c.id).where(*old))))
    conn.execute(delete(_TABLE).where(*old))
