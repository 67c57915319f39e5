"""Book a payment: a billing key, what is booked on it already, when and how much, a last look, what became of it."""

import time
from functools import partial

import streamlit as st
from dashboard import drafts, proposals
from dashboard.access import Permission, User
from dashboard.components import booking_form, charge_form
from dashboard.components.booking_result import booking_result
from dashboard.components.fields import Fields
from dashboard.components.frame import strip
from dashboard.components.outcome import again_button, outcome
from dashboard.components.schedule_url import key_params
from dashboard.components.watching import watch_operation
from dashboard.last_look import last_look
from dashboard.locale import _
from dashboard.navigation import link_to_schedules, open_schedule
from dashboard.resources import current_freshness, current_settings, open_session
from services.clock import day_of
from services.journal_models import OperationKind
from services.operations import bookings, charges
from services.operations.states import OPEN
from services.store.filters import Live, PaymentFilter
from services.store.payments import get_billing_key, schedules_of_customer
from services.store.search import search_payments

user: User = st.session_state["user"]
settings, customer_uid = current_settings(), st.query_params.get("customer_uid", "")
draft = drafts.draft_of(charges.subject_of(customer_uid), OperationKind.BOOK)
with open_session() as session:
    key = get_billing_key(session, customer_uid)
    schedules = schedules_of_customer(session, customer_uid)
    last = search_payments(session, PaymentFilter(customer_uid=customer_uid, live=Live.ALL), limit=1).rows
    operation = drafts.operation_to_show(session, draft, user)

st.title(_("Book a payment"))
strip(current_freshness, sandbox=settings.is_sandbox)
if key is None:
    words = _("Open a schedule or a payment that was made with it, and book from there.")
    st.info(words, title=_("No such billing key here"), icon=":material/search_off:")
    st.stop()
params = key_params(customer_uid, day_of(time.time()))
link_to_schedules(_("Schedules of this key"), params, icon=":material/arrow_back:")

charge_form.key_facts(key, buyers=user.may(Permission.SEE_BUYERS))
if operation:
    watch_operation(operation, partial(drafts.read_operation, operation.id or 0), outcome)
    opened = booking_result(operation, schedules) if operation.kind == OperationKind.BOOK else None
    if operation.state not in OPEN:
        again_button(operation, _("Book something else"), partial(drafts.begin_anew, draft))
    if opened:
        open_schedule(opened)
    st.stop()

booking_form.booked_already(schedules)
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
last_look(draft, user, booking_form.booking_sentence(draft.wanted), bookings.as_sent(draft.wanted))
