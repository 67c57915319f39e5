"""What the Revenue page reads, in one session."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.months import month_of_day, months_until, previous_month
from services.recovery.reports import Recovered, recovered_by_month
from services.revenue import forecast_reads
from services.revenue.cohorts import Cohort, cohorts
from services.revenue.forecast_reads import Backtest, ForecastDay, ForecastMonth
from services.revenue.insights import Insight, Parts, insights, mrr_insights, read_parts
from services.revenue.mrr import MrrMonth, mrr_months
from services.revenue.splits import By, split
from services.store.lists.totals import Share
from sqlalchemy import Connection

from dashboard.process.resources import open_session
from dashboard.screens.recovery.recovered import MONTHS
from dashboard.screens.revenue.revenue_period import RevenueView


@dataclass(frozen=True, slots=True)
class RevenuePage:
    """All figures of one view."""

    now: Parts
    before: Parts
    months: Sequence[MrrMonth]
    """Twelve, and the one before them first."""
    shares: Sequence[Share]
    cohorts: Sequence[Cohort]
    recovered: Sequence[Recovered]
    recovered_months: Sequence[int]
    forecast_days: Sequence[ForecastDay]
    forecast_months: Sequence[ForecastMonth]
    backtest: Backtest
    insights: Sequence[Insight]


def read_now(view: RevenueView, by: By) -> RevenuePage:
    """All figures of a view as they are kept at this moment."""
    with open_session() as session:
        return read_revenue(session, view, by)


def read_revenue(conn: Connection, view: RevenueView, by: By) -> RevenuePage:
    """Everything but the words, from kept rows alone."""
    currency, last = view.currency, month_of_day(view.period.to_day)
    shown = months_until(last, MONTHS)
    now, before = (read_parts(conn, one, currency=currency) for one in (view.period, view.against))
    months = mrr_months(conn, previous_month(shown[0]), last, currency=currency)
    read = {"pg_provider": now.providers, "name": now.products}
    return RevenuePage(
        now=now,
        before=before,
        months=months,
        shares=read[by] if by in read else split(conn, by, view.period, currency=currency),
        cohorts=cohorts(conn, shown[0], last, currency=currency),
        recovered=recovered_by_month(conn, shown[0], last),
        recovered_months=shown,
        forecast_days=forecast_reads.forecast_days(conn, currency=currency),
        forecast_months=forecast_reads.forecast_months(conn, currency=currency),
        backtest=forecast_reads.backtest(conn, currency=currency),
        insights=[*insights(now, before), *mrr_insights(conn, months, currency=currency)],
    )
