"""Many links at once: bring a file, see what each row would make, make them, and take the addresses along."""

from functools import partial

import streamlit as st
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.links import link_files as form
from dashboard.screens.links import link_files_desk, offer_form
from dashboard.words import formats
from services.errors import InvalidRequest

screen = open_screen(_("Many links at once"))
if screen.entered:
    link_files_desk.MADE.put(None)
found = link_files_desk.read_files()
link_to(_("All payment links"), Place.LINKS, icon=BACK)
if found.lacks or not found.channels:
    offer_form.cannot_make(found.lacks)
    st.stop()

form.template_button()
channel = form.channel_choice(found.channels)
brought = st.file_uploader(_("A CSV file of links"), type="csv", key=f"link_file_{link_files_desk.COUNT.get()}")
if brought:
    again = st.button(_("Look again"), icon=":material/refresh:", key="look_again")
    file = (brought.file_id, brought.name)
    run = link_files_desk.looked_at(file, brought.getvalue(), channel, anew=again)
    if isinstance(run, InvalidRequest):
        st.error(formats.told(run), icon=":material/error:")
    else:
        form.dry_run_table(run)
        if form.make_button(run, channel):
            if problem := link_files_desk.make(run, screen.user, form.progress_bar()):
                st.error(formats.told(problem), icon=":material/error:")
            else:
                st.rerun()
else:
    form.made_line(link_files_desk.MADE.get())

st.header(_("Files"))
if not found.files:
    st.caption(_("No file was brought yet: begin with the template."))
for one, states in found.files:
    result = partial(link_files_desk.result_of, one.id)
    form.file_card(one, states, result if link_files_desk.may_take(one, screen.user) else None, screen.user)
