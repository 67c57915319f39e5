"""One customer: all payments and subscriptions of one buyer, by what they were joined, and notes about them."""

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.session import USER
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.customers import customer_desk
from dashboard.screens.customers import customer_facts as facts
from dashboard.screens.keys.key_list import key_columns, key_table
from dashboard.screens.payments.timeline import note_events, timeline
from dashboard.words.formats import buyer, cut, escape
from services.store.lists.keyset import Page

address = st.query_params
buyers = USER.get().may(Permission.SEE_BUYERS)
found = customer_desk.read(address.get("imp_uid", ""), address.get("customer_uid", ""), buyers=buyers)
name = buyer(found.customer.buyer.buyer_name, buyers) if found else None
open_screen(escape(cut(name, 40)) if name else _("Customer"), tab=_("Customer"))
link_to(_("All payments"), Place.PAYMENTS, icon=BACK)
if found is None:
    facts.no_such_customer()
    st.stop()

customer = found.customer
facts.customer_line(customer, buyers=buyers)
facts.customer_figures(customer)
key = None
if customer.keys:
    st.header(_("Billing keys"))
    key = key_table(Page(tuple(customer.keys)), key_columns(buyers=buyers), key="customer_keys")
st.header(_("Payments"))
opened = facts.customer_payments(customer.payments, buyers=buyers)
if found.notes:
    st.header(_("Notes"))
    timeline(note_events(found.notes), "KRW")
if key:
    open_page(Place.BILLING_KEY, customer_uid=key)
if opened:
    open_page(Place.PAYMENT, imp_uid=opened)
