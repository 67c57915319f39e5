"""Refunds, newest first: the mirror's cancellations, and which of our operations made them."""

from dataclasses import dataclass
from json import loads
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.journal_models import Operation
from services.store.conditions import Conditions, exact_id, in_days
from services.store.cursors import numbers, word
from services.store.facet_reads import choose_facets
from services.store.filters import PaymentFilter, require_sought
from services.store.paging import Order, Page, page_of
from services.store.sql import fetch, one_of

_COLUMNS = (
    "c.imp_uid, c.seq, c.cancelled_at, c.amount, c.reason, c.cancellation_id, c.receipt_url, p.merchant_uid, "
    "p.currency, p.pg_provider, p.pay_method, p.name, p.buyer_name, p.status, p.sandbox, "
    "o.id, o.requester, o.asked_by"
)
OURS = "LEFT JOIN operation o ON o.imp_uid = c.imp_uid AND o.cancellation_id = c.cancellation_id AND o.kind = 'refund'"
_SOURCE = f"cancellation c JOIN payment p ON p.imp_uid = c.imp_uid {OURS}"
# SQLite would begin with every payment of a facet; refunds are few, and their index has the list's order.
_REFUNDS_FIRST = f"cancellation c CROSS JOIN payment p ON p.imp_uid = c.imp_uid {OURS}"
_KEYS = ("c.cancelled_at", "c.imp_uid", "c.seq")


class RefundRow(NamedTuple):
    """A refund in a list; the last three are null where it was made elsewhere."""

    imp_uid: str
    seq: int
    cancelled_at: int
    amount: int
    reason: str | None
    cancellation_id: str | None
    receipt_url: str | None
    merchant_uid: str
    currency: str
    pg_provider: str | None
    pay_method: str | None
    name: str | None
    buyer_name: str | None
    status: str
    sandbox: bool
    operation_id: int | None
    requester: str | None
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class RefundTotal:
    """Refunds of a filter in one currency, smallest unit."""

    currency: str
    refunds: int
    amount: int


def search_refunds(
    conn: Connection, chosen: PaymentFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[RefundRow]:
    """One page by the time of each refund: older than the cursor `before`, or newer than `after`. Raises InvalidFilter.

    Days are days of the refund; an exact imp_uid or order number ignores everything else.
    """
    chosen.require_sense()
    back, cursor = after is not None, after if after is not None else before
    exact = exact_id(conn, chosen.text)
    if not exact:
        require_sought(chosen.text)
    found = Conditions(_SOURCE, exact.parts, exact.values) if exact else _conditions(conn, chosen)
    order = Order(_KEYS, descending=not back)
    if cursor is not None:
        found = order.beyond(found, _keys(cursor))
    sql = f"SELECT {_COLUMNS} FROM {found.source} WHERE {found.where} ORDER BY {order.sql} LIMIT ?"
    read = fetch(conn, sql, (*found.values, limit + 1))
    rows = [RefundRow(*row) for row in read]
    return page_of(rows, limit, _cursor, begun=cursor is not None, back=back, exact=exact is not None)


def refund_made(conn: Connection, operation: Operation) -> dict[str, Any]:
    """Columns that tie an operation to the refund of its amount that was not there before it and is nobody's; or none.

    Of several the one with its reason comes first: PGs shorten reasons, so that is no condition.
    """
    sql = (
        f"SELECT c.cancellation_id, c.receipt_url, p.cancel_amount FROM {_SOURCE} WHERE c.imp_uid = ? AND c.amount = ? "
        "AND c.cancellation_id IS NOT NULL AND o.id IS NULL ORDER BY coalesce(c.reason, '') <> ?, c.seq"
    )
    known = loads(operation.known or "[]")
    for row in fetch(conn, sql, (operation.imp_uid, operation.amount, operation.reason or "")):
        if row[0] not in known:
            return dict(zip(("cancellation_id", "receipt_url", "cancel_amount"), row, strict=True))
    return {}


def claimed_refunds(conn: Connection, imp_uid: str) -> set[str]:
    """The cancellations of a payment that are operations' of ours."""
    sql = "SELECT cancellation_id FROM operation WHERE imp_uid = ? AND kind = 'refund' AND cancellation_id IS NOT NULL"
    return {row[0] for row in fetch(conn, sql, (imp_uid,))}


def refund_totals(conn: Connection, chosen: PaymentFilter) -> list[RefundTotal]:
    """Count and sum of the filter's refunds a currency, from the kept totals; the text is left aside."""
    facets, bound = one_of(conn, "d.facet_id", choose_facets(conn, chosen).ids)
    parts, values = ["d.basis = 'refunded'", facets], [bound]
    for part, day in (("d.day >= ?", chosen.from_day), ("d.day <= ?", chosen.to_day)):
        if day is not None:
            parts.append(part)
            values.append(day)
    sql = (
        "SELECT f.currency, sum(d.payments), sum(d.amount) FROM daily_total d JOIN facet f ON f.id = d.facet_id "
        f"WHERE {' AND '.join(parts)} GROUP BY f.currency ORDER BY f.currency"
    )
    return [RefundTotal(row[0], int(row[1]), int(row[2])) for row in fetch(conn, sql, values) if row[1]]


def _conditions(conn: Connection, chosen: PaymentFilter) -> Conditions:
    found = Conditions(_REFUNDS_FIRST if conn.dialect.name == "sqlite" else _SOURCE, (), ())
    facets = choose_facets(conn, chosen)
    if not facets.whole:
        condition, bound = one_of(conn, "p.facet_id", facets.ids)
        found = found.and_(condition, bound)
    found = in_days(found, "c.cancelled_at", 0, chosen.from_day, chosen.to_day)
    if chosen.text:
        found = found.and_("c.cancellation_id = ?", chosen.text)
    return found


def _cursor(row: RefundRow) -> str:
    return f"{row.cancelled_at}.{row.seq}.{row.imp_uid}"


def _keys(cursor: str) -> tuple[Any, ...]:
    at, _dot, rest = cursor.partition(".")
    seq, _dot, imp_uid = rest.partition(".")
    cancelled_at, number = numbers("before", at, seq)
    return cancelled_at, word("before", imp_uid), number
