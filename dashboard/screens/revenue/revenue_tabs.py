"""The tabs of revenue, each one screen high; a tab returns the rows of what was clicked in one of its tables."""

from collections.abc import Sequence

import streamlit as st
from services.months import month_of_day
from services.revenue.cohorts import Cohort

from dashboard.kit.figure import Rows
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.overview.overview import PAID_STATES, behind
from dashboard.screens.recovery.recovered import recovered_report
from dashboard.screens.revenue import cohort_chart, forecast_chart, moved_table, revenue_figures
from dashboard.screens.revenue import revenue_charts as charts
from dashboard.screens.revenue.revenue_desk import Failures, Forecast, Mrr, Sales
from dashboard.screens.revenue.revenue_period import RevenueView, choose_split

_PARAMETERS = {"pg_provider": "pg", "pay_method": "method"}
"""What the list of payments is narrowed by, of what revenue is split by."""


def sales(page: Sales, view: RevenueView, today: int) -> Rows | None:
    """What came in and went back, what moved, and where it comes from."""
    now, before, currency = page.now.figures, page.before.figures, view.currency
    whole = _whole_day(view, today)
    revenue_figures.money_figures(now, before, view.period, currency, whole=whole)
    left, right = st.columns([4, 6])
    with left:
        charts.days_chart(page.now.days, page.before.days, currency, today=today)
    with right:
        items = moved_table.sales_items(now, before, page.insights, view.period, currency, runs=whole is not None)
        opened = moved_table.moved_table(items, key="moved_sales")
    head = st.container(horizontal=True, vertical_alignment="center")
    with head:
        st.markdown(f"**{_('Where it comes from')}**", width="content")
        choose_split()
        charts.more_shares(page.shares, currency)
        st.space("stretch")
    parameter = _PARAMETERS.get(view.by)
    title, pick = _("Where it comes from"), parameter is not None
    picked = charts.shares(title, page.shares, view.by, currency, pick=pick, head=head)
    if picked and parameter:
        days = (view.period.from_day, view.period.to_day)
        return Rows("", "payments", behind(*days, currency, state=PAID_STATES) | {parameter: picked})
    return opened


def subscriptions(page: Mrr, view: RevenueView, today: int) -> Rows | None:
    """MRR, what moved it and who came and went."""
    *_rest, before, now = page.months
    if not any(month.mrr for month in page.months):
        st.caption(_("No subscription in this currency counted in these months."))
        return None
    runs = now.month == month_of_day(today)
    revenue_figures.mrr_figures(now, before, view.currency, runs=runs)
    left, right = st.columns(2)
    with left:
        charts.waterfall(now, before, view.currency)
    with right:
        charts.mrr_chart(page.months[1:], view.currency, runs=runs)
    items = moved_table.mrr_items(now, before, page.insights, view.currency, runs=runs)
    return moved_table.moved_table(items, key="moved_mrr")


def cohorts(page: Sequence[Cohort], view: RevenueView, today: int) -> None:
    """How much of each month's new subscriptions still counts."""
    cohort_chart.cohort_map(page, view.currency, running=month_of_day(today))


def failures(page: Failures, view: RevenueView, today: int) -> None:
    """Why payments fail and money goes back, and what was paid after all."""
    now, before, currency = page.now, page.before, view.currency
    figures, runs = (now.figures, before.figures), page.months[-1] == month_of_day(today)
    revenue_figures.failure_figures(
        *figures,
        page.charges,
        page.charges_before,
        page.recovered,
        page.months,
        view.period,
        currency,
        runs=runs,
        whole=_whole_day(view, today),
    )
    link_to(_("Recovery"), Place.RECOVERY)
    left, middle, right = st.columns(3)
    with left:
        nothing = _("Nothing failed in these days.")
        charts.reasons_chart(_("Failures by reason"), now.fail_reasons, currency, key="fail_reasons", nothing=nothing)
    with middle:
        nothing = _("Nothing was refunded in these days.")
        title = _("Refunds by reason")
        charts.reasons_chart(title, now.refund_reasons, currency, key="refund_reasons", nothing=nothing)
    with right:
        recovered_report(page.recovered, page.months, currency, today=today)


def _whole_day(view: RevenueView, today: int) -> int | None:
    """The day that today alone is compared with."""
    return view.against.from_day if view.period.has_just_begun(today) else None


def forecast(page: Forecast, view: RevenueView) -> None:
    """What subscriptions should bring, and how the same forecast did on past days."""
    if not page.days:
        st.caption(_("Nothing is booked and no subscription is active: there is nothing to expect."))
        return
    forecast_chart.forecast_table(page.months, view.currency)
    left, right = st.columns(2)
    with left:
        forecast_chart.forecast_chart(page.days, view.currency)
    with right:
        forecast_chart.backtest_chart(page.backtest, view.currency)
