"""The access log: who did what with buyers' data, for whoever answers for it; its monthly review."""

from functools import partial

import streamlit as st
from dashboard.locale import _
from dashboard.screen import open_screen, readable_filter
from dashboard.screens.access_log import access_desk, access_list
from dashboard.screens.access_log.access_filters import access_form
from dashboard.words import formats


def _review(note: str) -> None:
    if problem := access_desk.note_review(note, screen.user):
        st.error(formats.told(problem), icon=":material/error:")
        return
    st.rerun()


screen = open_screen(_("Access log"))
form = access_form(screen.today, access_desk.known_people())
view, line = form.ask(screen.address, "text", "period", entered=screen.entered)
with readable_filter():
    found = access_desk.read_list(view.chosen, before=view.before, after=view.after)
view = form.at_the_top(view, found)
screen.set_address(form.address(view, view.chosen.text, found))
with line:
    access_list.csv_button(partial(access_desk.read_file, view.chosen), screen.user)
access_list.review_line(access_desk.reviews(screen.now), _review)
if not found.rows:
    access_list.no_entries(view.chosen, screen.today)
    st.stop()
access_list.access_table(found, key=f"access_{view.before}_{view.after}")
access_list.access_pager(found)
