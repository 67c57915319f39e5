"""Revenue, a tab each: what came in and went back, subscriptions, cohorts, failures and recovery, the forecast."""

import streamlit as st
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import open_screen
from dashboard.screens.payments.payment_desk import known_currencies
from dashboard.screens.revenue import revenue_desk as desk
from dashboard.screens.revenue import revenue_tabs as tabs
from dashboard.screens.revenue.revenue_period import Tab, revenue_view

screen = open_screen(_("Revenue"), test_rows=False)
screen.needs_rows()
today = screen.today
view = revenue_view(known_currencies(), screen.address, entered=screen.entered, today=today)
if view is None:
    st.stop()
screen.set_address(view.params)

opened = None
match view.tab:
    case Tab.SALES:
        opened = tabs.sales(desk.read_now(desk.read_sales, view), view, today)
    case Tab.SUBSCRIPTIONS:
        opened = tabs.subscriptions(desk.read_now(desk.read_mrr, view), view, today)
    case Tab.COHORTS:
        tabs.cohorts(desk.read_now(desk.read_cohorts, view), view, today)
    case Tab.FAILURES:
        tabs.failures(desk.read_now(desk.read_failures, view), view, today)
    case Tab.FORECAST:
        tabs.forecast(desk.read_now(desk.read_forecast, view), view)
if opened and opened.params:
    open_page(Place(opened.page), **opened.params)
