"""What the Revenue page reads, in one session."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.months import month_of_day, previous_month
from services.recovery.reports import Recovered, recovered_by_month
from services.revenue import forecast_reads
from services.revenue.cohorts import Cohort, cohorts
from services.revenue.figures import DayFigures, Figures, daily, figures
from services.revenue.forecast_reads import Backtest, ForecastDay, ForecastMonth
from services.revenue.insights import Insight, insights, mrr_insights
from services.revenue.mrr import MrrMonth, mrr_months
from services.revenue.splits import By, Reason, reasons, split
from services.revenue_models import Split
from services.store.totals import Share
from sqlalchemy import Connection

from dashboard.components.recovered import months_until
from dashboard.components.revenue_period import RevenueView


@dataclass(frozen=True, slots=True)
class RevenuePage:
    """All figures of one view."""

    now: Figures
    before: Figures
    days: Sequence[DayFigures]
    days_before: Sequence[DayFigures]
    months: Sequence[MrrMonth]
    """Twelve, and the one before them first."""
    shares: Sequence[Share]
    cohorts: Sequence[Cohort]
    failures: Sequence[Reason]
    refunds: Sequence[Reason]
    recovered: Sequence[Recovered]
    recovered_months: Sequence[int]
    forecast_days: Sequence[ForecastDay]
    forecast_months: Sequence[ForecastMonth]
    backtest: Backtest
    insights: Sequence[Insight]


def read_revenue(conn: Connection, view: RevenueView, by: By) -> RevenuePage:
    """Everything but the words, from kept rows alone."""
    currency, period, against = view.currency, view.period, view.against
    last = month_of_day(period.to_day)
    shown = months_until(last)
    months = mrr_months(conn, previous_month(shown[0]), last, currency=currency)
    return RevenuePage(
        now=figures(conn, period, currency=currency),
        before=figures(conn, against, currency=currency),
        days=daily(conn, period, currency=currency),
        days_before=daily(conn, against, currency=currency),
        months=months,
        shares=split(conn, by, period, currency=currency),
        cohorts=cohorts(conn, shown[0], last, currency=currency),
        failures=reasons(conn, Split.FAIL_REASON, period, currency=currency),
        refunds=reasons(conn, Split.REFUND_REASON, period, currency=currency),
        recovered=recovered_by_month(conn, shown[0], last),
        recovered_months=shown,
        forecast_days=forecast_reads.forecast_days(conn, currency=currency),
        forecast_months=forecast_reads.forecast_months(conn, currency=currency),
        backtest=forecast_reads.backtest(conn, currency=currency),
        insights=[
            *insights(conn, period, against, currency=currency),
            *mrr_insights(conn, months, currency=currency),
        ],
    )
