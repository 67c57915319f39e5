"""Reading the access log: entries by who, what and when, the latest first, and when it was reviewed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from services.clock import seoul
from services.operations.journal.audit import Actor
from services.people import access_log
from services.people.access_log import Access
from services.store.lists.conditions import Conditions, in_days
from services.store.lists.cursors import numbers
from services.store.lists.filters import require_days, require_text
from services.store.lists.keyset import Order, Page, page_of, walk
from services.store.sql import fetch, in_dialect
from services.tables.staff.access import AccessKind

MOST = 100_000
"""Entries that a file holds."""


class Accessed(NamedTuple):
    """An entry without its hashes; see AccessEntry."""

    id: int
    at: int
    person: str
    origin: str
    kind: str
    what: str
    whose: str
    row_count: int | None
    column_names: str
    reason: str


class Review(NamedTuple):
    """Who looked through the log of a month, and when."""

    month: str
    person: str
    at: int
    note: str


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Narrows the log; an empty part restricts nothing. Days are Seoul days, inclusive.

    A `text` is the whole id of whom it was about.
    """

    person: str | None = None
    kind: str | None = None
    text: str = ""
    from_day: int | None = None
    to_day: int | None = None

    def require_sense(self) -> None:
        """Raises InvalidFilter, naming the field, where a range ends before it begins or a text is none."""
        for field in ("person", "kind", "text"):
            require_text(field, getattr(self, field) or "")
        require_days(self.from_day, self.to_day)


_COLUMNS = ", ".join(f"p.{name}" for name in Accessed._fields)
_PEOPLE = (
    "SELECT name FROM (WITH RECURSIVE who(name) AS (SELECT min(person) FROM access_entry UNION ALL "
    "SELECT (SELECT min(o.person) FROM access_entry o WHERE o.person > who.name) FROM who WHERE who.name IS NOT NULL) "
    "SELECT name FROM who) w WHERE name IS NOT NULL"
)


def list_accesses(
    conn: Connection, chosen: AccessFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[Accessed]:
    """One page: after the cursor `before`, or before `after`. Raises InvalidFilter."""
    order, cursor = Order(("p.at", "p.id"), descending=after is None), before if after is None else after
    found = _rows(chosen)
    if cursor is not None:
        time, _dot, number = cursor.partition(".")
        found = order.beyond(found, numbers("before", time, number))
    rows = [Accessed._make(row) for row in walk(conn, _COLUMNS, found, order.sql, limit + 1)]
    return page_of(rows, limit, lambda one: f"{one.at}.{one.id}", begun=cursor is not None, back=after is not None)


def read_accesses(conn: Connection, chosen: AccessFilter, limit: int = MOST) -> list[Accessed]:
    """All of them up to a limit, the latest first. Raises InvalidFilter."""
    return [Accessed._make(row) for row in walk(conn, _COLUMNS, _rows(chosen), "p.at DESC, p.id DESC", limit)]


def people(conn: Connection) -> list[str]:
    """Everybody of whom there is an entry."""
    return [row[0] for row in fetch(conn, _PEOPLE)]


def month_to_review(now: float) -> str:
    """The last month that has ended in Korea, like 2026-10: of one that goes on nobody has seen all."""
    return f"{seoul(now).replace(day=1) - timedelta(days=1):%Y-%m}"


def is_due(conn: Connection, now: float) -> bool:
    """Whether there was a log before this month began in Korea."""
    month = seoul(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return bool(fetch(conn, "SELECT 1 FROM access_entry WHERE at < ? LIMIT 1", (int(month.timestamp()),)))


def note_review(conn: Connection, actor: Actor, note: str, now: float) -> None:
    """Somebody looked through the log of the last month that has ended. Raises InvalidRequest."""
    said = access_log.checked_words(note, "note")
    access_log.append(conn, actor, Access(AccessKind.REVIEWED, month_to_review(now), reason=said), now)


def last_review(conn: Connection, month: str | None = None) -> Review | None:
    """The latest review, or the latest of a month; None where there is none."""
    narrow, values = (" AND what = ?", (month,)) if month else ("", ())
    sql = (
        f"SELECT what, person, at, reason FROM access_entry WHERE kind = '{AccessKind.REVIEWED}'{narrow} "
        "ORDER BY what DESC, id DESC LIMIT 1"
    )
    row = conn.exec_driver_sql(in_dialect(conn, sql), values).fetchone()
    return Review(*row) if row else None


def _rows(chosen: AccessFilter) -> Conditions:
    chosen.require_sense()
    found = in_days(Conditions("access_entry p", (), ()), "p.at", 0, chosen.from_day, chosen.to_day)
    for column, value in (("person", chosen.person), ("kind", chosen.kind), ("whose", chosen.text)):
        if value:
            found = found.and_(f"p.{column} = ?", value)
    return found
