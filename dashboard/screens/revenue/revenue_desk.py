"""What each tab of the Revenue page reads, in one session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.months import month_of_day, months_until, previous_month
from services.payment_states import PaymentKind
from services.recovery.reports import Recovered, recovered_by_month
from services.revenue import forecast_reads
from services.revenue.cohorts import Cohort, cohorts
from services.revenue.figures import Figures, figures_of
from services.revenue.forecast_reads import Backtest, ForecastDay, ForecastMonth
from services.revenue.insights import Insight, Parts, insights, mrr_insights, read_parts
from services.revenue.mrr import MrrMonth, mrr_months
from services.revenue.periods import Period
from services.revenue.splits import split
from services.store.lists.totals import Share, by_basis
from sqlalchemy import Connection

from dashboard.process.resources import open_session
from dashboard.screens.recovery.recovered import MONTHS
from dashboard.screens.revenue.revenue_period import RevenueView

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Sales:
    """What came in and went back in a period and in the one it is held against."""

    now: Parts
    before: Parts
    shares: Sequence[Share]
    insights: Sequence[Insight]


@dataclass(frozen=True, slots=True)
class Mrr:
    """MRR by month, twelve and the one before them first, and what moved in the last."""

    months: Sequence[MrrMonth]
    insights: Sequence[Insight]


@dataclass(frozen=True, slots=True)
class Failures:
    """What failed and went back in both periods, and what was paid after all by month."""

    now: Parts
    before: Parts
    charges: Figures
    """Of it the payments by billing key, and those of the period before."""
    charges_before: Figures
    recovered: Sequence[Recovered]
    months: Sequence[int]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected, and how the same forecast did on past days."""

    days: Sequence[ForecastDay]
    months: Sequence[ForecastMonth]
    backtest: Backtest


def read_now(read: Callable[[Connection, RevenueView], Read], view: RevenueView) -> Read:
    """One tab as it is kept at this moment."""
    with open_session() as session:
        return read(session, view)


def read_sales(conn: Connection, view: RevenueView) -> Sales:
    """Sums, days and parts of both periods."""
    now, before = (read_parts(conn, one, currency=view.currency) for one in (view.period, view.against))
    read = {"pg_provider": now.providers, "name": now.products}
    by = view.by
    shares = read[by] if by in read else split(conn, by, view.period, currency=view.currency)
    return Sales(now, before, shares, insights(now, before))


def read_mrr(conn: Connection, view: RevenueView) -> Mrr:
    """MRR up to the period's last month."""
    last = month_of_day(view.period.to_day)
    first = previous_month(months_until(last, MONTHS)[0])
    months = mrr_months(conn, first, last, currency=view.currency)
    return Mrr(months, mrr_insights(conn, months, currency=view.currency))


def read_cohorts(conn: Connection, view: RevenueView) -> Sequence[Cohort]:
    """Of the twelve months up to the period's last."""
    last = month_of_day(view.period.to_day)
    return cohorts(conn, months_until(last, MONTHS)[0], last, currency=view.currency)


def read_failures(conn: Connection, view: RevenueView) -> Failures:
    """Failures and refunds of both periods; recovered in the twelve months up to the period's last."""
    months = months_until(month_of_day(view.period.to_day), MONTHS)
    now, before = (read_parts(conn, one, currency=view.currency) for one in (view.period, view.against))
    charges, charges_before = (_charges(conn, one, view.currency) for one in (view.period, view.against))
    recovered = recovered_by_month(conn, months[0], months[-1])
    return Failures(
        now, before, charges, charges_before, [row for row in recovered if row.currency == view.currency], months
    )


def _charges(conn: Connection, period: Period, currency: str) -> Figures:
    rows = by_basis(conn, period.from_day, period.to_day, currency)
    return figures_of(row for row in rows if row[2].kind == PaymentKind.RECURRING)


def read_forecast(conn: Connection, view: RevenueView) -> Forecast:
    """As it was kept after the last sync."""
    return Forecast(
        forecast_reads.forecast_days(conn, currency=view.currency),
        forecast_reads.forecast_months(conn, currency=view.currency),
        forecast_reads.backtest(conn, currency=view.currency),
    )
