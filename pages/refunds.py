"""Refunds: what was refunded, who wanted it, who entered it, and why."""

import time

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.exports import export_choice
from dashboard.kit.frame import strip
from dashboard.locale import _, current_language
from dashboard.navigation import open_payment
from dashboard.process.resources import current_freshness, current_settings, open_session, open_store
from dashboard.process.tickets import issue_ticket
from dashboard.screens.refunds.refund_filters import refund_filters, refund_form
from dashboard.screens.refunds.refund_list import (
    no_refunds,
    refund_pager,
    refund_table,
    refund_totals_line,
)
from dashboard.words import formats
from services.clock import day_of
from services.errors import InvalidFilter
from services.exports.export import count_export
from services.store.lists.filters import Live
from services.store.lists.refunds import refund_totals, search_refunds
from services.store.lists.totals import facet_values

user: User = st.session_state["user"]
buyers = user.may(Permission.SEE_BUYERS)
today = day_of(time.time())
address = st.query_params.to_dict()

st.title(_("Refunds"))
above = st.container()
with open_session() as session:
    form = refund_form(today, facet_values(session))
view = refund_filters(form, address, entered=st.session_state["entered"])
chosen = view.chosen
with above:
    strip(current_freshness, sandbox=current_settings().is_sandbox, test_rows=chosen.live != Live.LIVE)

try:
    with open_session() as session:
        found = search_refunds(session, chosen, before=view.before, after=view.after)
        totals = refund_totals(session, chosen)
except InvalidFilter as error:
    st.warning(formats.told(error), icon=":material/filter_alt_off:")
    st.stop()

view = form.at_the_top(view, found)
params = form.address(view, chosen.text, found)
if address != params:
    st.query_params.from_dict(params)
if found.exact:
    st.caption(_("An exact id: shown whatever the dates and filters say."))
if not found.rows:
    no_refunds(chosen, today)
    st.stop()

refund_totals_line(totals, chosen)
with st.container(horizontal=True):
    form.order.choose()
    if user.may(Permission.EXPORT) and not chosen.text:
        export_choice(
            lambda: count_export(open_store(), "refunds", chosen),
            lambda fmt: issue_ticket(chosen, fmt, user, current_language(), kind="refunds"),
            with_buyers=buyers,
        )
opened = refund_table(found, buyers=buyers, key=f"refunds_{view.before}_{view.after}", order=form.order)
refund_pager(found)
if opened:
    open_payment(opened)
