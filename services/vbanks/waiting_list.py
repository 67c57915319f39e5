"""The list of what waits for money: accounts and store numbers, the ones that end first on top, and what they come to.

Only payments that are still `ready` are in it: one deposit, or a revocation, takes a row out.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from services.clock import DAY, day_start
from services.store.lists.conditions import Conditions, contains, in_days
from services.store.lists.cursors import numbers
from services.store.lists.filters import require_days, require_sought, require_text
from services.store.lists.keyset import Order, Page, page_of, walk
from services.store.lists.totals import Count
from services.store.sql import fetch, one_of
from services.tables.v1 import NEVER

WAITS = "p.status = 'ready' AND (p.vbank_num IS NOT NULL OR p.pay_method = 'cvs')"
"""Written as its index is, so that both databases take that."""
_DUE = (
    f"(CASE WHEN coalesce(p.vbank_date, 0) = 0 THEN {NEVER} WHEN p.vbank_date < p.started_at THEN p.started_at "
    "ELSE p.vbank_date END)"
)
"""As its index has it: never before the issuing, so that a period of issuing bounds it."""
COUNTED = 10_000
"""Rows of which sums are told; of more it is said that there are more."""
_COLUMNS = (
    "p.imp_uid, p.vbank_date, p.started_at, p.merchant_uid, p.name, p.buyer_name, p.buyer_tel, p.amount, p.currency, "
    "p.pay_method, p.pg_provider, p.vbank_name, p.vbank_num, p.extra, p.sandbox, p.id"
)
_TEXTS = ("p.merchant_uid", "p.imp_uid", "p.name")
_BUYERS = ("p.buyer_name", "p.buyer_tel", "p.vbank_num")
_IDS = ("p.imp_uid", "p.merchant_uid")


class WaitingState(StrEnum):
    """How long it can still be paid."""

    OVERDUE = "overdue"
    SOON = "soon"
    """Within a day."""
    OPEN = "open"
    NO_TERM = "no_term"
    """V1 does not show until when."""


def state_at(until: int | None, now: float) -> WaitingState:
    """How long something that waits can still be paid; UNIX seconds."""
    if not until:
        return WaitingState.NO_TERM
    if until < now:
        return WaitingState.OVERDUE
    return WaitingState.SOON if until < now + DAY else WaitingState.OPEN


@dataclass(frozen=True, slots=True)
class WaitingFilter:
    """Narrows the list; an empty part restricts nothing. Days are Seoul days of the issuing, inclusive.

    A whole imp_uid or order number leaves all else aside.
    """

    now: int
    """UNIX seconds: what is overdue then."""
    states: frozenset[str] = frozenset()
    pg_providers: frozenset[str] = frozenset()
    pay_method: str | None = None
    text: str = ""
    from_day: int | None = None
    to_day: int | None = None
    search_buyers: bool = True
    """Whether the text may match what is masked without it."""

    def require_sense(self) -> None:
        """Raises InvalidFilter, naming the field."""
        for field in ("pay_method", "text"):
            require_text(field, getattr(self, field) or "")
        require_days(self.from_day, self.to_day)

    @property
    def terms(self) -> dict[str, tuple[int, int]]:
        """Between which terms a state's rows stand in the list; one that ended before it began, a little later."""
        soon = self.now + DAY
        return {
            WaitingState.OVERDUE: (0, soon),
            WaitingState.SOON: (self.now, soon),
            WaitingState.OPEN: (soon, NEVER - 1),
            WaitingState.NO_TERM: (NEVER, NEVER),
        }

    @property
    def state_sql(self) -> str:
        """A row's state."""
        return (
            f"(CASE WHEN {_DUE} = {NEVER} THEN '{WaitingState.NO_TERM}' WHEN p.vbank_date < {self.now} "
            f"THEN '{WaitingState.OVERDUE}' WHEN p.vbank_date < {self.now + DAY} THEN '{WaitingState.SOON}' "
            f"ELSE '{WaitingState.OPEN}' END)"
        )


class WaitingRow(NamedTuple):
    """A payment that waits; the smallest unit, UNIX seconds."""

    imp_uid: str
    vbank_date: int | None
    started_at: int
    merchant_uid: str
    name: str | None
    buyer_name: str | None
    buyer_tel: str | None
    amount: int
    currency: str
    pay_method: str | None
    pg_provider: str | None
    vbank_name: str | None
    vbank_num: str | None
    extra: str | None
    sandbox: bool
    id: int
    state: str


@dataclass(frozen=True, slots=True)
class WaitingTotals:
    """What a filter's rows come to; test ones are in no sum. Won."""

    states: dict[str, int]
    """Rows by state, whatever states the filter names."""
    rows: int
    amount: int
    more: bool
    """There are more rows than are counted."""


def list_waiting(
    conn: Connection, chosen: WaitingFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[WaitingRow]:
    """One page, the ones that end first on top: after the cursor `before`, or before `after`. Raises InvalidFilter."""
    exact = _exact(conn, chosen.text)
    found, order = exact or _in_order(conn, chosen), Order((_DUE, "p.id"), descending=after is not None)
    cursor = before if after is None else after
    if cursor is not None:
        at, _dot, number = cursor.partition(".")
        found = order.beyond(found, numbers("before", at, number))
    rows = walk(conn, f"{_COLUMNS}, {chosen.state_sql}", found, order.sql, limit + 1)
    return page_of(
        [WaitingRow(*row) for row in rows],
        limit,
        lambda one: f"{max(one.vbank_date, one.started_at) if one.vbank_date else NEVER}.{one.id}",
        begun=cursor is not None,
        back=after is not None,
        exact=exact is not None,
    )


def waiting_totals(conn: Connection, chosen: WaitingFilter) -> WaitingTotals:
    """Counts and sums of a filter. Raises InvalidFilter."""
    found = _exact(conn, chosen.text) or _narrowed(conn, chosen)
    inner = f"SELECT {chosen.state_sql} AS state, p.sandbox, p.amount, p.currency FROM {found.source}"
    capped = f"{inner} WHERE {found.where} LIMIT {COUNTED + 1}"
    sql = f"SELECT state, sandbox, currency, count(*), sum(amount) FROM ({capped}) w GROUP BY 1, 2, 3"
    states: dict[str, int] = {}
    rows = amount = counted = 0
    for state, sandbox, currency, n, total in fetch(conn, sql, found.values):
        states[state] = states.get(state, 0) + n
        counted += n
        if sandbox or currency != "KRW" or (chosen.states and state not in chosen.states):
            continue
        rows, amount = rows + n, amount + int(total)
    return WaitingTotals(states, rows, amount, counted > COUNTED)


def count_payable(conn: Connection, now: int, since_day: int) -> Count:
    """Live accounts that can still be paid, issued since a Seoul day."""
    waits = Conditions("payment p", (WAITS, f"{_DUE} >= ?", "p.vbank_num IS NOT NULL", "NOT p.sandbox"), (now,))
    found = in_days(waits, "p.started_at", 0, since_day, None)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {found.source} WHERE {found.where} LIMIT {COUNTED + 1}) w"
    n = int(fetch(conn, sql, found.values)[0][0])
    return Count(min(n, COUNTED), capped=n > COUNTED)


def count_overdue(conn: Connection, now: int, since_day: int) -> int:
    """Live accounts past their term that did not change, of the first COUNTED that were issued since a Seoul day."""
    found = in_days(Conditions("payment p", (WAITS,), ()), "p.started_at", 0, since_day, None).and_("NOT p.sandbox")
    oldest = f"SELECT p.vbank_date FROM {found.source} WHERE {found.where} ORDER BY p.started_at, p.imp_uid"
    sql = f"SELECT count(*) FROM ({oldest} LIMIT {COUNTED}) w WHERE vbank_date > 0 AND vbank_date < ?"
    return int(fetch(conn, sql, (*found.values, now))[0][0])


def open_accounts(conn: Connection, merchant_uid: str) -> list[str]:
    """The ids of an order's payments that wait for money already."""
    sql = f"SELECT p.imp_uid FROM payment p WHERE p.merchant_uid = ? AND {WAITS} ORDER BY p.imp_uid"
    return [row[0] for row in fetch(conn, sql, (merchant_uid,))]


def waiting_rows(conn: Connection, chosen: WaitingFilter) -> Conditions:
    """The rows of a filter, those of one id where its text is one. Raises InvalidFilter."""
    return _exact(conn, chosen.text) or _in_states(conn, chosen)


def is_exact_waiting(conn: Connection, chosen: WaitingFilter) -> bool:
    """Whether the text is an id, so that nothing else of the filter narrows it."""
    return _exact(conn, chosen.text) is not None


def _in_order(conn: Connection, chosen: WaitingFilter) -> Conditions:
    """The same rows for the index by term, with the part of it that they can stand in."""
    found = _in_states(conn, chosen, issued="+p.started_at")
    if chosen.from_day is not None:
        found = found.and_(f"{_DUE} >= ?", day_start(chosen.from_day))
    if chosen.states:
        parts = [chosen.terms[state] for state in chosen.states]
        found = found.and_(f"{_DUE} BETWEEN ? AND ?", min(part[0] for part in parts), max(part[1] for part in parts))
    return found


def _in_states(conn: Connection, chosen: WaitingFilter, issued: str = "p.started_at") -> Conditions:
    found = _narrowed(conn, chosen, issued)
    if not chosen.states:
        return found
    condition, bound = one_of(conn, chosen.state_sql, sorted(chosen.states))
    return found.and_(condition, bound)


def _narrowed(conn: Connection, chosen: WaitingFilter, issued: str = "p.started_at") -> Conditions:
    chosen.require_sense()
    found = in_days(Conditions("payment p", (WAITS,), ()), issued, 0, chosen.from_day, chosen.to_day)
    if chosen.pay_method is not None:
        found = found.and_("p.pay_method = ?", chosen.pay_method)
    if chosen.pg_providers:
        condition, bound = one_of(conn, "p.pg_provider", sorted(chosen.pg_providers))
        found = found.and_(condition, bound)
    if chosen.text:
        require_sought(chosen.text)
        part, values = contains(conn, (*_TEXTS, *_BUYERS) if chosen.search_buyers else _TEXTS, chosen.text)
        found = found.and_(part, *values)
    return found


def _exact(conn: Connection, text: str) -> Conditions | None:
    if not text:
        return None
    for column in _IDS:
        found = Conditions("payment p", (WAITS, f"{column} = ?"), (text,))
        if fetch(conn, f"SELECT 1 FROM payment p WHERE {found.where} LIMIT 1", (text,)):
            return found
    return None
