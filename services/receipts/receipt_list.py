"""The list of cash receipts: a page of them, what a filter's come to, and which differ; at a cost that is bounded."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions, contains, in_days
from services.store.lists.cursors import numbers
from services.store.lists.filters import require_days, require_sought, require_text
from services.store.lists.keyset import Order, Page, page_of, walk
from services.store.sql import fetch, one_of
from services.tables.receipts import ReceiptState

MOST = 10_000
"""The latest receipts of the days: of them sums are made, and among them is looked for what no index has."""
SOURCE = "cash_receipt p LEFT JOIN payment q ON q.imp_uid = p.imp_uid"
LEFT = "(CASE WHEN q.imp_uid IS NOT NULL THEN q.amount - q.cancel_amount END)"
"""What is left of the receipt's payment; null where it has none here."""
STATE = (
    f"(CASE WHEN p.cancelled_at > 0 THEN '{ReceiptState.CANCELLED}' WHEN p.amount <> {LEFT} "
    f"THEN '{ReceiptState.DIFFERS}' ELSE '{ReceiptState.LIVE}' END)"
)
_COLUMNS = (
    f"p.id, p.applied_at, {STATE}, p.external, p.imp_uid, p.merchant_uid, p.name, p.type, p.identifier_kind, "
    f"p.identifier_end, p.amount, p.vat, p.tax_free, {LEFT}, p.apply_num, p.cancelled_at, p.pg_provider, p.sandbox, "
    "p.issued_by, p.receipt_url"
)
_KEYS = ("p.applied_at", "p.id")
_TEXTS = ("p.merchant_uid", "p.imp_uid", "p.apply_num", "p.name")
_BUYERS = ("p.identifier_end",)
_IDS = ("p.imp_uid", "p.merchant_uid", "p.apply_num")


@dataclass(frozen=True, slots=True)
class ReceiptFilter:
    """Narrows the list; an empty part restricts nothing. Days are Seoul days of the issuing, inclusive.

    A whole imp_uid, order number or number of the tax office leaves all else aside.
    """

    states: frozenset[str] = frozenset()
    type: str | None = None
    origin: str | None = None
    """payment or sale"""
    pg_providers: frozenset[str] = frozenset()
    text: str = ""
    from_day: int | None = None
    to_day: int | None = None
    search_buyers: bool = True
    """Whether the text may match what is masked without it: the end of a number."""

    def require_sense(self) -> None:
        """Raises InvalidFilter, naming the field, where a range ends before it begins or a text is none."""
        for field in ("type", "origin", "text"):
            require_text(field, getattr(self, field) or "")
        require_days(self.from_day, self.to_day)


class ReceiptRow(NamedTuple):
    """A receipt in the list; won, UNIX seconds."""

    id: int
    applied_at: int
    state: str
    external: bool
    imp_uid: str | None
    merchant_uid: str
    name: str | None
    type: str
    identifier_kind: str | None
    identifier_end: str | None
    amount: int
    vat: int
    tax_free: int | None
    left: int | None
    """What is left of its payment; None where that is not here."""
    apply_num: str
    cancelled_at: int
    pg_provider: str | None
    sandbox: bool
    issued_by: str | None
    receipt_url: str | None


@dataclass(frozen=True, slots=True)
class ReceiptTotals:
    """What a filter's receipts come to, of the latest of its days; test ones are in no sum. Won."""

    states: dict[str, int]
    """Receipts by state, whatever states the filter names."""
    live: int
    amount: int
    vat: int
    cancelled: int
    cancelled_amount: int
    capped: bool
    """Whether only the latest MOST of the days were looked at."""


def list_receipts(
    conn: Connection, chosen: ReceiptFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[ReceiptRow]:
    """One page, the latest first: after the cursor `before`, or before `after`. Raises InvalidFilter."""
    exact = _exact(conn, chosen.text)
    found, order = exact or _in_states(conn, chosen, _source(chosen)), Order(_KEYS, descending=after is None)
    cursor = before if after is None else after
    if cursor is not None:
        at, _dot, number = cursor.partition(".")
        found = order.beyond(found, numbers("before", at, number))
    rows = walk(conn, _COLUMNS, found, order.sql, limit + 1)
    return page_of(
        [ReceiptRow(*row) for row in rows],
        limit,
        lambda one: f"{one.applied_at}.{one.id}",
        begun=cursor is not None,
        back=after is not None,
        exact=exact is not None,
    )


def receipt_totals(conn: Connection, chosen: ReceiptFilter) -> ReceiptTotals:
    """Counts and sums of a filter, of the latest receipts of its days. Raises InvalidFilter."""
    exact = _exact(conn, chosen.text)
    found = exact or _narrowed(conn, chosen, _latest(chosen))
    sql = (
        f"SELECT {STATE}, p.sandbox, count(*), sum(p.amount), sum(p.vat) FROM {found.source} WHERE {found.where} "
        "GROUP BY 1, 2"
    )
    states: dict[str, int] = {}
    sums = dict.fromkeys(("live", "amount", "vat", "cancelled", "cancelled_amount"), 0)
    for state, sandbox, n, amount, vat in fetch(conn, sql, found.values):
        states[state] = states.get(state, 0) + n
        if sandbox or (chosen.states and state not in chosen.states):
            continue
        if state == ReceiptState.CANCELLED:
            sums["cancelled"] += n
            sums["cancelled_amount"] += int(amount)
        else:
            sums["live"] += n
            sums["amount"] += int(amount)
            sums["vat"] += int(vat)
    return ReceiptTotals(states, **sums, capped=exact is None and _is_capped(conn, chosen))


def receipt_rows(conn: Connection, chosen: ReceiptFilter) -> Conditions:
    """All rows of a filter, for files; those of one id where its text is one. Raises InvalidFilter."""
    return _exact(conn, chosen.text) or _in_states(conn, chosen, _of_days(chosen))


def is_exact_receipt(conn: Connection, chosen: ReceiptFilter) -> bool:
    """Whether the text is an id, so that nothing else of the filter narrows it."""
    return _exact(conn, chosen.text) is not None


def _in_states(conn: Connection, chosen: ReceiptFilter, source: Conditions) -> Conditions:
    found = _narrowed(conn, chosen, source)
    if not chosen.states:
        return found
    condition, bound = one_of(conn, STATE, sorted(chosen.states))
    return found.and_(condition, bound)


def _narrowed(conn: Connection, chosen: ReceiptFilter, found: Conditions) -> Conditions:
    if chosen.type is not None:
        found = found.and_("p.type = ?", chosen.type)
    if chosen.origin is not None:
        found = found.and_("p.external" if chosen.origin == "sale" else "NOT p.external")
    if chosen.pg_providers:
        condition, bound = one_of(conn, "p.pg_provider", sorted(chosen.pg_providers))
        found = found.and_(condition, bound)
    if chosen.text:
        require_sought(chosen.text)
        part, values = contains(conn, (*_TEXTS, *_BUYERS) if chosen.search_buyers else _TEXTS, chosen.text)
        found = found.and_(part, *values)
    return found


def _source(chosen: ReceiptFilter) -> Conditions:
    """The receipts of the days, in the order of an index; the latest alone where no index has what is asked for."""
    by_index = not (chosen.states or chosen.type or chosen.origin or chosen.pg_providers or chosen.text)
    return _of_days(chosen) if by_index else _latest(chosen)


def _of_days(chosen: ReceiptFilter, source: str = SOURCE) -> Conditions:
    chosen.require_sense()
    return in_days(Conditions(source, (), ()), "p.applied_at", 0, chosen.from_day, chosen.to_day)


def _latest(chosen: ReceiptFilter) -> Conditions:
    days = _of_days(chosen, "cash_receipt p")
    latest = f"SELECT * FROM {days.source} WHERE {days.where} ORDER BY p.applied_at DESC, p.id DESC LIMIT {MOST}"
    return Conditions(f"({latest}) AS p LEFT JOIN payment q ON q.imp_uid = p.imp_uid", (), days.values)


def _is_capped(conn: Connection, chosen: ReceiptFilter) -> bool:
    days = _of_days(chosen, "cash_receipt p")
    beyond = (
        f"SELECT 1 FROM {days.source} WHERE {days.where} ORDER BY p.applied_at DESC, p.id DESC LIMIT 1 OFFSET {MOST}"
    )
    return bool(fetch(conn, beyond, days.values))


def _exact(conn: Connection, text: str) -> Conditions | None:
    if not text:
        return None
    for column in _IDS:
        if fetch(conn, f"SELECT 1 FROM cash_receipt p WHERE {column} = ? LIMIT 1", (text,)):
            return Conditions(SOURCE, (f"{column} = ?",), (text,))
    return None
