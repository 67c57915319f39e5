"""Pages of payments: newest first, by a keyset, whatever the filter."""

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.payment_states import money_moved, state_of
from services.store.fold import folded
from services.store.lists.amount_order import Amount, few_enough, way_of
from services.store.lists.conditions import (
    EXACT,
    TIMES,
    Conditions,
    exact_fields,
    position_column,
    row_conditions,
    text_matches,
)
from services.store.lists.cursors import numbers, word
from services.store.lists.facets import TOOK_MONEY, choose_facets
from services.store.lists.filters import AmountOrder, PaymentFilter, require_sought
from services.store.lists.keyset import Listing, Order, Page, Ranges, facet_ranges, read_rows, walk
from services.store.lists.payment_phases import BUYER, FEW, STATE, by_buyer, by_state, read_phases
from services.store.lists.totals import count_payments
from services.store.positions import POSITION_BITS
from services.store.search.hits import Hits, hits_of
from services.store.search.ranked import ranked_page
from services.store.sql import fetch


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
    tier: str
    hits: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """payment_states.PaymentState, or a status that only the gateway knows."""
        return state_of(self._asdict())

    @property
    def refunded(self) -> int:
        """What of its money was given back."""
        return self.cancel_amount if self.cancel_amount and money_moved(self._asdict()) else 0

    @property
    def made_at(self) -> int:
        """UNIX time by which a list has it: when it was paid; what was not, the time of its status."""
        return self.position >> POSITION_BITS


_LISTING = Listing("payment", PaymentRow, "id")
COLUMNS = _LISTING.columns
AMOUNTS = {
    "amount": Amount("p.amount", "amount"),
    "cancel_amount": Amount(
        f"CASE WHEN p.paid_at > 0 AND {TOOK_MONEY.format('p')} THEN p.cancel_amount ELSE 0 END", "refunded"
    ),
}
"""What the list can be put in order by."""
_EXACTLY = {
    hit: (f"SELECT {COLUMNS} FROM payment p WHERE {condition} ORDER BY p.position DESC LIMIT ?", condition.count("?"))
    for hit, condition in EXACT.items()
}
_LOOKED_AT = 1_000
"""Rows that hold a text, of which one may be called so."""


def search_payments(
    conn: Connection,
    chosen: PaymentFilter,
    *,
    limit: int = 50,
    before: str | None = None,
    after: str | None = None,
) -> Page[PaymentRow]:
    """One page: rows after the cursor `before`, or before the cursor `after`. Raises InvalidFilter.

    A text's likeliest rows come first, unless they are put in order by an amount.
    """
    chosen.require_sense()
    if exact := _exact(conn, chosen.text, limit):
        return Page(exact, exact=True)
    require_sought(chosen.text)
    # Who may not see names would be told them by an order.
    if chosen.order and chosen.order.column in ((BUYER, STATE) if chosen.search_buyers else (STATE,)):
        return _in_phases(conn, chosen, chosen.order, limit, before=before, after=after)
    found, ranges = row_conditions(conn, chosen), _ranges(conn, chosen)
    if chosen.text and chosen.order is None and (page := _ranked(conn, chosen, ranges, before or after, limit)):
        return page
    sought = bool(chosen.text or chosen.customer_uid)

    def fits() -> bool:
        return few_enough(conn, _kept(conn, chosen), ranges.narrow(found) if sought else None)

    own = partial(_order, conn, chosen)
    way = way_of(chosen.order, AMOUNTS, own, before=before, after=after, fits=fits)
    found = way.beyond(found, lambda cursor: _keys(cursor, of_time=bool(_time(chosen))))
    read = way.read(conn, _LISTING, found, ranges, limit + 1, sought=sought)
    rows = [PaymentRow(*row) for row in read]
    if chosen.text:
        rows = [_with_hits(row, chosen)[1] for row in rows]
    return way.page(rows, limit, lambda row: _cursor(row, chosen))


def _in_phases(
    conn: Connection, chosen: PaymentFilter, by: AmountOrder, limit: int, *, before: str | None, after: str | None
) -> Page[PaymentRow]:
    """A page by the buyer or by the state; newest first where the rows of a text or of amounts are too many."""
    found, ranges, kept = row_conditions(conn, chosen), _ranges(conn, chosen), _kept(conn, chosen)
    sought, alone = bool(chosen.text or chosen.customer_uid), chosen.counted_by_facets
    if not (alone or few_enough(conn, kept, ranges.narrow(found) if sought else None)):
        newest = search_payments(conn, replace(chosen, order=None), limit=limit, before=before, after=after)
        return replace(newest, too_many=True)
    if by.column == STATE:
        phases = by_state(
            conn,
            chosen,
            found,
            partial(_ranges, conn),
            partial(_order, conn, chosen),
            partial(_keys, of_time=bool(_time(chosen))),
            backwards=by.largest_first,
            read=partial(_read, conn, sought=sought),
        )
        page = read_phases(phases, limit, lambda row: _cursor(PaymentRow(*row), chosen), before=before, after=after)
    else:
        sort, position = kept <= FEW or not alone, position_column(conn, chosen.text)
        # Only facet by facet there is an index of other times.
        rows = found.and_(ranges.condition, *ranges.bound) if _time(chosen) and sort else ranges.narrow(found)
        read = partial(_walk, conn)
        phases = by_buyer(conn, rows, position, backwards=by.largest_first, sort=sort, read=read)
        page = read_phases(phases, limit, lambda row: PaymentRow(*row).imp_uid, before=before, after=after)
    made = [PaymentRow(*row) for row in page.rows]
    return replace(page, rows=tuple(_with_hits(row, chosen)[1] if chosen.text else row for row in made))


def _read(conn: Connection, found: Conditions, ranges: Ranges, order: Order, limit: int, *, sought: bool) -> list[Any]:
    return read_rows(conn, _LISTING, found, ranges, order, limit, sought=sought)


def _walk(conn: Connection, found: Conditions, order: Order, limit: int) -> list[Any]:
    return walk(conn, COLUMNS, found, order.sql, limit)


def is_called(conn: Connection, text: str) -> bool:
    """Whether the imp_uid or order number of a payment here is this text, however either is written."""
    found = text_matches(conn, "payment", "payment_gram", text, buyers=False)
    sql = f"SELECT p.imp_uid, p.merchant_uid FROM {found.source} WHERE {found.where} LIMIT {_LOOKED_AT}"
    sought = folded(text)
    return any(sought in map(folded, row) for row in fetch(conn, sql, found.values))


def _exact(conn: Connection, text: str, limit: int) -> tuple[PaymentRow, ...]:
    """What exact_id finds, read at once."""
    for hit in exact_fields(text):
        sql, marks = _EXACTLY[hit]
        if rows := fetch(conn, sql, (*(text,) * marks, limit)):
            return tuple([PaymentRow._make((*row, (hit,))) for row in rows])
    return ()


def _order(conn: Connection, chosen: PaymentFilter, back: bool) -> Order:
    time = _time(chosen)
    keys = (f"p.{time}", "p.imp_uid") if time else (position_column(conn, chosen.text),)
    return Order(keys, descending=not back, indexed=not time)


def _kept(conn: Connection, chosen: PaymentFilter) -> int:
    """How many payments its facets and days hold."""
    return count_payments(conn, chosen.of_facets()).n


def _ranges(conn: Connection, chosen: PaymentFilter) -> Ranges:
    facets = choose_facets(conn, chosen)
    return facet_ranges(conn, facets.ids, facets.share, facets.whole)


def _keys(cursor: str, *, of_time: bool) -> tuple[Any, ...]:
    at, _, imp_uid = cursor.partition("~")
    (after,) = numbers("cursor", at)
    return (after, word("cursor", imp_uid)) if of_time else (after,)


def _cursor(row: PaymentRow, chosen: PaymentFilter) -> str:
    time = _time(chosen)
    return f"{getattr(row, time)}~{row.imp_uid}" if time else str(row.position)


def _time(chosen: PaymentFilter) -> str | None:
    """The column that the list is in order by; None: its position. A text's rows come by that alone."""
    return None if chosen.text else TIMES.get(chosen.basis)


def _ranked(
    conn: Connection, chosen: PaymentFilter, ranges: Ranges, cursor: str | None, limit: int
) -> Page[PaymentRow] | None:
    def read(ends: bool, most: int) -> list[Any]:
        found = ranges.narrow(row_conditions(conn, chosen, ends=ends))
        return walk(conn, COLUMNS, found, _order(conn, chosen, back=False).sql, most)

    return ranked_page(chosen.text, cursor, limit, read, lambda row: _with_hits(PaymentRow(*row), chosen))


def _with_hits(row: PaymentRow, chosen: PaymentFilter) -> tuple[Hits, PaymentRow]:
    names = ("imp_uid", "merchant_uid", "apply_num", "name", "cancel_reason", "card_name")
    card, amount = row.card_number, row.amount
    hits = hits_of(row, names, chosen.text, buyers=chosen.search_buyers, card=card, amount=amount)
    # Of all that is looked at only the reasons of earlier refunds are not in the row.
    return hits, row._replace(hits=hits.fields or ("cancel_reason",))
