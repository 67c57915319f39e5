"""New link: what a buyer is asked to pay or to register, and by which channel."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking.step_line import form_column
from dashboard.screens.links import offer_desk, offer_form
from services.errors import JangbuError

screen = open_screen(_("New link"))
found = offer_desk.open_offer(screen.address, entered=screen.entered)
draft = found.draft
if draft.made:
    open_page(Place.LINK, link=str(draft.made))
link_to(_("All payment links"), Place.LINKS, icon=BACK)

with form_column():
    if found.lacks or not found.channels:
        offer_form.cannot_make(found.lacks)
        st.stop()
    fields, cancel = Fields(draft.form), partial(link_to, _("Cancel"), Place.LINKS, icon=":material/close:")
    typing = offer_form.offer_fields(fields, found.channels, found.key, screen.settings, cancel)
    if not typing.done:
        st.stop()
    made = offer_desk.make(draft, typing.form(), found.channels, screen.user)
    if isinstance(made, JangbuError):
        fields.say(made)
        st.stop()
open_page(Place.LINK, link=str(draft.made))
