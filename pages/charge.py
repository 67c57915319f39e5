"""Charge: a billing key, what it was charged for last, how much now, a last look, and what became of it."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, last_look, outcome, review
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

charge_form.key_facts(key, buyers=screen.buyers)
charge_form.gone_line(key)
if operation is None and found.reads_refused():
    watch_reading(found.reads_refused, _("Reading from the gateway what was refused …"))
    st.stop()
if operation:
    drafts.watch_outcome(operation, partial(outcome.charge_result, late=found.late, key=key))
    if operation.imp_uid:
        link_to(_("Open the payment"), Place.PAYMENT, icon=":material/receipt_long:", imp_uid=operation.imp_uid)
    drafts.offer_again(draft, operation, _("Charge something else"))
    st.stop()

charge_form.last_charges(found.last)
if key.deleted_at is not None:
    st.stop()
drafts.overtaken_line(draft)
if draft.wanted is None:
    last = found.last[0] if found.last else None
    typing = charge_form.charge_fields(
        key,
        Fields(draft.form),
        currency=last.currency if last else "KRW",
        name=(last.name or "")[:40] if last else "",
        already=found.already,
        minimum=screen.settings.naverpay_minimum,
    )
    drafts.take_typed(draft, typing.fields, typing.form, partial(found.wanted, key, screen), done=typing.done)
    st.stop()
last_look.last_look(draft, screen.user, review.charge_sentence(draft.wanted), charges.as_sent(draft.wanted))
