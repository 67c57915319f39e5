"""Revenue: what came in and went back, what subscriptions bring each month, and what is expected."""

import streamlit as st
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import open_screen
from dashboard.screens.overview.overview import behind
from dashboard.screens.payments.payment_desk import known_currencies
from dashboard.screens.recovery import recovered
from dashboard.screens.revenue import cohort_chart, forecast_chart, revenue_desk, revenue_figures, revenue_words
from dashboard.screens.revenue import revenue_charts as charts
from dashboard.screens.revenue.insight_list import insight_list
from dashboard.screens.revenue.revenue_period import revenue_view
from dashboard.screens.revenue.revenue_split import choose_split, has_rows, rows_of

screen = open_screen(_("Revenue"), test_rows=False)
screen.needs_rows()
view = revenue_view(known_currencies(), screen.address, entered=screen.entered, today=screen.today)
if view is None:
    st.stop()
screen.set_address(view.params)
currency = view.currency
sums = st.container()
st.subheader(_("Where it comes from"))
by = choose_split()
parts = st.container()
page = revenue_desk.read_now(view, by)

with sums:
    days = revenue_figures.days_words
    st.caption(_("{days}, against {before}").format(days=days(view.period), before=days(view.against)))
    revenue_figures.money_figures(page.now.figures, page.before.figures, view.period, currency)
    revenue_words.basis_line()
    st.subheader(_("What moved"))
    insight_list(page.insights, view.period, currency)
    st.subheader(_("By day"))
    charts.days_chart(page.now.days, page.before.days, currency)
with parts:
    picked = charts.shares(_("Where it comes from"), page.shares, by, currency, pick=has_rows(by))

st.subheader(_("MRR, inferred"))
revenue_words.inferred_line()
if any(month.mrr for month in page.months):
    revenue_figures.mrr_figures(page.months[-1], page.months[-2], currency)
    charts.waterfall(page.months[-1], page.months[-2], currency)
    charts.mrr_chart(page.months[1:], currency)
    st.subheader(_("Cohorts"))
    cohort_chart.cohort_map(page.cohorts, currency)
else:
    st.caption(_("No subscription in this currency counted in these months."))

st.subheader(_("Why payments fail and money goes back"))
left, right = st.columns(2)
with left:
    nothing = _("Nothing failed in these days.")
    charts.reasons_chart(_("Failures by reason"), page.now.fail_reasons, currency, key="fail_reasons", nothing=nothing)
with right:
    nothing = _("Nothing was refunded in these days.")
    charts.reasons_chart(
        _("Refunds by reason"), page.now.refund_reasons, currency, key="refund_reasons", nothing=nothing
    )
mine = [row for row in page.recovered if row.currency == currency]
recovered.recovered_report(mine, page.recovered_months)

st.subheader(_("Forecast of subscription revenue"))
forecast_chart.forecast_table(page.forecast_months, currency)
forecast_chart.forecast_chart(page.forecast_days, currency)
forecast_chart.backtest_chart(page.backtest, currency)
revenue_words.definitions()
if picked:
    open_page(Place.PAYMENTS, **behind(view.period.from_day, view.period.to_day, currency, **rows_of(by, picked)))
