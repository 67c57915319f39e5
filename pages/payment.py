"""One payment: what it is, what happened to it, and what belongs to it."""

import streamlit as st
from dashboard import navigation as to
from dashboard.kit.lookup import ask_gateway
from dashboard.kit.reread import reread_button
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.payments import gateway_answer, operation_events, payment_desk, related
from dashboard.screens.payments import payment_facts as facts
from dashboard.screens.payments.timeline import events_of, timeline

screen = open_screen(_("Payment"))
imp_uid = screen.address.get("imp_uid", "")
found = payment_desk.read_payment(imp_uid)
payment, customer_uid = found.payment, found.customer_uid
refund = charge = False
with st.container(horizontal=True, vertical_alignment="center"):
    to.link_to(_("All payments"), to.Place.PAYMENTS, icon=to.BACK)
    if screen.may_read and imp_uid:
        reread_button(found.reading)
    if payment and payment.status == "paid" and screen.may_refund:
        refund = st.button(_("Refund"), icon=":material/undo:", key="refund")
    if customer_uid and screen.may_charge:
        charge = st.button(_("Charge"), icon=":material/bolt:", key="charge")
followed = operation_events.open_operation_line(found.refund_operations, to.followed_by(screen.user))
ask_gateway(imp_uid, here=payment is not None, was_asking=found.was_asking, may=screen.may_read)
if payment is None:
    words = _("Look for it in the list of payments, or read it again from the gateway if it is new.")
    st.info(words, title=_("No such payment here"), icon=":material/search_off:")
    st.stop()

facts.payment_header(payment)
facts.payment_ids(payment)
st.subheader(_("What happened"))
told = operation_events.operation_events(found.operations, found.told)
timeline(events_of(payment, found.refunds, told), payment.currency)
facts.payment_facts(payment, buyers=screen.buyers)

opened = booked = None
if len(found.attempts) > 1:
    st.subheader(_("Attempts under the same order number"))
    opened = related.attempts_table(found.attempts, imp_uid)
if customer_uid:
    st.subheader(_("Billing key"))
    related.billing_key_line(customer_uid, found.billing_key)
    to.link_to(_("Open the billing key"), to.Place.BILLING_KEY, customer_uid=customer_uid)
    booked = related.schedules_table(found.schedules, key="schedules")
if screen.buyers:
    gateway_answer.raw_values(payment, found.refunds, was_asking=found.was_answering, may_ask=screen.may_read)
if refund or followed:
    to.open_page(to.Place.REFUND, imp_uid=imp_uid)
if charge and customer_uid:
    to.open_page(to.Place.CHARGE, customer_uid=customer_uid)
if opened:
    to.open_page(to.Place.PAYMENT, imp_uid=opened)
if booked:
    to.open_page(to.Place.SCHEDULE, merchant_uid=booked)
