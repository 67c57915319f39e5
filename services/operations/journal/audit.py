"""The audit chain: appended in the transaction of what it tells of, each entry hashing the one before it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.store.hash_chain import HashChain, Verdict
from services.store.sql import in_dialect

_TOLD = ("at", "actor", "origin", "action", "operation_id", "detail")
_CHAIN = HashChain("audit_entry", _TOLD, "audit_head")

JANGBU = "jangbu"
"""How it names itself: what no person did."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where: `screen`, `cli`, `executor` or `resolver`."""

    name: str
    origin: str


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
    told = [
        (at, actor.name, actor.origin, one.action, one.operation_id,
         json.dumps(one.detail, ensure_ascii=False, sort_keys=True))
        for one in entries
    ]  # fmt: skip
    _CHAIN.append(conn, told, at)


def verify(conn: Connection) -> Verdict:
    """Walks the whole chain. The head, kept apart, tells when the last entries are missing."""
    return _CHAIN.verify(conn)


def history(conn: Connection, operation_id: int) -> list[Mapping[str, Any]]:
    """Entries of one operation, oldest first; `detail` decoded."""
    sql = f"SELECT id, {', '.join(_TOLD)}, previous, hash FROM audit_entry WHERE operation_id = ? ORDER BY id"
    rows = conn.exec_driver_sql(in_dialect(conn, sql), (operation_id,))
    return [{**row._mapping, "detail": json.loads(row.detail)} for row in rows]
