"""Closing: a month's figures written down, what changed in it since, and both time bases beside each other."""

import time
from datetime import date

import streamlit as st
from dashboard.access import User
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.kit.plots import month_name
from dashboard.locale import _, sentence
from dashboard.navigation import open_payment
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.overview import overview
from dashboard.screens.revenue import closing_figures as figures
from dashboard.screens.revenue import closing_rows as rows_of
from dashboard.screens.revenue.closing_desk import choose_month, closing_form, read_month
from dashboard.words import formats
from services.clock import date_to_day, day_of, day_to_date
from services.errors import InvalidRequest
from services.months import month_span
from services.revenue.bridge import bridge, bridge_rows
from services.revenue.closed_months import months_to_close
from services.revenue.known import Known, as_known_on, changed_since
from services.revenue.periods import Period
from services.store.lists.totals import facet_values

user: User = st.session_state["user"]
now = time.time()
address = st.query_params.to_dict()

st.title(_("Closing"))
strip(current_freshness, sandbox=current_settings().is_sandbox, test_rows=False)
if (fresh := current_freshness()).as_of is None:
    nothing_mirrored(fresh)
    st.stop()
with open_session() as session:
    currencies = facet_values(session).currencies or ("KRW",)
month = choose_month(months_to_close(now), address, entered=st.session_state["entered"])
currency = overview.choose_currency(currencies)
if address != (params := {"month": month_name(month)}):
    st.query_params.from_dict(params)
period, nothing = Period(*month_span(month)), Known(0, 0, 0, 0)

with open_session() as session:
    shown = read_month(session, month)
figures.closed_line(shown.closed, month)
mine = shown.now.get(currency, nothing)
closed = shown.closed.figures.get(currency, nothing) if shown.closed else None
figures.month_table(mine, closed, _("As closed"), currency, key="closing_month")
st.caption(_("By day in Korea: gross by the day of payment, refunds by the day of each. Test rows are left out."))
closing_form(shown, user)

opened = None
if shown.closed:
    st.subheader(_("Changed since the closing"))
    name = f"closing.changes.{shown.closed.id}.{currency}"
    after = (rows_of.last_seen(name) or (shown.closed.changes,))[0]
    with open_session() as session:
        changes = changed_since(session, period, after, currency=currency, limit=rows_of.ROWS + 1)
    if changes:
        listed = rows_of.page_here(name, changes)
        opened = rows_of.change_table(listed, key=f"{name}.{after}")
        rows_of.onward_pages(name, listed, lambda row: (row.id,))
    else:
        st.caption(_("Nothing of this month changed since it was closed."))

st.subheader(_("As known on a day"))
known_on: date = st.date_input(
    _("At the end of this day in Korea"),
    day_to_date(day_of(now)),
    key="closing.known_on",
    format="YYYY-MM-DD",
    width=200,
)
try:
    with open_session() as session:
        known = as_known_on(session, period, date_to_day(known_on), currency=currency)
except InvalidRequest as problem:
    st.warning(formats.escape(sentence(problem)), icon=":material/history_toggle_off:")
else:
    figures.month_table(mine, known, _("As known then"), currency, key="closing_known")

st.subheader(_("Both time bases"))
st.caption(
    _(
        "V1's own list of payments goes by the time of the state: a payment that was refunded whole counts on the day "
        "of its refund there, not on the day it was paid. Payments here goes by the day of payment. This leads from "
        "one to the other, row by row."
    )
)
with open_session() as session:
    bridges = bridge(session, month, currency=currency)
figures.bridge_table(bridges, currency)
item, side = figures.choose_item()
name = f"closing.bridge.{month}.{currency}.{item}.{side}"
seen = rows_of.last_seen(name)
with open_session() as session:
    found = bridge_rows(session, month, item, side, currency=currency, after=seen, limit=rows_of.ROWS + 1)
if found:
    behind = rows_of.page_here(name, found)
    opened = rows_of.bridge_rows_table(behind, currency, key=f"{name}.{seen}") or opened
    rows_of.onward_pages(name, behind, lambda row: (row.at, row.imp_uid, row.seq))
else:
    st.caption(_("No row: both bases agree here."))
if opened:
    open_payment(opened)
