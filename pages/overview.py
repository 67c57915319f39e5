"""Overview: today and the last thirty days, what needs a person, and what comes."""

import streamlit as st
from dashboard.kit import charts
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import open_screen
from dashboard.screens.overview import attention as needs
from dashboard.screens.overview import desks_today, overview
from dashboard.screens.overview.overview_desk import COMING, DAYS, read_overview
from dashboard.screens.payments.payment_desk import known_currencies

screen = open_screen(_("Overview"), test_rows=False)
fresh = screen.needs_rows()
currency = overview.choose_currency(known_currencies())
found = read_overview(screen, currency)
first, today = found.first, found.today

overview.figures(_("Today"), found.sums_today, (today, today), currency)
needs.attention(
    [
        *needs.approval_concern(found.approvals),
        *needs.mirror_concerns(fresh, found.runs),
        *desks_today.recurring_concerns(found.open_now),
        *needs.failure_concern(found.days, overview.behind(today - 6, today, currency, state="failed")),
        *needs.waiting_concern(found.unpaid, overview.day_params(first, today, state="ready", method="vbank")),
    ]
)
overview.figures(_("Last {n} days").format(n=DAYS), found.sums, (first, today), currency)
st.caption(
    _(
        "By day in Korea, test rows left out: gross by day of payment, refunds by day of each refund. "
        "Registrations of a key that charged nothing are not in the sums."
    )
)
charts.days_chart(found.days, currency)

st.subheader(_("Booked for the coming {n} days").format(n=COMING))
desks_today.due_today(found.open_now.due, today)
charts.upcoming_chart(found.coming, range(today, today + COMING), currency)

picked = overview.shares(_("By PG, last {n} days").format(n=DAYS), found.by_pg, "pg_provider", currency)
picked |= overview.shares(_("By method, last {n} days").format(n=DAYS), found.by_method, "pay_method", currency)
if picked:
    open_page(Place.PAYMENTS, **overview.behind(first, today, currency, **picked))
