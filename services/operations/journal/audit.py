"""The audit chain: appended in the transaction of what it tells of, each entry hashing the one before it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.store.sql import in_dialect, upsert

_COLUMNS = ("id", "at", "actor", "origin", "action", "operation_id", "detail", "previous", "hash")
_HEAD = "audit_head"
_READ = f"SELECT {', '.join(_COLUMNS)} FROM audit_entry ORDER BY id"


JANGBU = "jangbu"
"""How it names itself: what no person did."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where: `screen`, `cli`, `executor` or `resolver`."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries the chain has, and the number of the first that is not as it was written; None if all are."""

    entries: int
    broken_at: int | None


class Entry(NamedTuple):
    """One step of an operation, to be appended."""

    action: str
    operation_id: int | None
    detail: Mapping[str, Any]


def append(
    conn: Connection, actor: Actor, action: str, at: int, *, operation_id: int | None = None, **detail: Any
) -> None:
    """Adds an entry inside a writing transaction, of which there is one at a time."""
    append_all(conn, actor, at, [Entry(action, operation_id, detail)])


def append_all(conn: Connection, actor: Actor, at: int, entries: Sequence[Entry]) -> None:
    """Adds any number of entries in two statements."""
    last, digest = _head(conn)
    rows = []
    for number, one in enumerate(entries, start=last + 1):
        detail = json.dumps(one.detail, ensure_ascii=False, sort_keys=True)
        row = (number, at, actor.name, actor.origin, one.action, one.operation_id, detail, digest)
        digest = _digest(row)
        rows.append((*row, digest))
    if rows:
        marks = ", ".join("?" for _ in _COLUMNS)
        sql = in_dialect(conn, f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}) VALUES ({marks})")
        conn.exec_driver_sql(sql, rows)
        head = upsert("mark", ("name", "value", "at"), ("name",))
        conn.exec_driver_sql(in_dialect(conn, head), (_HEAD, f"{last + len(rows)} {digest}", at))


def verify(conn: Connection) -> Verdict:
    """Walks the whole chain. The head, kept apart, tells when the last entries are missing."""
    number, previous = 0, ""
    for row in conn.execution_options(yield_per=1000).exec_driver_sql(_READ):
        entry = tuple(row)
        number += 1
        if entry[0] != number or entry[7] != previous or entry[8] != _digest(entry[:8]):
            return Verdict(number, number)
        previous = entry[8]
    if _head(conn) != (number, previous):
        return Verdict(number, number + 1)
    return Verdict(number, None)


def history(conn: Connection, operation_id: int) -> list[Mapping[str, Any]]:
    """Entries of one operation, oldest first; `detail` decoded."""
    sql = f"SELECT {', '.join(_COLUMNS)} FROM audit_entry WHERE operation_id = ? ORDER BY id"
    rows = conn.exec_driver_sql(in_dialect(conn, sql), (operation_id,))
    return [{**row._mapping, "detail": json.loads(row.detail)} for row in rows]


def _head(conn: Connection) -> tuple[int, str]:
    sql = in_dialect(conn, "SELECT value FROM mark WHERE name = ?")
    row = conn.exec_driver_sql(sql, (_HEAD,)).fetchone()
    number, _space, digest = row[0].partition(" ") if row else ("0", "", "")
    return int(number), digest


def _digest(entry: tuple[Any, ...]) -> str:
    return sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
