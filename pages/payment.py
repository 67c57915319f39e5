"""One payment: what happened to it, what it is, and what can be done."""

from functools import partial

import streamlit as st
from dashboard import navigation as to
from dashboard.kit.lookup import ask_gateway
from dashboard.kit.reread import reread_button
from dashboard.kit.session import USER
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.deliveries.on_payment import delivery_buttons, delivery_lines
from dashboard.screens.naver.cash_amount import cash_amount
from dashboard.screens.naver.on_payment import order_buttons, order_lines
from dashboard.screens.payments import gateway_answer, operation_events, payment_desk, related, walk_desk
from dashboard.screens.payments import payment_facts as facts
from dashboard.screens.payments.made_of import made_of
from dashboard.screens.payments.note_form import note_form
from dashboard.screens.payments.payment_events import payment_events
from dashboard.screens.payments.reveal import in_full, reveal_button, shows_buyer
from dashboard.screens.payments.timeline import note_events, timeline
from dashboard.screens.payments.walk_buttons import walk_buttons
from dashboard.screens.telling import advice, messages, telling_desk
from dashboard.screens.webhooks.webhook_words import webhook_events
from services.receipts import pg_rules
from services.vbanks.store_number import is_at_store

imp_uid = st.query_params.get("imp_uid", "")
found = payment_desk.read_payment(imp_uid)
payment, customer_uid = found.payment, found.customer_uid
buyers = shows_buyer(USER.get(), imp_uid)
title = facts.payment_title(payment, buyers=buyers)
walk = walk_desk.walk_of(imp_uid)
screen = open_screen(title, tab=f"{_('Payment')} {imp_uid}").in_store(payment.tier if payment else None)
refund = charge = False
with st.container(horizontal=True, vertical_alignment="center"):
    step = walk_buttons(walk, imp_uid)
    st.space("stretch")
    if screen.may_read and imp_uid:
        reread_button(found.reading)
    if payment:
        to.link_to(_("This customer"), to.Place.CUSTOMER, imp_uid=imp_uid)
    if payment and payment.pay_method in pg_rules.METHODS:
        to.link_to(_("Cash receipt"), to.Place.RECEIPT, imp_uid=imp_uid)
    if payment and payment.status == "ready" and (payment.vbank_num or is_at_store(payment)):
        to.link_to(_("Change or revoke it"), to.Place.VBANK, imp_uid=imp_uid)
    if found.link:
        to.link_to(_("Its payment link"), to.Place.LINK, link=str(found.link))
    if payment and screen.may_note:
        note_form(imp_uid, partial(payment_desk.write_note, imp_uid, screen.user))
    if payment and screen.may_charge:
        if customer_uid and payment.status == "failed":
            to.link_to(_("Send a registration link"), to.Place.NEW_LINK, customer_uid=customer_uid)
        else:
            to.link_to(_("Send a payment link"), to.Place.NEW_LINK, imp_uid=imp_uid)
    if customer_uid and screen.may_charge:
        charge = st.button(_("Charge"), icon=":material/bolt:", key="charge")
    if payment and payment.status == "paid" and screen.may_refund:
        refund = st.button(_("Refund"), icon=":material/undo:", key="refund", type="primary")
    if payment:
        order_buttons(payment, found, screen)
        delivery_buttons(payment, found, screen)
if step and walk and (other := walk_desk.beside(walk, imp_uid, step)):
    to.open_page(to.Place.PAYMENT, imp_uid=other)
followed = operation_events.open_operation_line(found.asked_on_it, to.followed_by(screen.user))
ask_gateway(imp_uid, here=payment is not None, was_asking=found.was_asking, may=screen.may_read)
if payment is None:
    words = _("Look for it in the list of payments, or read it again from the gateway if it is new.")
    st.info(words, title=_("No such payment here"), icon=":material/search_off:")
    st.stop()

facts.payment_header(payment, screen.now)
order_lines(found)
delivery_lines(payment, found)
happened, known = st.columns([3, 2], gap="large")
with happened:
    st.header(_("What happened"), anchor=False)
    happened_here = [
        *payment_events(payment, found.refunds, found.told, buyers=screen.buyers),
        *note_events(found.notes),
        *webhook_events(found.webhooks),
    ]
    timeline(happened_here, payment.currency)
with known:
    st.header(_("What it is"), anchor=False)
    with in_full(shown=buyers):
        facts.payment_facts(
            payment,
            found.receipt,
            buyers=buyers,
            order_url=screen.settings.order_url,
            tiers=screen.settings.tiers,
        )
    reveal_button(screen.user, imp_uid, shown=buyers)
    facts.slips(payment, found.refunds)
    made_of(payment, found.balance, found.balance_reading, may_read=screen.may_read)
    cash_amount(payment, may_ask=screen.may_read)
    if payment.status == "failed" and customer_uid:
        advice.advice_box(payment.fail_reason, customer_uid)
    message = messages.of_payment(
        payment, found.refunds, found.refund_operations, found.attempts, found.less, screen.now
    )
    telling_desk.tell(message, imp_uid)
    if customer_uid:
        related.billing_key_lines(customer_uid, found.key)
opened = None
if len(found.attempts) > 1:
    st.header(_("Attempts under the same order number"))
    opened = related.attempts_table(found.attempts, imp_uid)
if screen.buyers:
    gateway_answer.raw_values(payment, found.refunds, was_asking=found.was_answering, may_ask=screen.may_read)
if followed:
    to.follow(followed)
if refund:
    to.open_page(to.Place.REFUND, imp_uid=imp_uid)
if charge and customer_uid:
    to.open_page(to.Place.CHARGE, customer_uid=customer_uid)
if opened:
    to.open_page(to.Place.PAYMENT, imp_uid=opened)
