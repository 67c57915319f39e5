"""Payments: find a payment and open it, or take the whole list along as a file."""

import streamlit as st
from dashboard.kit.lookup import ask_gateway
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import open_list, readable_filter
from dashboard.screens.payments import payment_desk, payment_list
from dashboard.screens.payments.filter_url import is_shareable, to_params
from dashboard.screens.payments.filters import at_the_top, payment_filters, payment_order
from dashboard.screens.payments.tables import choose_columns, payment_table, recall_columns
from services.store.lists.filters import Live

screen = open_list(_("Payments"))
today, values = screen.today, payment_desk.known_values()
view = payment_filters(values, screen.address, entered=screen.entered, today=today, buyers=screen.buyers)
chosen = view.chosen
screen.list_strip(chosen.live)

with readable_filter():
    payments = payment_desk.read_list(chosen, before=view.before, after=view.after)
found = payments.found
view = at_the_top(view, found)
hits = {field for row in found.rows for field in row.hits}
params = to_params(view, today, with_text=found.exact or is_shareable(chosen.text, hits))
screen.set_address(params | recall_columns(screen.address, entered=screen.entered))

payment_list.state_tiles(payments.states, chosen)
ask_gateway(chosen.text, here=payments.here, was_asking=payments.was_asking, may=screen.may_read)
if found.exact:
    st.caption(_("An exact id: shown whatever the dates and filters say."))
else:
    payment_list.basis_line(chosen, today)
if not found.rows:
    screen.needs_rows()
    payment_list.empty_list(chosen, today)
    st.stop()

if not found.exact:
    payment_list.totals_line(payments.totals, chosen)
order = payment_order()
with st.container(horizontal=True):
    columns = choose_columns(searching=bool(chosen.text), with_test=chosen.live != Live.LIVE)
    order.choose()
    screen.export("payments", chosen)
key = f"payments_{view.before}_{view.after}"
opened = payment_table(found, columns, buyers=screen.buyers, key=key, order=order)
payment_list.pager(found, payments.count)
if opened:
    open_page(Place.PAYMENT, imp_uid=opened)
