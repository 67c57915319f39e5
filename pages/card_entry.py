"""Enter a card by hand: a charge or a billing key, a last look with the card in it, and what became of it."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, outcome
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.cards import card_desk, card_form
from dashboard.screens.payments.slips import slip_link
from dashboard.words import formats, kinds
from services.operations.actions.cards import card_charges, forms, registrations
from services.operations.journal.states import OPEN
from services.tables.journal import OperationKind

screen = open_screen(_("Card entry"))
uid, order = screen.address.get("customer_uid", ""), screen.address.get("merchant_uid", "")
link_to(_("All billing keys"), Place.BILLING_KEYS, icon=BACK)
with form_column():
    if not card_desk.is_open():
        words = _("Card data is entered here only where the person who runs Jangbu allows it.")
        st.info(words, title=_("Switched off"), icon=":material/credit_card_off:")
        st.stop()
    if not card_desk.is_encrypted():
        words = _("Jangbu is reached without https here, so a card could be read on its way: none is taken.")
        st.error(words, title=_("Not encrypted"), icon=":material/lock_open:")
        st.stop()
    card_form.duties()
    preset = "register" if uid else "charge"
    st.session_state.setdefault("card_entry.how", preset)
    if screen.entered and (uid or order):
        st.session_state["card_entry.how"] = preset
    how = Fields("card_entry").switch(
        "how", _("What the card is for"), {"charge": _("Charge once"), "register": _("Make a billing key")}
    )
    kind = OperationKind.CARD_CHARGE if how == "charge" else OperationKind.REGISTER_CARD
    found = card_desk.open_entry(kind, uid, order, screen.user)
    draft, operation = found.draft, found.operation
    step_line(draft.step, asked=operation is not None)
    if operation:
        drafts.watch_outcome(operation, outcome.outcome)
        card_form.asked_line(operation)
        slip_link(operation.receipt_url, _("Sales slip"))
        if operation.imp_uid:
            link_to(_("Open the payment"), Place.PAYMENT, icon=":material/receipt_long:", imp_uid=operation.imp_uid)
        if operation.customer_uid:
            link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=operation.customer_uid)
        if operation.state in OPEN:
            st.stop()
        outcome.again_button(operation, _("Enter another card"), partial(drafts.begin_anew, draft))
        st.stop()
    if not found.channels:
        st.info(_("None of the channels takes a card's number."), icon=":material/block:")
        st.stop()
    drafts.overtaken_line(draft)
    if draft.wanted is None:
        fields, cancel = Fields(draft.form), partial(link_to, _("Cancel"), Place.BILLING_KEYS, icon=":material/close:")
        if kind == OperationKind.CARD_CHARGE:
            charge = card_form.charge_fields(fields, found.channels, cancel)
            drafts.take_typed(
                draft, fields, charge.form, lambda one: forms.wanted_card_charge(draft.token, *one), done=charge.done
            )
        else:
            key = card_form.key_fields(fields, found.channels, uid, cancel)
            drafts.take_typed(
                draft, fields, key.form, lambda one: forms.wanted_registration(draft.token, *one), done=key.done
            )
        st.stop()

    charges = kind == OperationKind.CARD_CHARGE
    fields = card_desk.fields_of(found)
    look = card_form.card_look(
        fields,
        draft.wanted,
        card_form.charge_sentence(draft.wanted) if charges else card_form.key_sentence(draft.wanted),
        card_charges.as_sent(draft.wanted) if charges else registrations.as_sent(draft.wanted),
        found.wants,
        confirm_from=card_desk.confirm_from() if charges else None,
        closed=card_desk.closed(found),
        label=kinds.of(kind).send.format(amount=formats.money(draft.wanted.amount, "KRW")),
    )
    if found.look.problem:
        fields.say(found.look.problem)
    if error := card_desk.unsaved(draft):
        st.error(formats.told(error), icon=":material/error:")
    if look.sent:
        card_desk.take_card(found, fields, look.typed, screen.user, screen.now)
    if look.unsure:
        card_desk.unsure(found, fields)
    if look.back:
        card_desk.change(found, fields)
