"""What moved in a period against another one, and because of which PG, product, plan or reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from services.revenue.figures import Figures, figures_of
from services.revenue.mrr import MrrMonth, ValueMovement, by_value
from services.revenue.periods import Period
from services.revenue.splits import Reason, reasons, split
from services.store.lists.totals import DayTotal, Share, by_basis, days_of, shares_of
from services.tables.revenue import Churn, Movement, Split


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


@dataclass(frozen=True, slots=True)
class Parts:
    """A period's figures and what they are made of, in one currency; each list with its largest first."""

    figures: Figures
    days: Sequence[DayTotal]
    providers: Sequence[Share]
    products: Sequence[Share]
    fail_reasons: Sequence[Reason]
    refund_reasons: Sequence[Reason]


def read_parts(conn: Connection, period: Period, *, currency: str = "KRW") -> Parts:
    """Everything of a period, each kept row read once."""
    rows = by_basis(conn, period.from_day, period.to_day, currency)
    return Parts(
        figures_of(rows),
        days_of(rows, period.from_day, period.to_day),
        shares_of(rows, "pg_provider"),
        split(conn, "name", period, currency=currency),
        reasons(conn, Split.FAIL_REASON, period, currency=currency),
        reasons(conn, Split.REFUND_REASON, period, currency=currency),
    )


def insights(now: Parts, before: Parts) -> list[Insight]:
    """What moved in money; only what did move, net first."""
    new, old = now.figures, before.figures
    found = [
        Insight(Topic.NET, new.net, old.net, n=new.payments),
        *_most_moved(Topic.PG, _by_gross(now.providers), _by_gross(before.providers)),
        *_most_moved(Topic.PRODUCT, _by_gross(now.products), _by_gross(before.products)),
        Insight(Topic.REFUNDS, new.refunds, old.refunds, n=new.refund_count),
        *_most_moved(Topic.REFUND_REASON, _by_amount(now.refund_reasons), _by_amount(before.refund_reasons)),
        Insight(Topic.FAILURES, new.failures, old.failures, n=new.failures),
        *_most_moved(Topic.FAIL_REASON, _by_count(now.fail_reasons), _by_count(before.fail_reasons)),
    ]
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


def _by_gross(rows: Iterable[Share]) -> dict[str, tuple[int, int]]:
    return {row.value or "": (row.gross, row.payments) for row in rows}


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
