"""The list of inferred subscriptions, newest first: a page joins the chains and keys of its own rows alone."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from services.revenue_models import Churn, Movement, SubscriptionState
from services.store.conditions import Conditions
from services.store.sql import fetch

FROM = (
    "subscription p LEFT JOIN chain c ON c.customer_uid = p.customer_uid "
    "LEFT JOIN key_summary k ON k.customer_uid = p.customer_uid"
)
_OWN = (
    "customer_uid", "pg_provider", "sandbox", "currency", "name", "every", "unit", "confidence", "price", "monthly",
    "since", "ended_at",
)  # fmt: skip
_KEY = ("buyer_name", "buyer_tel", "buyer_email")


@dataclass(frozen=True, slots=True)
class SubscriptionFilter:
    """Some states (revenue_models.SubscriptionState); an empty set restricts nothing."""

    states: frozenset[str] = frozenset()


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


def subscription_rows(chosen: SubscriptionFilter) -> Conditions:
    """The rows of a filter."""
    found, states = Conditions(FROM, (), ()), sorted(chosen.states)
    return found.and_(f"p.state IN ({', '.join('?' * len(states))})", *states) if states else found


def list_subscriptions(
    conn: Connection, chosen: SubscriptionFilter, *, before: tuple[int, str] | None = None, limit: int = 50
) -> list[SubscriptionRow]:
    """Those that began last first; `before` is (since, customer_uid) of the last one seen."""
    found = subscription_rows(chosen)
    if before is not None:
        found = found.and_("(p.since, p.customer_uid) < (?, ?)", *before)
    names = ", ".join((*(f"p.{name}" for name in _OWN), *(f"k.{name}" for name in _KEY)))
    sql = (
        f"SELECT {names}, c.day_of_month, c.evidence, c.next_at, c.due_at, p.state, p.churn "
        f"FROM {found.source} WHERE {found.where} ORDER BY p.since DESC, p.customer_uid DESC LIMIT ?"
    )
    return [_row(row) for row in fetch(conn, sql, (*found.values, limit))]


def state_totals(conn: Connection) -> list[StateTotal]:
    """By state and currency; one row a billing key is looked at, never a payment."""
    sql = (
        "SELECT state, currency, count(*), sum(monthly) FROM subscription WHERE NOT sandbox "
        "GROUP BY state, currency ORDER BY state, currency"
    )
    return [StateTotal(SubscriptionState(row[0]), row[1], int(row[2]), int(row[3])) for row in fetch(conn, sql)]


def movements_of(conn: Connection, customer_uid: str) -> list[KeyMovement]:
    """Its months that moved MRR, oldest first."""
    sql = "SELECT month, kind, churn, amount, currency FROM mrr_movement WHERE customer_uid = ? ORDER BY month"
    rows = fetch(conn, sql, (customer_uid,))
    return [KeyMovement(row[0], Movement(row[1]), Churn(row[2]) if row[2] else None, *row[3:]) for row in rows]


def _row(row: tuple[Any, ...]) -> SubscriptionRow:
    told = dict(
        zip((*_OWN, *_KEY, "day_of_month", "evidence", "next_at", "due_at", "state", "churn"), row, strict=True)
    )
    told |= {
        "sandbox": bool(told["sandbox"]),
        "evidence": tuple(date.fromisoformat(day) for day in json.loads(told["evidence"] or "[]")),
        "state": SubscriptionState(told["state"]),
        "churn": Churn(told["churn"]) if told["churn"] else None,
    }
    return SubscriptionRow(**told)
