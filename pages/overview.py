"""Home: what a person comes for first, by role: the work of the day, sales, or subscriptions."""

import streamlit as st
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.overview import attention as needs
from dashboard.screens.overview import desks_today, home_blocks, overview
from dashboard.screens.overview.overview_desk import read_growth, read_home
from dashboard.screens.payments.payment_desk import known_currencies
from services.tables.escrow import DeliveryState

screen = open_screen(_("Home"), test_rows=False)
fresh = screen.needs_rows()
currency = overview.choose_currency(known_currencies())
found, blocks = read_home(screen, currency), home_blocks.blocks_for(screen.user)
first, today = found.first, found.today

for block in blocks:
    if block == home_blocks.WORK:
        st.header(_("Today"))
        home_blocks.today_figures(found, screen.user, currency)
        desks_today.due_today(found.open_now.due, today)
        needs.attention(
            [
                *needs.approval_concern(found.approvals),
                *needs.order_concerns(found.orders),
                *needs.parcel_concern(
                    found.parcels, overview.day_params(found.parcels_from, today, state=DeliveryState.TO_ENTER.value)
                ),
                *needs.mirror_concerns(fresh, found.runs),
                *desks_today.recurring_concerns(found.open_now),
                *needs.failure_concern(found.days, overview.behind(today - 6, today, currency, state="failed")),
                *needs.waiting_concerns(found.payable, found.overdue, overview.day_params(found.first, today)),
            ]
        )
    elif block == home_blocks.SALES:
        st.header(_("Sales"))
        home_blocks.sales_figures(found, currency)
    else:
        st.header(_("Subscriptions"))
        home_blocks.growth_figures(found, read_growth(screen, currency), currency)
