"""The list of escrow payments and their deliveries: a page of it, and how many wait for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from services.escrow.pg_rules import able
from services.store.lists.conditions import Conditions, contains, in_days
from services.store.lists.cursors import time_and_id
from services.store.lists.filters import Live, require_days, require_sought, require_text
from services.store.lists.keyset import Order, Page, page_of, walk
from services.store.lists.totals import Count
from services.store.sql import fetch, one_of
from services.tables.escrow import DeliveryState

DAYS = 90
"""How far back Home looks: what waits for longer was entered elsewhere, or will be no more."""
COUNTED = 10_000
"""Rows that are looked at for a count: of more it is said that there are more."""
_SOURCE = "payment p LEFT JOIN escrow_delivery d ON d.imp_uid = p.imp_uid"
_TO_ENTER = f"escrow_waiting w CROSS JOIN {_SOURCE}"
"""Of those that wait alone; SQLite would begin with every payment."""
_ESCROW = ("p.escrow", "p.status = 'paid'")
"""As the index payment_escrow has it."""
_STATES = {DeliveryState.TO_ENTER: "d.imp_uid IS NULL", DeliveryState.ENTERED: "d.imp_uid IS NOT NULL"}
_STATE = f"CASE WHEN d.imp_uid IS NULL THEN '{DeliveryState.TO_ENTER}' ELSE '{DeliveryState.ENTERED}' END"
_COLUMNS = (
    f"p.imp_uid, p.paid_at, {_STATE}, d.company, d.invoice, d.sent_at, d.applied_at, d.entered_by, p.buyer_name, "
    "p.name, p.amount, p.cancel_amount, p.currency, p.merchant_uid, p.pg_provider, p.sandbox"
)
_KEYS, _TO_ENTER_KEYS = ("p.paid_at", "p.imp_uid"), ("w.paid_at", "w.imp_uid")
_IDS = ("p.imp_uid", "p.merchant_uid", "d.invoice")
_TEXTS = (*_IDS, "p.name")


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Narrows the list; an empty part restricts nothing. Days are Seoul days of the payment, inclusive.

    A whole imp_uid, order number or invoice leaves all else aside.
    """

    states: frozenset[str] = frozenset()
    live: Live = Live.ALL
    company: str | None = None
    pg_providers: frozenset[str] = frozenset()
    text: str = ""
    from_day: int | None = None
    to_day: int | None = None
    search_buyers: bool = True
    """Whether the text may match what is masked without it: the buyer's name."""

    def require_sense(self) -> None:
        """Raises InvalidFilter, naming the field, where a range ends before it begins or a text is none."""
        for field in ("company", "text"):
            require_text(field, getattr(self, field) or "")
        require_days(self.from_day, self.to_day)


class DeliveryRow(NamedTuple):
    """An escrow payment in the list, with its delivery where one is known; UNIX seconds."""

    imp_uid: str
    paid_at: int
    state: str
    company: str | None
    invoice: str | None
    sent_at: int | None
    applied_at: int | None
    entered_by: str | None
    buyer_name: str | None
    name: str | None
    amount: int
    cancel_amount: int
    currency: str
    merchant_uid: str
    pg_provider: str | None
    sandbox: bool


def list_deliveries(
    conn: Connection, chosen: DeliveryFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[DeliveryRow]:
    """One page, the latest paid first, of those that wait alone the one that waits longest. Raises InvalidFilter.

    After the cursor `before`, or before `after`.
    """
    exact = _exact(conn, chosen.text)
    alone = waiting_alone(chosen)
    found = exact or (_waiting(conn, chosen) if alone else _in_states(chosen, _narrowed(conn, chosen)))
    keys = _TO_ENTER_KEYS if alone and not exact else _KEYS
    order = Order(keys, descending=(after is None) != alone)
    cursor = before if after is None else after
    if cursor is not None:
        found = order.beyond(found, time_and_id(cursor))
    rows = [DeliveryRow(*row) for row in walk(conn, _COLUMNS, found, order.sql, limit + 1)]
    return page_of(
        rows,
        limit,
        lambda one: f"{one.paid_at}.{one.imp_uid}",
        begun=cursor is not None,
        back=after is not None,
        exact=exact is not None,
    )


def count_states(conn: Connection, chosen: DeliveryFilter) -> Mapping[str, Count]:
    """How many are in each state under the other filters, of the latest COUNTED of each. Raises InvalidFilter."""
    entered = _narrowed(conn, chosen).and_(_STATES[DeliveryState.ENTERED])
    return {
        DeliveryState.TO_ENTER: _counted(conn, _waiting(conn, chosen), _TO_ENTER_KEYS),
        DeliveryState.ENTERED: _counted(conn, entered, _KEYS),
    }


def _counted(conn: Connection, found: Conditions, keys: tuple[str, ...]) -> Count:
    latest = f"SELECT 1 FROM {found.source} WHERE {found.where} ORDER BY {Order(keys, descending=True).sql}"
    ((count,),) = fetch(conn, f"SELECT count(*) FROM ({latest} LIMIT {COUNTED + 1}) n", found.values)
    return Count(min(int(count), COUNTED), count > COUNTED)


def count_waiting(conn: Connection, from_day: int, to_day: int) -> Count:
    """How many live payments of these days have no delivery that is known here: as the list shows them."""
    chosen = DeliveryFilter(live=Live.LIVE, from_day=from_day, to_day=to_day)
    return _counted(conn, _waiting(conn, chosen), _TO_ENTER_KEYS)


def waiting_alone(chosen: DeliveryFilter) -> bool:
    """Whether only those are asked for that wait: the one paid first comes first then."""
    return chosen.states == {DeliveryState.TO_ENTER}


def _in_states(chosen: DeliveryFilter, found: Conditions) -> Conditions:
    wanted = [condition for state, condition in _STATES.items() if state in chosen.states]
    return found.and_(wanted[0]) if len(wanted) == 1 else found


def _all(conn: Connection) -> Conditions:
    pgs, bound = one_of(conn, "p.pg_provider", able())
    return Conditions(_SOURCE, (*_ESCROW, pgs), (bound,))


def _waiting(conn: Connection, chosen: DeliveryFilter) -> Conditions:
    """Those that wait, read from the table that has no others."""
    pgs, bound = one_of(conn, "p.pg_provider", able())
    all_ = Conditions(_TO_ENTER, ("p.imp_uid = w.imp_uid", pgs), (bound,))
    return _further(conn, chosen, in_days(all_, "w.paid_at", 0, chosen.from_day, chosen.to_day))


def _narrowed(conn: Connection, chosen: DeliveryFilter) -> Conditions:
    return _further(conn, chosen, in_days(_all(conn), "p.paid_at", 0, chosen.from_day, chosen.to_day))


def _further(conn: Connection, chosen: DeliveryFilter, found: Conditions) -> Conditions:
    chosen.require_sense()
    if chosen.live != Live.ALL:
        found = found.and_("p.sandbox" if chosen.live == Live.TEST else "NOT p.sandbox")
    if chosen.company is not None:
        found = found.and_("d.company = ?", chosen.company)
    if chosen.pg_providers:
        condition, bound = one_of(conn, "p.pg_provider", sorted(chosen.pg_providers))
        found = found.and_(condition, bound)
    if chosen.text:
        require_sought(chosen.text)
        names = (*_TEXTS, "p.buyer_name") if chosen.search_buyers else _TEXTS
        part, values = contains(conn, names, chosen.text)
        found = found.and_(part, *values)
    return found


def _exact(conn: Connection, text: str) -> Conditions | None:
    if not text:
        return None
    for column in _IDS:
        found = _all(conn).and_(f"{column} = ?", text)
        if fetch(conn, f"SELECT 1 FROM {found.source} WHERE {found.where} LIMIT 1", found.values):
            return found
    return None
