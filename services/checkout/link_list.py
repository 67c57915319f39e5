"""The list of links: a page of them, and what a filter's links come to; neither costs more as they become more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions, contains, in_days
from services.store.lists.cursors import numbers
from services.store.lists.filters import require_days, require_sought, require_text
from services.store.lists.keyset import Listing, Order, Page, Ranges, page_of, read_rows, walk
from services.store.sql import fetch, one_of
from services.tables.checkouts import CAN_OPEN, CheckoutKind, CheckoutState

MOST = 10_000
"""The latest links of the days, among which a text, a kind and a person are looked for; a file holds no more."""
SUMMED = 1_000
"""Those of which counts and sums are made."""
_NAMES = ("p.name", "p.memo", "p.customer_uid")
_BUYERS = ("p.buyer_name", "p.buyer_tel")
_SEPARATORS = re.compile(r"[\s()+-]")
_FEWEST_DIGITS = 4
_PLAIN_PHONE = "replace(replace(p.buyer_tel, '-', ''), ' ', '')"
_KEYS = ("p.made_at", "p.id")
_OPEN = tuple(state.value for state in CAN_OPEN)


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Narrows the list of links; an empty part restricts nothing. Days are Seoul days of the making, inclusive.

    A whole order number, imp_uid or customer_uid leaves all else aside.
    """

    states: frozenset[str] = frozenset()
    kind: str | None = None
    made_by: str | None = None
    text: str = ""
    from_day: int | None = None
    to_day: int | None = None
    search_buyers: bool = True

    def require_sense(self) -> None:
        """Raises InvalidFilter, naming the field, where a range ends before it begins or a text is none."""
        for field in ("kind", "made_by", "text"):
            require_text(field, getattr(self, field) or "")
        require_days(self.from_day, self.to_day)


class LinkRow(NamedTuple):
    """A link in a list; the amount in the smallest unit, times in UNIX seconds."""

    id: int
    made_at: int
    kind: str
    state: str
    sandbox: bool
    name: str
    amount: int
    currency: str
    customer_uid: str | None
    buyer_name: str | None
    buyer_tel: str | None
    memo: str
    uses: int
    used: int
    expires_at: int
    made_by: str


_LISTING = Listing("checkout", LinkRow, "id")
_NEEDED = ", ".join(LinkRow._fields)


@dataclass(frozen=True, slots=True)
class LinkSum:
    """Links of one currency, test ones left out: what is asked for by those that are open, and what was paid."""

    currency: str
    open: int
    open_amount: int
    paid: int
    """Payments that stand; a registration is none."""
    paid_amount: int


@dataclass(frozen=True, slots=True)
class LinkTotals:
    """What a filter's links come to; `capped` where only the latest SUMMED of the days were looked at."""

    states: dict[str, int]
    """Links by state, whatever states the filter names."""
    sums: Sequence[LinkSum]
    tests: int
    """Test links that the sums leave out."""
    capped: bool


def list_links(
    conn: Connection, chosen: LinkFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[LinkRow]:
    """One page, the latest first: after the cursor `before`, or before `after`. Raises InvalidFilter."""
    chosen.require_sense()
    exact = _exact(conn, chosen.text)
    if not exact:
        require_sought(chosen.text)
    found, order = exact or _conditions(conn, chosen), Order(_KEYS, descending=after is None)
    cursor = before if after is None else after
    if cursor is not None:
        at, _dot, number = cursor.partition(".")
        found = order.beyond(found, numbers("before", at, number))
    if exact or _is_narrow(chosen) or not chosen.states:
        rows = walk(conn, _LISTING.columns, found, order.sql, limit + 1)
    else:
        rows = read_rows(conn, _LISTING, found, _ranges(conn, chosen), order, limit + 1, sought=False)
    return page_of(
        [LinkRow(*row) for row in rows],
        limit,
        lambda one: f"{one.made_at}.{one.id}",
        begun=cursor is not None,
        back=after is not None,
        exact=exact is not None,
    )


def link_totals(conn: Connection, chosen: LinkFilter) -> LinkTotals:
    """Counts and sums of a filter, of the latest links of its days. Raises InvalidFilter."""
    chosen.require_sense()
    found = _of_text(conn, _latest(chosen, SUMMED), chosen)
    sql = (
        "SELECT p.state, p.kind, p.currency, p.sandbox, count(*), sum(p.amount), sum(p.used), sum(p.used * p.amount) "
        f"FROM {found.source} WHERE {found.where} GROUP BY p.state, p.kind, p.currency, p.sandbox"
    )
    states: dict[str, int] = {}
    sums: dict[str, LinkSum] = {}
    tests = 0
    for state, kind, currency, sandbox, n, amount, used, paid in fetch(conn, sql, found.values):
        states[state] = states.get(state, 0) + n
        if kind != CheckoutKind.PAYMENT or (chosen.states and state not in chosen.states):
            continue
        if sandbox:
            tests += n
            continue
        one, is_open = sums.get(currency) or LinkSum(currency, 0, 0, 0, 0), state in _OPEN
        sums[currency] = replace(
            one,
            open=one.open + n * is_open,
            open_amount=one.open_amount + int(amount) * is_open,
            paid=one.paid + int(used),
            paid_amount=one.paid_amount + int(paid),
        )
    return LinkTotals(states, [sums[name] for name in sorted(sums)], tests, _is_capped(conn, chosen))


def paid_by(conn: Connection, numbers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Order number and imp_uid of each payment, or registration, that counts for these links, by their numbers."""
    condition, bound = one_of(conn, "checkout_id", numbers)
    sql = (
        "SELECT checkout_id, merchant_uid, imp_uid FROM checkout_attempt "
        f"WHERE {condition} AND state IN ('paid', 'registered') ORDER BY began_at, merchant_uid"
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for number, order, imp_uid in fetch(conn, sql, (bound,)):
        found.setdefault(number, []).append((order, imp_uid))
    return found


def makers(conn: Connection) -> list[str]:
    """Who made the latest links."""
    latest = f"SELECT made_by FROM checkout ORDER BY made_at DESC, id DESC LIMIT {SUMMED}"
    return [row[0] for row in fetch(conn, f"SELECT DISTINCT made_by FROM ({latest}) AS p ORDER BY made_by")]


def _is_narrow(chosen: LinkFilter) -> bool:
    """Whether it asks for what no index has."""
    return bool(chosen.text or chosen.kind or chosen.made_by)


def _conditions(conn: Connection, chosen: LinkFilter) -> Conditions:
    if not _is_narrow(chosen):
        return in_days(Conditions("checkout p", (), ()), "p.made_at", 0, chosen.from_day, chosen.to_day)
    found = _of_text(conn, _latest(chosen, MOST), chosen)
    return _ranges(conn, chosen).narrow(found) if chosen.states else found


def _latest(chosen: LinkFilter, most: int) -> Conditions:
    """The latest links of the days, as a table of their own."""
    days = in_days(Conditions("checkout", (), ()), "made_at", 0, chosen.from_day, chosen.to_day)
    source = f"SELECT {_NEEDED} FROM checkout WHERE {days.where} ORDER BY made_at DESC, id DESC LIMIT {most}"
    return Conditions(f"({source}) AS p", (), days.values)


def _is_capped(conn: Connection, chosen: LinkFilter) -> bool:
    days = in_days(Conditions("checkout p", (), ()), "p.made_at", 0, chosen.from_day, chosen.to_day)
    beyond = f"SELECT 1 FROM checkout p WHERE {days.where} ORDER BY p.made_at DESC, p.id DESC LIMIT 1 OFFSET {SUMMED}"
    return bool(fetch(conn, beyond, days.values))


def _of_text(conn: Connection, found: Conditions, chosen: LinkFilter) -> Conditions:
    for column in ("kind", "made_by"):
        if (value := getattr(chosen, column)) is not None:
            found = found.and_(f"p.{column} = ?", value)
    if not chosen.text:
        return found
    part, values = contains(conn, (*_NAMES, *_BUYERS) if chosen.search_buyers else _NAMES, chosen.text)
    digits = _SEPARATORS.sub("", chosen.text)
    if chosen.search_buyers and digits.isdecimal() and len(digits) >= _FEWEST_DIGITS:
        phone, more = contains(conn, (_PLAIN_PHONE,), digits)
        return found.and_(f"({part} OR {phone})", *values, *more)
    return found.and_(part, *values)


def _exact(conn: Connection, text: str) -> Conditions | None:
    """The link of an order or of a payment, or those of a billing key; None where the text is none of these."""
    if not text:
        return None
    of_order = "p.id IN (SELECT checkout_id FROM checkout_attempt WHERE {} = ?)"
    for condition in (of_order.format("merchant_uid"), of_order.format("imp_uid"), "p.customer_uid = ?"):
        found = Conditions("checkout p", (condition,), (text,))
        if fetch(conn, f"SELECT 1 FROM checkout p WHERE {condition} LIMIT 1", (text,)):
            return found
    return None


def _ranges(conn: Connection, chosen: LinkFilter) -> Ranges:
    condition, bound = one_of(conn, "p.state", sorted(chosen.states))
    each = [(state,) for state in sorted(chosen.states)]
    whole = chosen.states >= {state.value for state in CheckoutState}
    return Ranges("p.state = ?", each, 0.0, whole, condition, (bound,))
