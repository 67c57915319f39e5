"""Charge: a billing key, what it was charged for last, how much now, a last look, and what became of it."""

import time
from functools import partial

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.fields import Fields
from dashboard.kit.frame import strip
from dashboard.kit.watch import watch_operation, watch_reading
from dashboard.locale import _
from dashboard.navigation import link_to_billing_key, link_to_payment
from dashboard.process import rereads
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking import drafts, review
from dashboard.screens.asking.last_look import last_look
from dashboard.screens.asking.outcome import again_button, charge_result
from dashboard.screens.charges import charge_form
from dashboard.words import formats
from services.operations.actions import charges
from services.operations.actions.charged import charged_already, refused_lately
from services.operations.journal import journal
from services.operations.journal.states import OPEN
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.one import get_billing_key
from services.store.lists.payments import search_payments
from services.store.writes.late_payments import late_of
from services.tables.journal import OperationKind

user: User = st.session_state["user"]
settings, customer_uid = current_settings(), st.query_params.get("customer_uid", "")
draft = drafts.draft_of(charges.subject_of(customer_uid), OperationKind.CHARGE)
with open_session() as session:
    key = get_billing_key(session, customer_uid)
    last = search_payments(session, PaymentFilter(customer_uid=customer_uid, live=Live.ALL), limit=5).rows
    already, seen = charged_already(session, customer_uid, time.time()), journal.latest_id(session, draft.subject)
    refused = refused_lately(session, customer_uid, time.time())
    operation = drafts.operation_to_show(session, draft, user)
    late = late_of(session, operation.id) if operation else None

st.title(_("Charge"))
strip(current_freshness, sandbox=settings.is_sandbox)
if key is None:
    words = _("Look for it in the list of billing keys, and charge from there.")
    st.info(words, title=_("No such billing key here"), icon=":material/search_off:")
    st.stop()
link_to_billing_key(_("Back to the billing key"), customer_uid, icon=":material/arrow_back:")

charge_form.key_facts(key, buyers=user.may(Permission.SEE_BUYERS))
charge_form.gone_line(key)
if refused and operation is None and (st.session_state["entered"] or not draft.read):
    draft.read = True
    for imp_uid in refused:
        rereads.ask_again(imp_uid)
if operation is None and any(map(rereads.is_reading, refused)):
    watch_reading(lambda: any(map(rereads.is_reading, refused)), _("Reading from the gateway what was refused …"))
    st.stop()
if operation:
    draw = partial(charge_result, late=late)
    watch_operation(operation, partial(drafts.read_operation, operation.id), draw)
    if operation.imp_uid:
        link_to_payment(_("Open the payment"), operation.imp_uid, icon=":material/receipt_long:")
    if operation.state not in OPEN:
        again_button(operation, _("Charge something else"), partial(drafts.begin_anew, draft))
    st.stop()

charge_form.last_charges(last)
if key.deleted_at is not None:
    st.stop()
if draft.overtaken:
    st.warning(formats.told(draft.overtaken), icon=":material/sync_problem:")
if draft.wanted is None:
    typing = charge_form.charge_fields(
        key,
        Fields(draft.form),
        currency=last[0].currency if last else "KRW",
        name=(last[0].name or "")[:40] if last else "",
        already=already,
        minimum=settings.naverpay_minimum,
    )
    if typing.done:
        minimum = settings.naverpay_minimum
        make = partial(charges.wanted_charge, draft.token, key, minimum=minimum, now=time.time(), seen=seen)
        drafts.check(draft, typing.form, make)
        if draft.wanted:
            st.rerun()
    if draft.problem:
        typing.fields.say(draft.problem)
    st.stop()
last_look(draft, user, review.charge_sentence(draft.wanted), charges.as_sent(draft.wanted))
