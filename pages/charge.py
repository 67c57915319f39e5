"""Charge: a billing key, what it was charged for last, how much now, a last look, and what became of it."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, last_look, outcome, review
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.charges import charge_desk, charge_form
from services.operations.actions import charges

screen = open_screen(_("Charge"))
customer_uid = screen.address.get("customer_uid", "")
found = charge_desk.open_charge(customer_uid, screen)
draft, key, operation = found.draft, found.key, found.operation
if key is None:
    words = _("Look for it in the list of billing keys, and charge from there.")
    st.info(words, title=_("No such billing key here"), icon=":material/search_off:")
    st.stop()
link_to(_("Back to the billing key"), Place.BILLING_KEY, icon=BACK, customer_uid=customer_uid)

with form_column():
    step_line(draft.step, asked=operation is not None)
    charge_form.key_facts(key, buyers=screen.buyers)
    charge_form.gone_line(key)
    if operation is None and found.reads_refused():
        watch_reading(found.reads_refused, _("Reading from the gateway what was refused …"))
        st.stop()
    if operation:
        drafts.watch_outcome(operation, partial(outcome.charge_result, late=found.late, key=key))
        if operation.imp_uid:
            link_to(_("Open the payment"), Place.PAYMENT, icon=":material/receipt_long:", imp_uid=operation.imp_uid)
        drafts.offer_again(draft, operation, _("Charge something else"), charge_form.as_typed)
        st.stop()

    charge_form.last_charges(found.last)
    if key.deleted_at is not None:
        st.stop()
    drafts.overtaken_line(draft)
    if draft.wanted is None:
        typing = charge_form.charge_fields(
            key,
            Fields(draft.form),
            found.last[0] if found.last else None,
            already=found.already,
            minimum=screen.settings.naverpay_minimum,
            cancel=partial(link_to, _("Cancel"), Place.BILLING_KEY, icon=":material/close:", customer_uid=customer_uid),
        )
        drafts.take_typed(draft, typing.fields, typing.form, partial(found.wanted, key, screen), done=typing.done)
        st.stop()
    says = review.charge_sentence(draft.wanted, key, buyers=screen.buyers)
    last_look.last_look(draft, screen.user, says, charges.as_sent(draft.wanted))
