"""Overview: today and the last thirty days, what needs a person, and what comes."""

import time

import streamlit as st
from dashboard.kit import charts
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.locale import _
from dashboard.navigation import open_payments
from dashboard.process.after_sync import recurring_now
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.overview import attention as needs
from dashboard.screens.overview import desks_today, overview
from services.clock import day_of
from services.payment_states import PaymentState
from services.revenue.figures import figures, figures_of
from services.revenue.periods import Period
from services.store.lists.filters import PaymentFilter
from services.store.lists.system import list_sync_runs
from services.store.lists.totals import (
    by_basis,
    days_of,
    facet_values,
    shares_of,
    tiles,
    upcoming_schedules,
)

DAYS = 30
COMING = 7

now = time.time()
today = day_of(now)
first = today - DAYS + 1
waiting = PaymentFilter(from_day=first, to_day=today, pay_methods=frozenset({"vbank"}))

with open_session() as session:
    runs = list_sync_runs(session, 20)
    currencies = facet_values(session).currencies or ("KRW",)

st.title(_("Overview"))
strip(current_freshness, sandbox=current_settings().is_sandbox, test_rows=False)
fresh = current_freshness()
if fresh.as_of is None:
    nothing_mirrored(fresh)
    st.stop()
currency = overview.choose_currency(currencies)

with open_session() as session:
    rows = by_basis(session, first, today, currency)
    sums_today = figures(session, Period(today, today), currency=currency)
    coming = upcoming_schedules(session, today, today + COMING - 1)
    unpaid = tiles(session, waiting).get(PaymentState.READY, 0)
    open_now = recurring_now(session, now)

days = days_of(rows, first, today)
overview.figures(_("Today"), sums_today, (today, today), currency)
needs.attention(
    [
        *needs.mirror_concerns(fresh, runs),
        *desks_today.recurring_concerns(open_now),
        *needs.failure_concern(days, overview.behind(today - 6, today, currency, state="failed")),
        *needs.waiting_concern(unpaid, overview.day_params(first, today, state="ready", method="vbank")),
    ]
)
overview.figures(_("Last {n} days").format(n=DAYS), figures_of(rows), (first, today), currency)
st.caption(
    _(
        "By day in Korea, test rows left out: gross by day of payment, refunds by day of each refund. "
        "Registrations of a key that charged nothing are not in the sums."
    )
)
charts.days_chart(days, currency)

st.subheader(_("Booked for the coming {n} days").format(n=COMING))
desks_today.due_today(open_now.due, today)
charts.upcoming_chart(coming, range(today, today + COMING), currency)

by_pg, by_method = shares_of(rows, "pg_provider"), shares_of(rows, "pay_method")
picked = overview.shares(_("By PG, last {n} days").format(n=DAYS), by_pg, "pg_provider", currency)
picked |= overview.shares(_("By method, last {n} days").format(n=DAYS), by_method, "pay_method", currency)
st.caption(_("A click on the box of a row opens its payments."))
if picked:
    open_payments(overview.behind(first, today, currency, **picked))
