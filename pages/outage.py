"""Outage window: what is booked inside it, moved out in one go, and back if it is called off."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking import many
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from dashboard.screens.schedules import outage_desk, outage_form, read_desk
from services.tables.journal import OperationKind

screen = open_screen(_("Outage window"))
now = partial(settle_desk.files_now, (OperationKind.MOVE,))
lists, draft = now(), outage_desk.DRAFT.get()
fields = Fields(draft.form)
watch_list(now, lists)
link_to(_("All schedules"), Place.SCHEDULES, icon=BACK)
st.caption(_("While a PG or bank is down, booked payments fail. What is due then is moved out of the window first."))

typing = outage_form.window_fields(fields, read_desk.known_values().pg_providers)
if typing.done:
    outage_desk.look_out(draft, typing)
if draft.run and (sent := outage_form.move_run(draft.run, fields)):
    many.submit(outage_desk.DRAFT, sent, screen.user)
many.tell(draft.problem, fields)

st.header(_("Moved"))
if not lists:
    st.caption(_("Nothing was moved in bulk yet: enter a window above."))
batch_cards(lists, screen.user, below=partial(outage_desk.offer_back, draft))
