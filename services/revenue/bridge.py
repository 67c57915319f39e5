"""A month by both time bases: when money moved, and when its payment came to its present status, as V1's lists go."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from services.clock import day_start
from services.months import month_span
from services.store.lists.facets import TOOK_MONEY
from services.store.sql import fetch, one_of
from services.tables.revenue import What


class Side(StrEnum):
    """Which way an item leads."""

    ELSEWHERE = "elsewhere"
    """It happened in the month, and its payment's status is of another one."""
    FROM_ELSEWHERE = "from_elsewhere"
    """Its payment's status is of the month, and it happened in another one."""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many payments or refunds, and what they come to."""

    rows: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Bridge:
    """`by_event` less `elsewhere` and with `from_elsewhere` is `by_status`, of gross or refunds."""

    what: What
    by_event: Sum
    elsewhere: Sum
    from_elsewhere: Sum
    by_status: Sum


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """A payment or refund behind an item; times in UNIX seconds."""

    imp_uid: str
    at: int
    seq: int
    """Of a refund, its place in the payment's history; else 0."""
    status_at: int
    amount: int


Cursor = tuple[int, str, int]
_LIVE = f"NOT p.sandbox AND p.paid_at > 0 AND {TOOK_MONEY.format('p')} AND p.currency = ?"
_SOURCES = {
    What.GROSS: ("payment p", "p.paid_at", "0", "p.amount"),
    What.REFUNDS: ("payment p JOIN cancellation c ON c.imp_uid = p.imp_uid", "c.cancelled_at", "c.seq", "c.amount"),
}


def month_sums(conn: Connection, months: Iterable[int]) -> dict[tuple[int, str], dict[What, Sum]]:
    """By month and currency, when money moved."""
    condition, bound = one_of(conn, "month", months)
    sql = f"SELECT month, currency, what, sum(rows), sum(amount) FROM bridge_total WHERE {condition} GROUP BY 1, 2, 3"
    found: defaultdict[tuple[int, str], dict[What, Sum]] = defaultdict(dict)
    for month, currency, what, rows, amount in fetch(conn, sql, (bound,)):
        found[month, currency][What(what)] = Sum(int(rows), int(amount))
    return dict(found)


def bridge(conn: Connection, month: int, *, currency: str = "KRW") -> list[Bridge]:
    """Gross and refunds of a month, from one basis to the other."""
    sql = (
        "SELECT what, month, status_month, rows, amount FROM bridge_total "
        "WHERE currency = ? AND (month = ? OR status_month = ?)"
    )
    rows = fetch(conn, sql, (currency, month, month))
    return [_bridge(what, month, [row[1:] for row in rows if row[0] == what]) for what in What]


def _bridge(what: What, month: int, rows: list[tuple[int, int, int, int]]) -> Bridge:
    return Bridge(
        what,
        by_event=_sum(row for row in rows if row[0] == month),
        elsewhere=_sum(row for row in rows if row[0] == month != row[1]),
        from_elsewhere=_sum(row for row in rows if row[1] == month != row[0]),
        by_status=_sum(row for row in rows if row[1] == month),
    )


def _sum(rows: Iterable[tuple[int, int, int, int]]) -> Sum:
    found = list(rows)
    return Sum(sum(row[2] for row in found), sum(row[3] for row in found))


def bridge_rows(
    conn: Connection,
    month: int,
    what: What,
    side: Side,
    *,
    currency: str = "KRW",
    after: Cursor | None = None,
    limit: int = 50,
) -> list[BridgeRow]:
    """What an item is made of, oldest first; `after` is (at, imp_uid, seq) of the last one seen."""
    source, at, seq, amount = _SOURCES[what]
    within, other = (at, "p.status_at") if side == Side.ELSEWHERE else ("p.status_at", at)
    begin, end = (day_start(day) for day in (month_span(month)[0], month_span(month)[1] + 1))
    sql = (
        f"SELECT p.imp_uid, {at}, {seq}, p.status_at, {amount} FROM {source} WHERE {_LIVE} AND p.cancel_amount > 0 "
        f"AND {within} >= ? AND {within} < ? AND ({other} < ? OR {other} >= ?) AND {at} > 0"
    )
    values: tuple[object, ...] = (currency, begin, end, begin, end)
    if after is not None:
        sql += f" AND ({at}, p.imp_uid, {seq}) > (?, ?, ?)"
        values += after
    rows = fetch(conn, f"{sql} ORDER BY 2, 1, 3 LIMIT ?", (*values, limit))
    return [BridgeRow(*row) for row in rows]
