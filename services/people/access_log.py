"""The access log: entries in a chain, each hashing the one before it; old ones go from its front.

Up to where it was taken away stands in the audit chain, which a person with a pen in the database cannot rewrite.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from services.clock import DAY
from services.errors import InvalidRequest
from services.operations.journal import audit
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.journal import saving
from services.people.whose import kept_id, kept_person, kept_words
from services.store.engine import let_others_write, reading
from services.store.hash_chain import HashChain, Link, Verdict
from services.store.sql import fetch, in_dialect
from services.tables.staff.access import AccessKind
from services.typed_text import checked, typed

REMOVED = "access_removed"
"""The audit's word for entries that were kept long enough."""
REACHED = "access_head"
"""The audit's word for how far the log reached in an hour, or with a file: what is missing behind its end is missed
there."""
_CHAIN = HashChain(
    "access_entry",
    ("at", "person", "origin", "kind", "what", "whose", "row_count", "column_names", "reason"),
    "access_head",
)
_AT_ONCE = 5_000
"""Entries that one transaction takes away: nobody who wants to write waits for more."""
_YEAR = 366 * DAY
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody does, to be written down; see AccessEntry."""

    kind: AccessKind
    what: str
    whose: str = ""
    row_count: int | None = None
    column_names: Sequence[str] = ()
    reason: str = ""


def checked_reason(text: str) -> str:
    """Why somebody takes data along. Raises InvalidRequest where nothing is said."""
    if not typed(text):
        raise InvalidRequest("Say what the file is for: it is kept, with your name and the time.", field="reason")
    return checked_words(text, "reason")


def checked_words(text: str, field: str) -> str:
    """Words for the log, which nobody can take back. Raises InvalidRequest, also for phones and mail addresses."""
    plain = checked(text, field, most=_LONGEST_REASON)
    if kept_words(plain) != plain:
        raise InvalidRequest("Leave phones, mail addresses and long numbers out: this is kept for years.", field=field)
    return plain


def append(conn: Connection, actor: Actor, access: Access, now: float) -> None:
    """Adds an entry inside a writing transaction, of which there is one at a time.

    The last door: what may be a person's and is not theirs who did it does not come into the chain.
    """
    told = (kept_person(actor.name), kept_person(actor.origin), access.kind.value, access.what, kept_id(access.whose))
    file = (access.row_count, ",".join(access.column_names), kept_words(access.reason))
    _CHAIN.append(conn, [(int(now), *told, *file)], int(now))


def was_refused(conn: Connection, person: str, what: str, since: float) -> bool:
    """Whether the log has it already that this person was turned away there."""
    sql = "SELECT 1 FROM access_entry WHERE person = ? AND at >= ? AND kind = ? AND what = ? LIMIT 1"
    return bool(fetch(conn, sql, (kept_person(person), int(since), AccessKind.REFUSED.value, what)))


def verify(conn: Connection) -> Verdict:
    """Walks the whole chain, from where old entries ended to its head: names the first that is not as it was.

    What the audit knows of it has to be there: whoever cuts its end off and moves the head back is found out.
    """
    begun = floor(conn)
    return _CHAIN.verify(conn, begun, {one: digest for one, digest in _reached(conn).items() if one > begun.number})


def head(conn: Connection) -> Link:
    """The last entry there is, or was."""
    return _CHAIN.head(conn)


def note_head(engine: Engine, now: float) -> None:
    """Writes into the audit how far the log reaches, where it went on since. Raises NotSaved, Restored."""
    with reading(engine) as conn:
        known = _last(conn, REACHED)
        if known and head(conn).number <= known["to"]:
            return
    with saving(engine) as conn:
        last = head(conn)
        audit.append(conn, Actor(JANGBU, "settings"), REACHED, int(now), to=last.number, hash=last.hash)


def remove_old(engine: Engine, years: int, now: float) -> int:
    """Takes away what was kept that many years, from the front of the chain; how many. Raises NotSaved, Restored."""
    before, gone = int(now) - years * _YEAR, 0
    while n := _remove_some(engine, before, years, now):
        gone += n
        let_others_write(engine)
    return gone


def _remove_some(engine: Engine, before: int, years: int, now: float) -> int:
    with reading(engine) as conn:
        first = fetch(conn, "SELECT id, at FROM access_entry ORDER BY id LIMIT 1")
    if not first or first[0][1] >= before:
        return 0
    with saving(engine) as conn:
        # By its numbers: a clock that was set back leaves times out of order.
        sql = (
            "SELECT max(id) FROM access_entry WHERE id < ? AND "
            "id < coalesce((SELECT min(id) FROM access_entry WHERE at >= ?), (SELECT max(id) + 1 FROM access_entry))"
        )
        to = fetch(conn, sql, (first[0][0] + _AT_ONCE, before))[0][0]
        if to is None:
            return 0
        digest = fetch(conn, "SELECT hash FROM access_entry WHERE id = ?", (to,))[0][0]
        gone = conn.exec_driver_sql(in_dialect(conn, "DELETE FROM access_entry WHERE id <= ?"), (to,)).rowcount
        audit.append(conn, Actor(JANGBU, "settings"), REMOVED, int(now), entries=gone, years=years, to=to, hash=digest)
        return int(gone)


def floor(conn: Connection) -> Link:
    """The last entry that was kept long enough, and is gone."""
    found = _last(conn, REMOVED)
    return Link(found["to"], found["hash"]) if found else Link()


def _reached(conn: Connection) -> dict[int, str]:
    return {one["to"]: one["hash"] for one in _told(conn, REACHED)}


def _last(conn: Connection, action: str) -> Mapping[str, Any] | None:
    """What the audit was told last, found from its end: one comes every hour and with each file."""
    return next(iter(_told(conn, action, "DESC LIMIT 1")), None)


def _told(conn: Connection, action: str, order: str = "") -> list[Mapping[str, Any]]:
    sql = f"SELECT detail FROM audit_entry WHERE operation_id IS NULL AND action = ? ORDER BY id {order}"
    return [json.loads(row[0]) for row in fetch(conn, sql, (action,))]
