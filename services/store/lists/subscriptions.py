"""The list of inferred subscriptions, newest first: a page joins the chains and keys of its own rows alone."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from services.store.fold import BUYER_FIELDS
from services.store.lists.amount_order import Amount, way_down
from services.store.lists.conditions import Conditions
from services.store.lists.cursors import time_and_id
from services.store.lists.filters import AmountOrder
from services.store.lists.keyset import Order, Page, walk
from services.store.search.key_texts import of_keys, with_hits
from services.store.sql import fetch, one_of
from services.tables.revenue import Churn, Movement, SubscriptionState

FROM = (
    "subscription p LEFT JOIN chain c ON c.customer_uid = p.customer_uid "
    "LEFT JOIN key_summary k ON k.customer_uid = p.customer_uid"
)
_CHAIN = ("day_of_month", "evidence", "next_at", "due_at")


@dataclass(frozen=True, slots=True)
class SubscriptionFilter:
    """Some states (revenue_models.SubscriptionState); an empty set restricts nothing.

    With a `month` like 202611: those that count in MRR at its end, or that it `moved` so, as revenue counts them.
    """

    states: frozenset[str] = frozenset()
    month: int | None = None
    moved: Movement | None = None
    churn: Churn | None = None
    plan: str | None = None
    currency: str | None = None
    order: AmountOrder | None = None
    """None: those that began last first; of those that ended in a month, that ended last."""
    text: str = ""
    search_buyers: bool = True
    """False for roles that may not see buyers: what they may not read they cannot find by either."""

    @property
    def by_end(self) -> bool:
        """It asks who ended."""
        return self.moved == Movement.CHURN

    @property
    def keys(self) -> tuple[str, str]:
        """The order of its own, the latest first; who came back since has ended no more and stands last."""
        return "coalesce(p.ended_at, 0)" if self.by_end else "p.since", "p.customer_uid"


_ALL = SubscriptionFilter()
IN_MRR = frozenset({SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE})
"""What MRR is made of."""
_COUNTS = " OR ".join(f"p.state = '{state}'" for state in sorted(IN_MRR))
AMOUNTS = {
    "price": Amount("p.price", "price"),
    "monthly": Amount(f"CASE WHEN {_COUNTS} THEN p.monthly ELSE 0 END", "in_mrr"),
}
"""What the list can be put in order by."""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A billing key's subscription; amounts in the smallest unit, times in UNIX seconds."""

    customer_uid: str
    pg_provider: str
    sandbox: bool
    currency: str
    name: str
    every: int
    unit: str
    confidence: float
    price: int
    monthly: int
    since: int
    ended_at: int | None
    buyer_name: str | None
    buyer_tel: str | None
    buyer_email: str | None
    day_of_month: int | None
    evidence: tuple[date, ...]
    next_at: int | None
    """The earliest booked payment."""
    due_at: int | None
    """When the next charge is expected, where none is booked."""
    state: SubscriptionState
    churn: Churn | None
    card_number: str | None
    hits: tuple[str, ...] = ()
    """The fields in which the text was found."""

    @property
    def in_mrr(self) -> int:
        """What a subscription adds to MRR as it stands."""
        return self.monthly if self.state in IN_MRR else 0


_NAMES = tuple(one.name for one in fields(SubscriptionRow) if one.name != "hits")
_KEY = (*BUYER_FIELDS, "card_number")
_COLUMNS = ", ".join(f"{'k' if name in _KEY else 'c' if name in _CHAIN else 'p'}.{name}" for name in _NAMES)


@dataclass(frozen=True, slots=True)
class StateTotal:
    """How many subscriptions stand so, and what they add to MRR while they count. Test rows are outside."""

    state: SubscriptionState
    currency: str
    subscriptions: int
    monthly: int


@dataclass(frozen=True, slots=True)
class KeyMovement:
    """What one subscription moved MRR by in a month like 202611."""

    month: int
    kind: Movement
    churn: Churn | None
    amount: int
    currency: str


def subscription_rows(conn: Connection, chosen: SubscriptionFilter) -> Conditions:
    """The rows of a filter. Raises InvalidFilter."""
    found, states = Conditions(FROM, (), ()), sorted(chosen.states)
    if states:
        found = found.and_(f"p.state IN ({', '.join('?' * len(states))})", *states)
    if chosen.month is not None:
        found = found.and_(*_moved(chosen, chosen.month))
    if chosen.currency:
        found = found.and_("p.currency = ?", chosen.currency)
    return of_keys(conn, found, chosen.text, "p.customer_uid", ("p.name",), buyers=chosen.search_buyers)


def _moved(chosen: SubscriptionFilter, month: int) -> tuple[Any, ...]:
    """A condition on what moved MRR until or in a month, and its values. Test rows move none."""
    if chosen.moved:
        where, values = _movements(chosen, month)
        return f"p.customer_uid IN (SELECT m.customer_uid FROM mrr_movement m WHERE {where})", *values
    counting = (
        "SELECT m.customer_uid FROM mrr_movement m WHERE NOT m.sandbox AND m.month <= ? "
        "GROUP BY m.customer_uid HAVING sum(m.subscribers) > 0"
    )
    return f"p.customer_uid IN ({counting})", month


def _movements(chosen: SubscriptionFilter, month: int) -> tuple[str, list[Any]]:
    wanted = {"kind": chosen.moved, "churn": chosen.churn, "name": chosen.plan, "currency": chosen.currency}
    known = {column: str(value) for column, value in wanted.items() if value}
    parts = ["NOT m.sandbox", "m.month = ?", *(f"m.{column} = ?" for column in known)]
    return " AND ".join(parts), [month, *known.values()]


def moved_by(conn: Connection, chosen: SubscriptionFilter, customer_uids: Sequence[str]) -> dict[str, int]:
    """What each of these moved MRR by, as the filter's month and movement count it; empty where it names none."""
    if chosen.month is None or chosen.moved is None:
        return {}
    where, values = _movements(chosen, chosen.month)
    condition, bound = one_of(conn, "m.customer_uid", customer_uids)
    sql = f"SELECT m.customer_uid, m.amount FROM mrr_movement m WHERE {where} AND {condition}"
    return {str(uid): int(amount) for uid, amount in fetch(conn, sql, (*values, bound))}


def moved_sums(conn: Connection, chosen: SubscriptionFilter) -> list[tuple[str, int]]:
    """What all that the filter's month and movement count moved MRR by, a line a currency; none where it names none."""
    if chosen.month is None or chosen.moved is None:
        return []
    where, values = _movements(chosen, chosen.month)
    sql = f"SELECT m.currency, sum(m.amount) FROM mrr_movement m WHERE {where} GROUP BY m.currency ORDER BY m.currency"
    return [(str(currency), int(amount)) for currency, amount in fetch(conn, sql, tuple(values))]


def list_subscriptions(
    conn: Connection, chosen: SubscriptionFilter, *, before: str | None = None, limit: int = 50
) -> Page[SubscriptionRow]:
    """A page in the filter's order: rows after the cursor `before`. Raises InvalidFilter."""
    found = subscription_rows(conn, chosen)
    own = Order(chosen.keys, descending=True)
    way = way_down(conn, replace(found, source="subscription p"), chosen.order, AMOUNTS, own, before)
    found = way.beyond(found, time_and_id)
    rows = [_row(row) for row in walk(conn, _COLUMNS, found, way.sql, limit + 1)]
    rows = with_hits(rows, chosen.text, ("customer_uid", "name"), buyers=chosen.search_buyers)
    time = attrgetter("ended_at" if chosen.by_end else "since")
    return way.page(rows, limit, lambda row: f"{time(row) or 0}.{row.customer_uid}")


def subscription_of_key(conn: Connection, customer_uid: str) -> SubscriptionRow | None:
    """A billing key's subscription; None where none was inferred."""
    rows = fetch(conn, f"SELECT {_COLUMNS} FROM {FROM} WHERE p.customer_uid = ?", (customer_uid,))
    return _row(rows[0]) if rows else None


def ended_of(conn: Connection, customer_uids: Collection[str]) -> dict[str, tuple[int, Churn]]:
    """When the subscriptions of these billing keys ended, of those that did, in UNIX seconds, and how."""
    condition, bound = one_of(conn, "customer_uid", sorted(customer_uids))
    sql = f"SELECT customer_uid, ended_at, churn FROM subscription WHERE {condition} AND state = ?"
    rows = fetch(conn, sql, (bound, SubscriptionState.ENDED.value))
    return {uid: (int(at), Churn(how)) for uid, at, how in rows if at and how}


def state_totals(conn: Connection, chosen: SubscriptionFilter = _ALL) -> list[StateTotal]:
    """By state and currency, whatever states the filter names; a row a billing key is looked at, never a payment."""
    found = replace(subscription_rows(conn, replace(chosen, states=frozenset())), source="subscription p")
    sql = (
        f"SELECT p.state, p.currency, count(*), sum(p.monthly) FROM {found.source} WHERE NOT p.sandbox "
        f"AND {found.where} GROUP BY p.state, p.currency ORDER BY p.state, p.currency"
    )
    rows = fetch(conn, sql, found.values)
    return [StateTotal(SubscriptionState(row[0]), row[1], int(row[2]), int(row[3])) for row in rows]


def movements_of(conn: Connection, customer_uid: str) -> list[KeyMovement]:
    """Its months that moved MRR, oldest first."""
    sql = "SELECT month, kind, churn, amount, currency FROM mrr_movement WHERE customer_uid = ? ORDER BY month"
    rows = fetch(conn, sql, (customer_uid,))
    return [KeyMovement(row[0], Movement(row[1]), Churn(row[2]) if row[2] else None, *row[3:]) for row in rows]


def _row(row: tuple[Any, ...]) -> SubscriptionRow:
    told: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    told |= {
        "sandbox": bool(told["sandbox"]),
        "evidence": tuple(date.fromisoformat(day) for day in json.loads(told["evidence"] or "[]")),
        "state": SubscriptionState(told["state"]),
        "churn": Churn(told["churn"]) if told["churn"] else None,
    }
    return SubscriptionRow(**told)
