"""Many escrow deliveries at once: a file, what each of its rows would do, and how far the files are."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking.many import submit, tell
from dashboard.screens.asking.many_rows import send_button
from dashboard.screens.deliveries import bulk_desk
from dashboard.screens.deliveries import bulk_parcels as form
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from services.tables.journal import OperationKind

screen = open_screen(_("Many deliveries at once"))
now = partial(settle_desk.files_now, (OperationKind.ENTER_DELIVERY,))
lists, draft = now(), bulk_desk.DRAFT.get()
fields = Fields(draft.form)
watch_list(now, lists)
link_to(_("All escrow deliveries"), Place.DELIVERIES, icon=BACK)

typing = form.parcel_fields(fields, bulk_desk.sender_now(), draft.problem)
if typing.done:
    bulk_desk.look(draft, typing)
    st.rerun()  # what is wrong may stand behind a fold that is drawn before it
if draft.run:
    form.dry_run_table(draft.run)
    if chosen := send_button(draft.run, fields, form.send_words):
        submit(bulk_desk.DRAFT, chosen, screen.user)
tell(draft.problem, fields)

st.header(_("Files"))
if not lists:
    st.caption(_("No file of deliveries was brought yet."))
batch_cards(lists, screen.user)
