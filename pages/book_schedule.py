"""Book a payment, or a series: what is booked already, when and how much, a last look, what became of it."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, last_look, proposals
from dashboard.screens.charges import charge_form
from dashboard.screens.keys.key_facts import no_such_key
from dashboard.screens.schedules import booking_desk, booking_form, booking_preview
from services.operations.actions import bookings

screen = open_screen(_("Book a payment"))
customer_uid = screen.address.get("customer_uid", "")
found = booking_desk.open_booking(customer_uid, screen)
draft, key = found.draft, found.key
if key is None:
    no_such_key()
    st.stop()
link_to(_("Back to the billing key"), Place.BILLING_KEY, icon=BACK, customer_uid=customer_uid)

charge_form.key_facts(key, buyers=screen.buyers)
charge_form.gone_line(key)
if found.operation:
    if opened := booking_desk.result(found.operation, draft):
        open_page(Place.SCHEDULE, merchant_uid=opened)
    st.stop()

if opened := booking_form.booked_already(found.booked):
    open_page(Place.SCHEDULE, merchant_uid=opened)
if key.deleted_at is not None:
    st.stop()
if draft.wanted is None:
    filled = proposals.booking_filled(screen.address, found.last)
    fields, minimum = Fields(draft.form), screen.settings.naverpay_minimum
    typing = booking_form.booking_fields(key, fields, filled, minimum=minimum)
    drafts.take_typed(draft, typing.fields, typing.forms, partial(found.wanted, key, screen), done=typing.done)
    st.stop()
booking_preview.booking_preview(draft.wanted)
says = booking_preview.booking_sentence(draft.wanted)
last_look.last_look(draft, screen.user, says, bookings.as_sent(draft.wanted))
