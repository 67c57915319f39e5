"""Refund: what is left, how much of it goes back and why, a last look, and what became of it."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.lookup import ask_gateway
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.process import rereads
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, last_look, outcome, review
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.refunds import refund_desk, refund_form
from dashboard.screens.refunds.asked_before import as_typed
from services import stated
from services.operations.actions import refund_rules, refunds
from services.operations.actions.money_back import expected_back
from services.payment_states import only_registered

screen = open_screen(_("Refund"))
imp_uid = screen.address.get("imp_uid", "")
found = refund_desk.open_refund(imp_uid, screen)
draft, payment, operation, less = found.draft, found.payment, found.operation, found.less
link_to(_("Back to the payment"), Place.PAYMENT, icon=BACK, imp_uid=imp_uid)
if found.reading and operation is None:
    watch_reading(partial(rereads.is_reading, imp_uid), _("Reading from the gateway what is left …"))
    st.stop()
if payment is None or operation is None:
    ask_gateway(imp_uid, here=payment is not None, was_asking=found.was_asking, may=True)
if payment is None:
    st.info(_("Look for it in the list of payments."), title=_("No such payment here"), icon=":material/search_off:")
    st.stop()

with form_column():
    given_back = max(payment.cancel_amount, operation.cancel_amount or 0) if operation else payment.cancel_amount
    step_line(draft.step, asked=operation is not None)
    refund_form.refund_facts(payment, given_back, less, buyers=screen.buyers)
    if operation:
        drafts.watch_outcome(
            operation, partial(outcome.refund_result, payment=payment, less=less, buyers=screen.buyers)
        )
        if given_back + less < payment.amount:
            drafts.offer_again(draft, operation, _("Refund something else"), as_typed)
        st.stop()

    judged = refund_rules.verdict(payment, screen.now)
    left = drafts.take_balance(draft, payment, less)
    if payment.status != "paid" or not left or only_registered(payment.model_dump()):
        refund_form.verdict_line(judged)
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
            needs=refund_rules.account_needs(payment, screen.now),
            reasons=stated.words_in(stated.REFUND, screen.settings.reason_language),
            today=found.today,
            receipt=found.receipt,
            taxes=found.taxes,
            cancel=partial(link_to, _("Cancel"), Place.PAYMENT, icon=":material/close:", imp_uid=imp_uid),
        )
        drafts.take_typed(draft, typing.fields, typing.form, partial(found.wanted, payment), done=typing.done)
        st.stop()
    # Of what is likely refused, or waits for somebody's yes, nobody knows when it is back.
    unsure = draft.wanted.needs_approval or judged.level == refund_rules.Level.IMPOSSIBLE
    day = None if unsure else expected_back(payment, screen.now)
    says = review.refund_sentence(draft.wanted, payment, day, buyers=screen.buyers)
    refund_form.warnings(draft.wanted, payment, judged, left, buyers=screen.buyers)
    if found.cancels_receipt:
        says = " ".join((_("First the cash receipt is cancelled; where that fails nothing goes back."), says))
    last_look.last_look(draft, screen.user, says, refunds.as_sent(draft.wanted), write=found.write)
