"""The cash receipts of one payment, or of one sale made elsewhere: what stands, issuing one, cancelling it."""

from functools import partial

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.fields import Fields
from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.lookup import ask_gateway
from dashboard.kit.reread import reread_button
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.process import rereads
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, outcome
from dashboard.screens.asking.step_line import form_column
from dashboard.screens.receipts import receipt_desk, receipt_facts, receipt_form
from dashboard.words import formats
from services.operations.actions.receipts import issues
from services.operations.journal.states import OPEN
from services.receipts import pg_rules

screen = open_screen(_("Cash receipt"))
imp_uid, order = screen.address.get("imp_uid", ""), screen.address.get("merchant_uid", "")
found = receipt_desk.open_receipt(imp_uid, order, screen.user)
payment, operation, live = found.payment, found.operation, found.live
screen = screen.in_store(payment.tier if payment else None)
may = screen.user.may(Permission.RECEIPT)
with st.container(horizontal=True, vertical_alignment="center"):
    if imp_uid:
        link_to(_("Back to the payment"), Place.PAYMENT, icon=BACK, imp_uid=imp_uid)
    link_to(_("All cash receipts"), Place.RECEIPTS, icon=BACK)
    st.space("stretch")
    if screen.may_read and (payment or order):
        reread_button(found.reading)
        if found.unread:
            gateway_warning(found.unread)
if imp_uid and payment is None:
    ask_gateway(imp_uid, here=False, was_asking=False, may=screen.may_read)
    st.info(_("Look for it in the list of payments."), title=_("No such payment here"), icon=":material/search_off:")
    st.stop()

if payment:
    receipt_facts.payment_line(payment, buyers=screen.buyers)
else:
    st.text(formats.shown(order))
if found.receipts:
    receipt_facts.receipt_table(found.receipts, payment, buyers=screen.buyers)
else:
    receipt_facts.none_known(payment, known_there=found.known_there)
with form_column():
    if live and payment:
        receipt_facts.differs_warning(live, payment)
    if operation:
        drafts.watch_outcome(operation, outcome.outcome)
        if operation.state in OPEN:
            st.stop()
        if operation.state != "succeeded":
            drafts.offer_again(found.asked, operation, "")
            st.stop()
    if not may:
        st.stop()

    if found.cancel.wanted and live:
        says = _("Cancel the receipt over {amount}. The buyer's is taken back at the tax office.")
        told = says.format(amount=formats.money(live.amount, "KRW"))
        receipt_desk.last_look(found.cancel, screen.user, told, {}, _("Cancel the receipt"))
        st.stop()
    if live:
        blocked = None
        if st.button(_("Cancel the receipt"), icon=":material/receipt_long_off:", key="cancel_receipt"):
            receipt_desk.begin_anew(found.cancel)
            found = receipt_desk.open_receipt(imp_uid, order, screen.user)
            blocked = found.begin_cancelling(live)
            if blocked is None:
                st.rerun()
        if blocked:
            st.error(formats.told(blocked), icon=":material/block:")
        st.stop()
    if payment is None:
        link_to(_("New receipt"), Place.NEW_RECEIPT)
        st.stop()

    if operation:
        st.button(_("Issue another one"), key="another", on_click=receipt_desk.begin_anew, args=(found.issue,))
        st.stop()
    if stands := pg_rules.stands_in_the_way(payment):
        st.info(formats.told(stands), title=_("No receipt can be issued here"), icon=":material/block:")
        st.stop()
    if receipt_desk.read_first(found, imp_uid, entered=screen.entered):
        watch_reading(partial(rereads.is_reading, imp_uid), _("Reading from the gateway what is left …"))
        st.stop()
    drafts.show(found.issue, imp_uid, payment.amount - payment.cancel_amount)
    receipt_facts.sentences(pg_rules.warnings(payment.pg_provider, external=False))
    if found.issue.wanted is None:
        typing = receipt_form.receipt_fields(
            Fields(found.issue.form),
            pg_rules.rule_of(payment.pg_provider),
            residents=receipt_desk.takes_residents(),
            filled={name: getattr(payment, name) or "" for name in ("buyer_name", "buyer_tel")}
            if screen.buyers
            else {},
            cancel=partial(link_to, _("Cancel"), Place.PAYMENT, icon=":material/close:", imp_uid=imp_uid),
        )
        drafts.take_typed(found.issue, typing.fields, typing.form, partial(found.wanted, payment), done=typing.done)
        st.stop()
    says = receipt_form.receipt_sentence(found.issue.wanted)
    body = issues.as_sent(found.issue.wanted)
    receipt_desk.last_look(found.issue, screen.user, says, body, _("Issue the receipt"))
