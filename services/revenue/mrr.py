"""MRR by month and what moved it, from kept movements alone."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection

from services.months import months_between
from services.store.sql import fetch
from services.tables.revenue import Movement


@dataclass(frozen=True, slots=True)
class MrrMonth:
    """MRR and subscribers at a month's end; movements are signed and add up to the change since the month before."""

    month: int
    mrr: int
    subscribers: int
    new: int = 0
    expansion: int = 0
    contraction: int = 0
    reactivation: int = 0
    chosen: int = 0
    failed: int = 0
    lapsed: int = 0
    new_subscribers: int = 0
    reactivated_subscribers: int = 0
    churned_subscribers: int = 0

    @property
    def churn(self) -> int:
        """Of every kind; 0 or less."""
        return self.chosen + self.failed + self.lapsed

    @property
    def arpu(self) -> int | None:
        """MRR a subscriber, half up; None without any."""
        return (2 * self.mrr + self.subscribers) // (2 * self.subscribers) if self.subscribers else None

    @property
    def churn_rate(self) -> Decimal | None:
        """Subscribers that churned over those at the end of the month before."""
        before = self.subscribers - self.new_subscribers - self.reactivated_subscribers + self.churned_subscribers
        return Decimal(self.churned_subscribers) / before if before else None

    @property
    def mrr_churn_rate(self) -> Decimal | None:
        """MRR that churned over MRR at the end of the month before."""
        before = self.mrr - self.new - self.expansion - self.contraction - self.reactivation - self.churn
        return Decimal(-self.churn) / before if before else None


@dataclass(frozen=True, slots=True)
class ValueMovement:
    """What one PG or plan moved in a month."""

    value: str
    kind: Movement
    churn: str
    movements: int
    amount: int
    subscribers: int


_AMOUNTS = {
    Movement.NEW: "new",
    Movement.EXPANSION: "expansion",
    Movement.CONTRACTION: "contraction",
    Movement.REACTIVATION: "reactivation",
}
_COUNTS = {Movement.NEW: "new_subscribers", Movement.REACTIVATION: "reactivated_subscribers"}
_OVER_ALL = "FROM mrr_total WHERE field = '' AND currency = ?"


def mrr_months(conn: Connection, from_month: int, to_month: int, *, currency: str = "KRW") -> list[MrrMonth]:
    """Every month of the span, both like 202611, oldest first."""
    rows = fetch(
        conn,
        f"SELECT month, kind, churn, amount, subscribers {_OVER_ALL} AND month <= ? ORDER BY month",
        (currency, to_month),
    )
    moved: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    mrr = subscribers = 0
    for month, kind, churn, amount, count in rows:
        if month < from_month:
            mrr, subscribers = mrr + int(amount), subscribers + int(count)
            continue
        sums = moved[month]
        sums[churn if kind == Movement.CHURN else _AMOUNTS[Movement(kind)]] += int(amount)
        sums["mrr"] += int(amount)
        sums["subscribers"] += int(count)
        if kind == Movement.CHURN:
            sums["churned_subscribers"] -= int(count)
        elif kind in _COUNTS:
            sums[_COUNTS[Movement(kind)]] += int(count)
    found = []
    for month in months_between(from_month, to_month):
        sums = moved[month]
        mrr, subscribers = mrr + sums.pop("mrr", 0), subscribers + sums.pop("subscribers", 0)
        found.append(MrrMonth(month, mrr, subscribers, **sums))
    return found


def by_value(
    conn: Connection, field: Literal["pg_provider", "name"], month: int, *, currency: str = "KRW"
) -> list[ValueMovement]:
    """What moved in a month by PG or plan."""
    rows = fetch(
        conn,
        "SELECT value, kind, churn, movements, amount, subscribers FROM mrr_total "
        "WHERE field = ? AND currency = ? AND month = ? ORDER BY value, kind, churn",
        (field, currency, month),
    )
    return [ValueMovement(row[0], Movement(row[1]), row[2], *map(int, row[3:])) for row in rows if row[3]]
