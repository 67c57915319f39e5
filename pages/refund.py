"""Refund: what is left, how much of it goes back and why, a last look, and what became of it."""

import time
from functools import partial

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.fields import Fields
from dashboard.kit.frame import strip
from dashboard.kit.lookup import ask_gateway
from dashboard.kit.watch import watch_operation, watch_reading
from dashboard.locale import _
from dashboard.navigation import link_to_payment
from dashboard.process import lookups, rereads
from dashboard.process.executor import limit_now
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking import drafts, review
from dashboard.screens.asking.last_look import last_look
from dashboard.screens.asking.outcome import again_button, refund_result
from dashboard.screens.refunds import refund_form
from services import stated
from services.operations.actions import promotions, refund_rules, refunded, refunds
from services.operations.journal.states import OPEN
from services.payment_states import only_registered
from services.store.lists.one import get_payment
from services.store.lists.operations import refunded_alone

user: User = st.session_state["user"]
settings, imp_uid = current_settings(), st.query_params.get("imp_uid", "")
draft = drafts.draft_of(refunds.subject_of(imp_uid))
drafts.read_first(draft, imp_uid, entered=st.session_state["entered"])
reading, was_asking = rereads.is_reading(imp_uid), lookups.is_asking(imp_uid)
with open_session() as session:
    payment = get_payment(session, imp_uid)
    operation = drafts.operation_to_show(session, draft, user)
    alone, limit = refunded_alone(session, imp_uid), limit_now(session)
    less = promotions.less_of(session, payment) if payment else 0
    today = refunded.refunded_today(session, imp_uid, time.time())

st.title(_("Refund"))
strip(current_freshness, sandbox=settings.is_sandbox)
link_to_payment(_("Back to the payment"), imp_uid)
if reading and operation is None:
    watch_reading(partial(rereads.is_reading, imp_uid), _("Reading from the gateway what is left …"))
    st.stop()
if payment is None or operation is None:
    ask_gateway(imp_uid, here=payment is not None, was_asking=was_asking, may=True)
if payment is None:
    st.info(_("Look for it in the list of payments."), title=_("No such payment here"), icon=":material/search_off:")
    st.stop()

given_back = max(payment.cancel_amount, operation.cancel_amount or 0) if operation else payment.cancel_amount
refund_form.refund_facts(payment, given_back, less, buyers=user.may(Permission.SEE_BUYERS))
if operation:
    draw = partial(refund_result, payment=payment, less=less)
    watch_operation(operation, partial(drafts.read_operation, operation.id), draw)
    if operation.state not in OPEN and given_back + less < payment.amount:
        again_button(operation, _("Refund something else"), partial(drafts.begin_anew, draft))
    st.stop()

judged = refund_rules.verdict(payment, time.time())
refund_form.verdict_line(judged)
left = drafts.take_balance(draft, payment, less)
if payment.status != "paid" or not left or only_registered(payment.model_dump()):
    st.stop()
if draft.moved:
    words = _("What is left has changed since the form was opened: look at it again.")
    st.warning(words, icon=":material/sync_problem:")
if draft.wanted is None:
    typing = refund_form.refund_fields(
        payment,
        left,
        less,
        Fields(draft.form),
        judged,
        banks=refund_rules.banks(payment.pg_provider),
        needs=refund_rules.account_needs(payment, time.time()),
        reasons=stated.words_in(stated.REFUND, settings.reason_language),
        today=today,
    )
    if typing.done:
        make = partial(refunds.wanted_refund, draft.token, payment, approval_from=limit, alone=alone)
        drafts.check(draft, typing.form, make)
        if draft.wanted:
            st.rerun()
    if draft.problem:
        typing.fields.say(draft.problem)
    st.stop()
says = review.refund_sentence(draft.wanted, payment.amount)
last_look(draft, user, says, refunds.as_sent(draft.wanted))
