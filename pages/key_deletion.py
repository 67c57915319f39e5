"""Delete a billing key, or end its subscription: what stands in the way, why, a last look, what became of it."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.process import rereads
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts
from dashboard.screens.charges import charge_form
from dashboard.screens.keys import deletion_desk, key_facts
from dashboard.screens.keys import key_deletion_form as form
from services import stated

uid = st.query_params.get("customer_uid", "")
found = deletion_desk.open_deletion(uid)
draft, key, booked, operation = found.draft, found.key, found.booked, found.operation
ending = found.ends_all(st.query_params.to_dict())
screen = open_screen(_("End the subscription") if ending else _("Delete a billing key"))
link_to(_("Back to the billing key"), Place.BILLING_KEY, icon=BACK, customer_uid=uid)
if found.reading and operation is None:
    watch_reading(partial(rereads.is_reading, found.name), _("Reading from the gateway what is booked …"))
    st.stop()
if key is None:
    key_facts.no_such_key()
    st.stop()

charge_form.key_facts(key, buyers=screen.buyers)
if operation:
    deletion_desk.steps(draft, operation, key)
    st.stop()
drafts.show(draft, found.name, [(one.merchant_uid, one.schedule_at, one.amount) for one in booked])
if key.deleted_at is not None:
    charge_form.gone_line(key)
    st.stop()
if draft.moved:
    st.warning(_("What is booked has changed since the form was opened: look at it again."), icon=":material/sync:")
if booked and not ending:
    if form.blocked(booked):
        st.query_params["end"] = "1"
        st.rerun()
    st.stop()

if draft.wanted is None:
    reasons = stated.words_in(stated.DELETION, screen.settings.reason_language)
    cancel = partial(link_to, _("Cancel"), Place.BILLING_KEY, icon=":material/close:", customer_uid=uid)
    typing = form.deletion_fields(Fields(draft.form), booked, reasons, cancel)
    make = partial(deletion_desk.wanted_ending, draft.token, key, booked, screen.now)
    drafts.take_typed(draft, typing.fields, lambda: typing, make, done=typing.done)
    st.stop()
deletion_desk.last_look(found, key, screen.user)
