"""Payments: find a payment and open it, or take the whole list along as a file."""

import time

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.exports import export_choice
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.kit.lookup import ask_gateway
from dashboard.locale import _, current_language
from dashboard.navigation import open_payment
from dashboard.process.answers import lookups
from dashboard.process.resources import current_freshness, current_settings, open_session, open_store
from dashboard.process.tickets import issue_ticket
from dashboard.screens.payments.filters import payment_filters, payment_form
from dashboard.screens.payments.payment_list import basis_line, empty_list, pager, state_tiles, totals_line
from dashboard.screens.payments.tables import choose_columns, payment_table, recall_columns
from dashboard.words import formats
from services.clock import day_of
from services.errors import InvalidFilter
from services.exports.export import count_export
from services.store.lists.filters import Live
from services.store.lists.payments import search_payments
from services.store.lists.totals import count_payments, facet_values, filter_totals, tiles

user: User = st.session_state["user"]
buyers = user.may(Permission.SEE_BUYERS)
today = day_of(time.time())
address = st.query_params.to_dict()

st.title(_("Payments"))
above = st.container()
with open_session() as session:
    form = payment_form(today, facet_values(session), buyers=buyers)
view = payment_filters(form, address, entered=st.session_state["entered"])
chosen = view.chosen
with above:
    strip(current_freshness, sandbox=current_settings().is_sandbox, test_rows=chosen.live != Live.LIVE)

was_asking = lookups.is_asking(chosen.text)
try:
    with open_session() as session:
        found = search_payments(session, chosen, before=view.before, after=view.after)
        counts, count = tiles(session, chosen), count_payments(session, chosen)
        totals = filter_totals(session, chosen)
        here = found.exact or lookups.is_here(session, chosen.text)
except InvalidFilter as error:
    st.warning(formats.told(error), icon=":material/filter_alt_off:")
    st.stop()

view = form.at_the_top(view, found)
params = form.address(view, chosen.text, found)
params |= recall_columns(address, entered=st.session_state["entered"])
if address != params:
    st.query_params.from_dict(params)

state_tiles(counts, chosen)
ask_gateway(chosen.text, here=here, was_asking=was_asking, may=user.may(Permission.READ_AGAIN))
if found.exact:
    st.caption(_("An exact id: shown whatever the dates and filters say."))
else:
    basis_line(chosen, today)
if not found.rows:
    if (fresh := current_freshness()).as_of is None:
        nothing_mirrored(fresh)
    else:
        empty_list(chosen, today)
    st.stop()

if not found.exact:
    totals_line(totals, chosen)
order = form.order
with st.container(horizontal=True):
    columns = choose_columns(searching=bool(chosen.text), with_test=chosen.live != Live.LIVE)
    order.choose()
    if user.may(Permission.EXPORT):
        export_choice(
            lambda: count_export(open_store(), "payments", chosen),
            lambda fmt: issue_ticket(chosen, fmt, user, current_language()),
            with_buyers=buyers,
        )
key = f"payments_{view.before}_{view.after}"
opened = payment_table(found, columns, buyers=buyers, key=key, order=order)
pager(found, count)
if opened:
    open_payment(opened)
