"""Closing a month: its figures are written down as they are, so that what changes afterwards shows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from services.clock import day_start
from services.errors import InvalidRequest
from services.months import month_of, month_span, months_until, previous_month
from services.operations.journal.audit import Actor, append  # noqa: TID251 - closing is told in the one audit chain
from services.operations.journal.journal import saving  # noqa: TID251 - what is told there moves its head outside too
from services.revenue.bridge import Sum, month_sums
from services.revenue.known import Known, last_change
from services.store.lists.system import freshness, marks
from services.store.sql import fetch, in_dialect
from services.tables.marks import MirrorMark
from services.tables.revenue import What
from services.typed_text import require_typed

_COLUMNS = "id, month, closed_at, changes, closed_by, note, figures"
_LATEST = "id IN (SELECT max(id) FROM closing GROUP BY month)"


@dataclass(frozen=True, slots=True)
class Closed:
    """A month as it was when somebody closed it: figures by currency; `closed_at` in UNIX seconds.

    `changes`: the last late news in the figures, where `changed_since` goes on.
    """

    id: int
    month: int
    closed_at: int
    changes: int
    closed_by: str
    note: str
    figures: dict[str, Known]


def close_month(
    engine: Engine, month: int, actor: Actor, note: str, now: float, *, seen: Mapping[str, Known] | None = None
) -> Closed:
    """Closes a month that is over and read to its end; again only where a figure changed, else the last closing.

    `seen`: what somebody looked at, which is closed or nothing. Raises InvalidRequest, NotSaved, Restored.
    """
    require_typed(note, "note")
    end = day_start(month_span(month)[1] + 1)
    with saving(engine) as conn:
        if now < end:
            raise InvalidRequest("The month is not over yet.", field="month")
        if int(marks(conn).get(MirrorMark.AS_OF, 0)) < end:
            raise InvalidRequest("The gateway was not read since the month ended: read it first.", field="month")
        if freshness(conn).filling:
            raise InvalidRequest("The first pass is not through yet: a month may lack payments.", field="month")
        figures = month_figures(conn, month)
        if seen is not None and figures != dict(seen):
            raise InvalidRequest("The figures changed since you looked: look again.", field="month")
        last = closing_of(conn, month)
        if last and last.figures == figures:
            return last
        told = {currency: _as_json(known) for currency, known in figures.items()}
        changes = last_change(conn)
        sql = (
            "INSERT INTO closing (month, closed_at, changes, closed_by, note, figures) "
            "VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        )
        values = (month, int(now), changes, actor.name, note, json.dumps(told, sort_keys=True))
        number = int(conn.exec_driver_sql(in_dialect(conn, sql), values).scalar_one())
        append(conn, actor, "close_month", int(now), month=month, note=note, figures=told)
    return Closed(number, month, int(now), changes, actor.name, note, figures)


def month_figures(conn: Connection, month: int) -> dict[str, Known]:
    """A month as it is known now, by currency."""
    sums = month_sums(conn, [month])
    return {currency: _known(sums[of, currency]) for of, currency in sorted(sums)}


def closing_of(conn: Connection, month: int) -> Closed | None:
    """The latest closing of a month."""
    rows = fetch(conn, f"SELECT {_COLUMNS} FROM closing WHERE month = ? ORDER BY id DESC LIMIT 1", (month,))
    return _closed(rows[0]) if rows else None


def closings(conn: Connection, limit: int = 36) -> list[Closed]:
    """The latest closing of each month that was closed, newest month first."""
    rows = fetch(conn, f"SELECT {_COLUMNS} FROM closing WHERE {_LATEST} ORDER BY month DESC LIMIT ?", (limit,))
    return [_closed(row) for row in rows]


def months_to_close(now: float, n: int = 13) -> list[int]:
    """The months that are over, newest first."""
    return months_until(previous_month(month_of(now)), n)[::-1]


def _known(sums: dict[What, Sum]) -> Known:
    gross, refunds = (sums.get(what, Sum()) for what in What)
    return Known(gross.rows, gross.amount, refunds.rows, refunds.amount)


def _as_json(known: Known) -> dict[str, int]:
    return {name: getattr(known, name) for name in ("payments", "gross", "refund_count", "refunds")}


def _closed(row: tuple[int, int, int, int, str, str, str]) -> Closed:
    figures = {currency: Known(**told) for currency, told in json.loads(row[6]).items()}
    return Closed(*row[:6], figures)
