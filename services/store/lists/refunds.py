"""Refunds, newest first: the mirror's cancellations, and which of our operations made them."""

from collections.abc import Sequence
from dataclasses import replace
from json import loads
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.store.lists.amount_order import Amount, few_enough, way_of
from services.store.lists.conditions import Conditions, exact_id, in_days, row_conditions
from services.store.lists.cursors import numbers, word
from services.store.lists.facets import TOOK_MONEY, choose_facets
from services.store.lists.filters import PaymentFilter, require_sought
from services.store.lists.keyset import Order, Page, walk
from services.store.lists.totals import Count, RowSum, capped_count
from services.store.search.hits import Hits, hits_of
from services.store.search.ranked import ranked_page
from services.store.sql import fetch, one_of
from services.tables.journal import Operation

_COLUMNS = (
    "c.imp_uid, c.seq, c.cancelled_at, c.amount, c.reason, c.cancellation_id, c.receipt_url, p.merchant_uid, "
    "p.amount, p.cancel_amount, p.currency, p.pg_provider, p.pay_method, p.name, p.buyer_name, p.status, p.sandbox, "
    "o.id, o.requester, o.asked_by, o.amount, "
    "p.buyer_tel, p.buyer_email, p.apply_num, p.card_name, p.card_number"
)
_OURS = "LEFT JOIN operation o ON o.imp_uid = c.imp_uid AND o.cancellation_id = c.cancellation_id AND o.kind = 'refund'"
_SOURCE = f"cancellation c JOIN payment p ON p.imp_uid = c.imp_uid {_OURS}"
# SQLite would begin with every payment of a facet; refunds are few, and their index has the list's order.
_REFUNDS_FIRST = f"cancellation c CROSS JOIN payment p ON p.imp_uid = c.imp_uid {_OURS}"
MOVED = f"p.paid_at > 0 AND {TOOK_MONEY.format('p')}"
"""What is taken back of a registration, or of an account that nobody paid into, is no refund."""
_SIGNS = {
    None: "CASE d.basis WHEN 'refunded' THEN 1 ELSE 0 END",
    True: "CASE d.basis WHEN 'refunded' THEN 1 ELSE -1 END",
    False: "CASE d.basis WHEN 'refunded' THEN 0 ELSE 1 END",
}
"""How kept sums of all refunds, and of those of a part, add up to what a filter wants of them."""
_MANY = 10_000
"""Payments that hold a text: where they are more, they are not gone through for their refunds."""
_KEYS = ("c.cancelled_at", "c.imp_uid", "c.seq")
AMOUNTS = {
    "amount": Amount("c.amount", "amount"),
    "payment_amount": Amount("p.amount", "payment_amount"),
    "remaining": Amount("CASE WHEN p.amount > p.cancel_amount THEN p.amount - p.cancel_amount ELSE 0 END", "left"),
}
"""What the list can be put in order by."""


class RefundRow(NamedTuple):
    """A refund in a list; those of its operation are null where it was made elsewhere. `asked` is what was asked for.

    `hits` are the fields in which the text was found.
    """

    imp_uid: str
    seq: int
    cancelled_at: int
    amount: int
    reason: str | None
    cancellation_id: str | None
    receipt_url: str | None
    merchant_uid: str
    payment_amount: int
    payment_refunded: int
    """All that was given back of the payment by now."""
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
    asked: int | None
    buyer_tel: str | None
    buyer_email: str | None
    apply_num: str | None
    card_name: str | None
    card_number: str | None
    hits: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """It gave the whole payment back at once."""
        return self.amount >= self.payment_amount

    @property
    def left(self) -> int:
        """What of the payment is left by now."""
        return max(self.payment_amount - self.payment_refunded, 0)


def search_refunds(
    conn: Connection, chosen: PaymentFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[RefundRow]:
    """One page, by the time of each refund unless by an amount: after the cursor `before`, or before `after`.

    Days are days of the refund; an exact imp_uid, order number or refund's number ignores everything else; the
    likeliest rows of another text come first, unless by an amount. Raises InvalidFilter.
    """
    chosen.require_sense()
    exact = exact_refunds(conn, chosen.text)
    if not exact:
        require_sought(chosen.text)
    by_likelihood = chosen.text and not exact and chosen.order is None
    if by_likelihood and (page := _ranked(conn, chosen, before or after, limit)):
        return page
    found = exact or _conditions(conn, chosen)
    way = way_of(
        None if exact else chosen.order,
        AMOUNTS,
        lambda back: Order(_KEYS, descending=not back),
        before=before,
        after=after,
        fits=lambda: few_enough(
            conn, sum(one.rows for one in refund_totals(conn, chosen)), found if chosen.text else None
        ),
    )
    rows = [RefundRow(*row) for row in walk(conn, _COLUMNS, way.beyond(found, _keys), way.sql, limit + 1)]
    if chosen.text and not exact:
        rows = [_with_hits(row, chosen)[1] for row in rows]
    return way.page(rows, limit, _cursor, exact=exact is not None)


def count_refunds(conn: Connection, chosen: PaymentFilter) -> Count:
    """How many refunds a filter lets through: counted one by one up to the cap."""
    return capped_count(conn, refund_rows(conn, chosen))


def refund_rows(conn: Connection, chosen: PaymentFilter) -> Conditions:
    """All refunds of a filter, as `c` of the payment `p`; of an id those alone. Raises InvalidFilter."""
    chosen.require_sense()
    return exact_refunds(conn, chosen.text) or _conditions(conn, chosen)


def refund_made(conn: Connection, operation: Operation) -> dict[str, Any]:
    """Columns that tie an operation to the refund in the mirror that it made; none where none is certain."""
    sql = (
        f"SELECT c.cancellation_id, c.receipt_url, c.amount, c.reason, p.cancel_amount FROM {_SOURCE} "
        "WHERE c.imp_uid = ? AND c.cancellation_id IS NOT NULL AND o.id IS NULL ORDER BY c.seq"
    )
    known = loads(operation.known or "[]")
    rows = [row for row in fetch(conn, sql, (operation.imp_uid,)) if row[0] not in known]
    found = answering([(row[2], row[3]) for row in rows], operation)
    if found is None:
        return {}
    cancellation_id, receipt_url, amount, _reason, cancel_amount = rows[found]
    made = {"cancellation_id": cancellation_id, "receipt_url": receipt_url, "refunded": amount}
    return made | {"cancel_amount": cancel_amount}


def answering(new: Sequence[tuple[int, str | None]], operation: Operation) -> int | None:
    """Which of a payment's new refunds (amount, reason), nobody's so far, is what an operation made; None if unclear.

    One of its amount with its reason, whole or shortened; else the only one with its reason, whatever its amount: a
    promotion or points make that another one; else one of its amount: some PGs write a reason of their own.
    """
    ours = [number for number, (_, reason) in enumerate(new) if reason and (operation.reason or "").startswith(reason)]
    same = [number for number, (amount, _) in enumerate(new) if amount == operation.amount]
    if both := [number for number in same if number in ours]:
        return both[0]
    if len(ours) == 1:
        return ours[0]
    return same[0] if same else None


def given_back_less(conn: Connection, imp_uid: str) -> int:
    """How much less than was asked for the refunds of ours gave back of a payment; below 0 where it was more."""
    sql = "SELECT coalesce(sum(amount - refunded), 0) FROM operation WHERE imp_uid = ? AND refunded IS NOT NULL"
    return int(fetch(conn, sql, (imp_uid,))[0][0])


def claimed_refunds(conn: Connection, imp_uid: str) -> set[str]:
    """The cancellations of a payment that are operations' of ours."""
    sql = "SELECT cancellation_id FROM operation WHERE imp_uid = ? AND kind = 'refund' AND cancellation_id IS NOT NULL"
    return {row[0] for row in fetch(conn, sql, (imp_uid,))}


def refund_totals(conn: Connection, chosen: PaymentFilter) -> list[RowSum]:
    """Count and sum of the filter's refunds a currency, from the kept totals; the text is left aside."""
    facets, bound = one_of(conn, "d.facet_id", choose_facets(conn, chosen).ids)
    parts, values, sign = ["d.basis IN ('refunded', 'refunded_part')", facets], [bound], _SIGNS[chosen.whole]
    for part, day in (("d.day >= ?", chosen.from_day), ("d.day <= ?", chosen.to_day)):
        if day is not None:
            parts.append(part)
            values.append(day)
    sql = (
        f"SELECT f.currency, sum({sign} * d.payments), sum({sign} * d.amount) "
        "FROM daily_total d JOIN facet f ON f.id = d.facet_id "
        f"WHERE {' AND '.join(parts)} GROUP BY f.currency ORDER BY f.currency"
    )
    return [RowSum(row[0], int(row[1]), int(row[2])) for row in fetch(conn, sql, values) if row[1]]


def _of_part(found: Conditions, chosen: PaymentFilter) -> Conditions:
    """Refunds of the whole payment, or of a part of it, where the filter says which."""
    if chosen.whole is None:
        return found
    return found.and_("c.amount >= p.amount" if chosen.whole else "c.amount < p.amount")


def exact_refunds(conn: Connection, text: str) -> Conditions | None:
    """The refund that is called so, here or at the PG; else the refunds of a payment or an order."""
    for column in ("cancellation_id", "pg_tid") if text else ():
        if fetch(conn, f"SELECT 1 FROM cancellation WHERE {column} = ? LIMIT 1", (text,)):
            return Conditions(_SOURCE, (f"c.{column} = ?", MOVED), (text,))
    exact = exact_id(conn, text)
    return Conditions(_SOURCE, (*exact.parts, MOVED), exact.values) if exact else None


def _conditions(conn: Connection, chosen: PaymentFilter, *, ends: bool = False) -> Conditions:
    found = _of_text(conn, chosen, ends=ends) if chosen.text else Conditions(_refunds_first(conn), (), ())
    facets = choose_facets(conn, chosen)
    if not facets.whole:
        condition, bound = one_of(conn, "p.facet_id", facets.ids)
        found = found.and_(condition, bound)
    found = in_days(_of_part(found, chosen), "c.cancelled_at", 0, chosen.from_day, chosen.to_day)
    return found.and_(MOVED)


def _of_text(conn: Connection, chosen: PaymentFilter, *, ends: bool) -> Conditions:
    """Refunds of the payments that hold a text.

    Where those are many, each refund is looked at instead: then the text is not rare among refunds either.
    """
    found = row_conditions(conn, PaymentFilter(text=chosen.text, search_buyers=chosen.search_buyers), ends=ends)
    pieces, *texts = found.parts
    bound = pieces.count("?")
    sql = f"SELECT count(*) FROM (SELECT 1 FROM payment_gram g WHERE {pieces} LIMIT {_MANY + 1}) AS n"
    if fetch(conn, sql, found.values[:bound])[0][0] <= _MANY:
        return replace(found, source=f"{found.source} JOIN cancellation c ON c.imp_uid = p.imp_uid {_OURS}")
    each = f"{_refunds_first(conn)} JOIN payment_gram_text x ON x.position = p.position"
    return Conditions(each, tuple(texts), found.values[bound:])


def _refunds_first(conn: Connection) -> str:
    return _REFUNDS_FIRST if conn.dialect.name == "sqlite" else _SOURCE


def _ranked(conn: Connection, chosen: PaymentFilter, cursor: str | None, limit: int) -> Page[RefundRow] | None:
    def read(ends: bool, most: int) -> list[Any]:
        newest = Order(_KEYS, descending=True)
        return walk(conn, _COLUMNS, _conditions(conn, chosen, ends=ends), newest.sql, most)

    return ranked_page(chosen.text, cursor, limit, read, lambda row: _with_hits(RefundRow(*row), chosen))


def _with_hits(row: RefundRow, chosen: PaymentFilter) -> tuple[Hits, RefundRow]:
    names = ("imp_uid", "merchant_uid", "apply_num", "name", "reason", "card_name")
    card, amount = row.card_number, row.payment_amount
    hits = hits_of(row, names, chosen.text, buyers=chosen.search_buyers, card=card, amount=amount)
    return hits, row._replace(hits=hits.fields)


def _cursor(row: RefundRow) -> str:
    return f"{row.cancelled_at}.{row.seq}.{row.imp_uid}"


def _keys(cursor: str) -> tuple[Any, ...]:
    at, _dot, rest = cursor.partition(".")
    seq, _dot, imp_uid = rest.partition(".")
    cancelled_at, number = numbers("before", at, seq)
    return cancelled_at, word("before", imp_uid), number
