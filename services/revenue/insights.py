"""What moved in a period against another one, and because of which PG, product, plan or reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from services.revenue.figures import Figures, figures
from services.revenue.mrr import MrrMonth, ValueMovement, by_value
from services.revenue.periods import Period
from services.revenue.splits import By, Reason, reasons, split
from services.revenue_models import Churn, Movement, Split

_ALL = 100_000
"""More values than a period has."""


class Topic(StrEnum):
    """What a sentence is about."""

    NET = "net"
    PG = "pg"
    PRODUCT = "product"
    REFUNDS = "refunds"
    REFUND_REASON = "refund_reason"
    FAILURES = "failures"
    FAIL_REASON = "fail_reason"
    MRR = "mrr"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Insight:
    """An amount (smallest unit) or a count `now` and `before`; `value`: the PG, product, plan or reason it is of."""

    topic: Topic
    now: int
    before: int
    value: str = ""
    n: int = 0
    """Rows behind `now`."""
    movement: Movement | None = None
    churn: Churn | None = None
    month: int = 0
    """Of MRR: the month at whose end it is."""

    @property
    def change(self) -> int:
        """How much it moved by."""
        return self.now - self.before


def insights(conn: Connection, period: Period, against: Period, *, currency: str = "KRW") -> list[Insight]:
    """What moved in money; only what did move, net first."""
    now, before = figures(conn, period, currency=currency), figures(conn, against, currency=currency)
    found = [Insight(Topic.NET, now.net, before.net, n=now.payments), *_shares(conn, period, against, currency)]
    found += _refunds(conn, period, against, currency, now, before)
    found += _failures(conn, period, against, currency, now, before)
    return [one for one in found if one.change]


def mrr_insights(conn: Connection, months: Iterable[MrrMonth], *, currency: str = "KRW") -> list[Insight]:
    """MRR at the end of the last of some months against the one before, and the plan that moved it most."""
    *_rest, before, now = months
    found = [Insight(Topic.MRR, now.mrr, before.mrr, n=now.subscribers, month=now.month)]
    if most := _largest(by_value(conn, "name", now.month, currency=currency)):
        churn = Churn(most.churn) if most.churn else None
        n, kind = abs(most.movements), most.kind
        plan = Insight(Topic.PLAN, most.amount, 0, most.value, n, movement=kind, churn=churn, month=now.month)
        found.append(plan)
    return [one for one in found if one.change]


def _shares(conn: Connection, period: Period, against: Period, currency: str) -> list[Insight]:
    parts: tuple[tuple[Topic, By], ...] = ((Topic.PG, "pg_provider"), (Topic.PRODUCT, "name"))
    found = []
    for topic, by in parts:
        kept = [split(conn, by, one, currency=currency, limit=_ALL) for one in (period, against)]
        found += _most_moved(topic, *({row.value or "": (row.gross, row.payments) for row in rows} for rows in kept))
    return found


def _refunds(
    conn: Connection, period: Period, against: Period, currency: str, now: Figures, before: Figures
) -> list[Insight]:
    kept = [reasons(conn, Split.REFUND_REASON, one, currency=currency, limit=_ALL) for one in (period, against)]
    return [
        Insight(Topic.REFUNDS, now.refunds, before.refunds, n=now.refund_count),
        *_most_moved(Topic.REFUND_REASON, *map(_by_amount, kept)),
    ]


def _failures(
    conn: Connection, period: Period, against: Period, currency: str, now: Figures, before: Figures
) -> list[Insight]:
    kept = [reasons(conn, Split.FAIL_REASON, one, currency=currency, limit=_ALL) for one in (period, against)]
    return [
        Insight(Topic.FAILURES, now.failures, before.failures, n=now.failures),
        *_most_moved(Topic.FAIL_REASON, *map(_by_count, kept)),
    ]


def _by_amount(rows: Iterable[Reason]) -> dict[str, tuple[int, int]]:
    return {row.value or "": (row.amount, row.n) for row in rows}


def _by_count(rows: Iterable[Reason]) -> dict[str, tuple[int, int]]:
    return {row.value or "": (row.n, row.n) for row in rows}


def _most_moved(
    topic: Topic, now: Mapping[str, tuple[int, int]], before: Mapping[str, tuple[int, int]]
) -> list[Insight]:
    """The value that moved most, either way."""
    found = [
        Insight(topic, now.get(value, (0, 0))[0], before.get(value, (0, 0))[0], value, now.get(value, (0, 0))[1])
        for value in sorted(now.keys() | before.keys())
    ]
    return sorted(found, key=lambda one: -abs(one.change))[:1]


def _largest(rows: Iterable[ValueMovement]) -> ValueMovement | None:
    return max(rows, key=lambda row: abs(row.amount), default=None)
