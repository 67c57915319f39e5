"""One payment: what it is, what happened to it, and what belongs to it."""

from functools import partial

import streamlit as st
from dashboard import navigation as to
from dashboard.access import Permission, User
from dashboard.kit.frame import strip
from dashboard.kit.lookup import ask_gateway
from dashboard.kit.reread import reread_button
from dashboard.locale import _
from dashboard.process import answers, lookups, rereads
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.payments import payment_facts as facts
from dashboard.screens.payments.gateway_answer import raw_values
from dashboard.screens.payments.operation_events import open_operation_line, operation_events
from dashboard.screens.payments.related import attempts_table, billing_key_line, schedules_table
from dashboard.screens.payments.timeline import events_of, timeline
from services.operations.journal.audit import history
from services.store.lists import one as stored
from services.store.lists.operations import operations_of_payment

user: User = st.session_state["user"]
buyers = user.may(Permission.SEE_BUYERS)
imp_uid = st.query_params.get("imp_uid", "")
was_reading, was_asking = rereads.is_reading(imp_uid), lookups.is_asking(imp_uid)
was_answering = answers.is_asking(imp_uid)
refund = charge = False

with open_session() as session:
    payment = stored.get_payment(session, imp_uid)
    refunds = stored.list_cancellations(session, imp_uid)
    attempts = stored.list_attempts(session, payment.merchant_uid) if payment else ()
    customer_uid = payment.customer_uid if payment else None
    billing_key = stored.get_billing_key(session, customer_uid) if customer_uid else None
    operations = operations_of_payment(session, imp_uid)
    told = {one.id: history(session, one.id) for one in operations}
    schedules = stored.schedules_of_customer(session, customer_uid) if customer_uid else ()

st.title(_("Payment"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
with st.container(horizontal=True, vertical_alignment="center"):
    to.link_to_payments(_("All payments"), {}, icon=":material/arrow_back:")
    if user.may(Permission.READ_AGAIN) and imp_uid:
        reread_button(
            partial(rereads.ask_again, imp_uid),
            partial(rereads.is_reading, imp_uid),
            partial(rereads.last_error, imp_uid),
            was_reading=was_reading,
        )
    if payment and payment.status == "paid" and user.may(Permission.REFUND):
        refund = st.button(_("Refund"), icon=":material/undo:", key="refund")
    if customer_uid and user.may(Permission.CHARGE):
        charge = st.button(_("Charge"), icon=":material/bolt:", key="charge")
followed = open_operation_line([one for one in operations if one.kind == "refund"], to.followed_by(user))
ask_gateway(imp_uid, here=payment is not None, was_asking=was_asking, may=user.may(Permission.READ_AGAIN))
if payment is None:
    st.info(
        _("Look for it in the list of payments, or read it again from the gateway if it is new."),
        title=_("No such payment here"),
        icon=":material/search_off:",
    )
    st.stop()

facts.payment_header(payment)
facts.payment_ids(payment)
st.subheader(_("What happened"))
timeline(events_of(payment, refunds, operation_events(operations, told)), payment.currency)
facts.payment_facts(payment, buyers=buyers)

opened = booked = None
if len(attempts) > 1:
    st.subheader(_("Attempts under the same order number"))
    opened = attempts_table(attempts, imp_uid)
if customer_uid:
    st.subheader(_("Billing key"))
    billing_key_line(customer_uid, billing_key)
    to.link_to_billing_key(_("Open the billing key"), customer_uid)
    booked = schedules_table(schedules, key="schedules")
if buyers:
    raw_values(payment, refunds, was_asking=was_answering, may_ask=user.may(Permission.READ_AGAIN))
if refund or followed:
    to.open_refund(imp_uid)
if charge and customer_uid:
    to.open_charge(customer_uid)
if opened:
    to.open_payment(opened)
if booked:
    to.open_schedule(booked)
