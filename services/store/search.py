"""Pages of payments: newest first, by a keyset, whatever the filter."""

from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection

from services.models import Basis
from services.store.conditions import Conditions, row_conditions, with_facets
from services.store.cursors import numbers, word
from services.store.facet_reads import choose_facets
from services.store.filters import PaymentFilter
from services.store.grams import digits
from services.store.sql import fetch

Row = TypeVar("Row")
_MOST_BRANCHES = 400
_RARE = 0.2
"""A filter that lets through less than this share of the rows is read facet by facet."""
_NEAR = 10
"""… and so is one whose page is not among the next ten pages of all rows: its rows are of another time."""


class PaymentRow(NamedTuple):
    """A payment in a list; fields as in models.Payment. `hits` are the fields in which the text was found."""

    id: int
    imp_uid: str
    merchant_uid: str
    position: int
    status: str
    status_at: int
    started_at: int
    paid_at: int
    failed_at: int
    cancelled_at: int
    pg_provider: str | None
    pay_method: str | None
    channel: str | None
    card_name: str | None
    card_number: str | None
    apply_num: str | None
    name: str | None
    buyer_name: str | None
    buyer_tel: str | None
    buyer_email: str | None
    amount: int
    cancel_amount: int
    currency: str
    sandbox: bool
    customer_uid: str | None
    customer_uid_usage: str | None
    fail_reason: str | None
    cancel_reason: str | None
    hits: tuple[str, ...] = ()

    @property
    def partly_refunded(self) -> bool:
        return self.status == "paid" and self.cancel_amount > 0


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, newest first, and the cursors of the pages beside it; None at an end."""

    rows: tuple[Row, ...]
    newer: str | None = None
    older: str | None = None
    exact: bool = False
    """The text was an id: filters and dates were left aside."""


COLUMNS = ", ".join(f"p.{name}" for name in PaymentRow._fields if name != "hits")
_BY_ID = {
    name: f"SELECT {COLUMNS} FROM payment p WHERE p.{name} = ? ORDER BY p.position DESC LIMIT ?"
    for name in ("imp_uid", "merchant_uid")
}


def search_payments(
    conn: Connection,
    chosen: PaymentFilter,
    *,
    limit: int = 50,
    before: str | None = None,
    after: str | None = None,
) -> Page[PaymentRow]:
    """One page: rows older than the cursor `before`, or newer than `after`. Raises InvalidFilter."""
    chosen.require_sense()
    if chosen.text and (rows := _exact(conn, chosen.text, limit)):
        return Page(tuple(rows), exact=True)
    back = after is not None
    found = _read(conn, chosen, limit + 1, after if back else before, back=back)
    more = len(found) > limit
    rows = [PaymentRow(*row) for row in found[:limit]]
    if back:
        rows.reverse()
    if chosen.text:
        rows = [_with_hits(row, chosen) for row in rows]
    if not rows:
        return Page(())
    newer = more if back else before is not None
    older = True if back else more
    return Page(
        tuple(rows),
        newer=_cursor(rows[0], chosen) if newer else None,
        older=_cursor(rows[-1], chosen) if older else None,
    )


def _exact(conn: Connection, text: str, limit: int) -> list[PaymentRow]:
    # Both are looked for; the likelier one first saves the other.
    for column in ("imp_uid", "merchant_uid") if text.startswith("imp") else ("merchant_uid", "imp_uid"):
        if rows := fetch(conn, _BY_ID[column], (text, limit)):
            return [PaymentRow._make((*row, (column,))) for row in rows]
    return []


def _read(conn: Connection, chosen: PaymentFilter, limit: int, cursor: str | None, *, back: bool) -> list[Any]:
    facets = choose_facets(conn, chosen)
    found = row_conditions(conn, chosen)
    by_started = chosen.basis == Basis.STARTED and not chosen.text
    keys = ("p.started_at", "p.imp_uid") if by_started else (_position(conn, chosen),)
    if cursor is not None:
        found = _beyond(found, keys, cursor, back=back)
    order = ", ".join(f"{key} {'ASC' if back else 'DESC'}" for key in keys)
    if len(facets.ids) == 1 and not chosen.text:
        return _walk(conn, found.and_("p.facet_id = ?", facets.ids[0]), order, limit)
    if chosen.text or chosen.customer_uid or len(facets.ids) > _MOST_BRANCHES:
        return _walk(conn, found if facets.whole else with_facets(conn, found, facets.ids), order, limit)
    if by_started:
        return _merged(conn, found, facets.ids, order, limit)
    if facets.whole:
        return _walk(conn, found, order, limit)
    if facets.share > _RARE and (rows := _near(conn, found, facets.ids, order, limit)) is not None:
        return rows
    return _merged(conn, found, facets.ids, order, limit)


def _walk(conn: Connection, found: Conditions, order: str, limit: int) -> list[Any]:
    sql = f"SELECT {COLUMNS} FROM {found.source} WHERE {found.where} ORDER BY {order} LIMIT ?"
    return fetch(conn, sql, (*found.values, limit))


def _near(conn: Connection, found: Conditions, facet_ids: list[int], order: str, limit: int) -> list[Any] | None:
    """The page out of the next rows of any facet; None where those do not fill it and there are more."""
    sql = f"SELECT p.position FROM payment p WHERE {found.where} ORDER BY {order} LIMIT 1 OFFSET ?"
    end = fetch(conn, sql, (*found.values, limit * _NEAR))
    if end:
        found = found.and_("p.position > ?" if order.endswith("DESC") else "p.position < ?", end[0][0])
    rows = _walk(conn, with_facets(conn, found, facet_ids), order, limit)
    return rows if len(rows) == limit or not end else None


def _merged(conn: Connection, found: Conditions, facet_ids: list[int], order: str, limit: int) -> list[Any]:
    """One short index range a facet, merged: the cost depends on the page, not on the table."""
    if not facet_ids:
        return []
    branch = (
        f"SELECT * FROM (SELECT p.id, p.position, p.started_at, p.imp_uid FROM payment p "
        f"WHERE p.facet_id = ? AND {found.where} ORDER BY {order} LIMIT ?) AS b"
    )
    values: list[Any] = []
    for facet_id in facet_ids:
        values += [facet_id, *found.values, limit]
    inner = " UNION ALL ".join([branch] * len(facet_ids))
    picked = order.replace("p.", "k.")
    sql = (
        f"SELECT {COLUMNS} FROM payment p WHERE p.id IN "
        f"(SELECT k.id FROM ({inner}) AS k ORDER BY {picked} LIMIT ?) ORDER BY {order}"
    )
    return fetch(conn, sql, (*values, limit))


def _position(conn: Connection, chosen: PaymentFilter) -> str:
    if not chosen.text:
        return "p.position"
    return "g.rowid" if conn.dialect.name == "sqlite" else "g.position"


def _beyond(found: Conditions, keys: tuple[str, ...], cursor: str, *, back: bool) -> Conditions:
    sign = ">" if back else "<"
    at, _, imp_uid = cursor.partition("~")
    (after,) = numbers("cursor", at)
    if len(keys) == 1:
        return found.and_(f"{keys[0]} {sign} ?", after)
    return found.and_(f"({keys[0]}, {keys[1]}) {sign} (?, ?)", after, word("cursor", imp_uid))


def _cursor(row: PaymentRow, chosen: PaymentFilter) -> str:
    if chosen.basis == Basis.STARTED and not chosen.text:
        return f"{row.started_at}~{row.imp_uid}"
    return str(row.position)


def _with_hits(row: PaymentRow, chosen: PaymentFilter) -> PaymentRow:
    text = chosen.text.lower()
    hits = [
        name
        for name in ("imp_uid", "merchant_uid", "apply_num", "name", "cancel_reason")
        if text in (getattr(row, name) or "").lower()
    ]
    number = digits(chosen.text)
    if chosen.search_buyers:
        hits += [
            name for name in ("buyer_name", "buyer_tel", "buyer_email") if text in (getattr(row, name) or "").lower()
        ]
        if number and "buyer_tel" not in hits and number in digits(row.buyer_tel or ""):
            hits.append("buyer_tel")
        if len(number) == 4 and (row.card_number or "").endswith(number):
            hits.append("card_number")
    if number and number == str(row.amount):
        hits.append("amount")
    # Of all that is looked at only the reasons of earlier refunds are not in the row.
    return row._replace(hits=tuple(hits) or ("cancel_reason",))
