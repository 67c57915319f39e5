"""Book a payment, or a series: what is booked already, when and how much, a last look, what became of it."""

import time
from functools import partial

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.fields import Fields
from dashboard.kit.frame import strip
from dashboard.locale import _
from dashboard.navigation import link_to_billing_key, open_schedule
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking import drafts, proposals
from dashboard.screens.asking.last_look import last_look
from dashboard.screens.charges import charge_form
from dashboard.screens.keys.key_facts import no_such_key
from dashboard.screens.schedules import booking_desk, booking_form, booking_preview
from services.operations.actions import bookings, charges
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.one import booked_on_key, get_billing_key
from services.store.lists.payments import search_payments
from services.tables.journal import OperationKind

user: User = st.session_state["user"]
settings, customer_uid = current_settings(), st.query_params.get("customer_uid", "")
draft = drafts.draft_of(charges.subject_of(customer_uid), OperationKind.BOOK)
with open_session() as session:
    key, booked = get_billing_key(session, customer_uid), booked_on_key(session, customer_uid)
    last = search_payments(session, PaymentFilter(customer_uid=customer_uid, live=Live.ALL), limit=1).rows
    operation = drafts.operation_to_show(session, draft, user)

st.title(_("Book a payment"))
strip(current_freshness, sandbox=settings.is_sandbox)
if key is None:
    no_such_key()
    st.stop()
link_to_billing_key(_("Back to the billing key"), customer_uid, icon=":material/arrow_back:")

charge_form.key_facts(key, buyers=user.may(Permission.SEE_BUYERS))
charge_form.gone_line(key)
if operation:
    if opened := booking_desk.result(operation, draft):
        open_schedule(opened)
    st.stop()

if opened := booking_form.booked_already(booked):
    open_schedule(opened)
if key.deleted_at is not None:
    st.stop()
if draft.wanted is None:
    filled = proposals.booking_filled(st.query_params.to_dict(), last[0] if last else None)
    typing = booking_form.booking_fields(key, Fields(draft.form), filled, minimum=settings.naverpay_minimum)
    if typing.done:
        minimum = settings.naverpay_minimum
        make = partial(bookings.wanted_booking, draft.token, key, minimum=minimum, now=time.time())
        drafts.check(draft, typing.forms, make)
        if draft.wanted:
            st.rerun()
    if draft.problem:
        typing.fields.say(draft.problem)
    st.stop()
booking_preview.booking_preview(draft.wanted)
last_look(draft, user, booking_preview.booking_sentence(draft.wanted), bookings.as_sent(draft.wanted))
