"""Revenue: what came in and went back, what subscriptions bring each month, and what is expected."""

import time

import streamlit as st
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.locale import _
from dashboard.navigation import open_payments
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.overview.overview import behind
from dashboard.screens.recovery import recovered
from dashboard.screens.revenue import cohort_chart, forecast_chart, revenue_figures, revenue_words
from dashboard.screens.revenue import revenue_charts as charts
from dashboard.screens.revenue.insight_list import insight_list
from dashboard.screens.revenue.revenue_desk import read_revenue
from dashboard.screens.revenue.revenue_period import revenue_view
from dashboard.screens.revenue.revenue_split import choose_split, has_rows, rows_of
from services.clock import day_of
from services.store.lists.totals import facet_values

st.title(_("Revenue"))
strip(current_freshness, sandbox=current_settings().is_sandbox, test_rows=False)
if (fresh := current_freshness()).as_of is None:
    nothing_mirrored(fresh)
    st.stop()
with open_session() as session:
    currencies = facet_values(session).currencies or ("KRW",)
address = st.query_params.to_dict()
view = revenue_view(currencies, address, entered=st.session_state["entered"], today=day_of(time.time()))
if view is None:
    st.stop()
if address != view.params:
    st.query_params.from_dict(view.params)
currency = view.currency
sums = st.container()
st.subheader(_("Where it comes from"))
by = choose_split()
parts = st.container()
with open_session() as session:
    page = read_revenue(session, view, by)

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
    open_payments(behind(view.period.from_day, view.period.to_day, currency, **rows_of(by, picked)))
