"""Activity: everything that was asked of the gateway, by whom, and what became of it."""

import streamlit as st
from dashboard.kit.filters import hits
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import open_screen, readable_filter
from dashboard.screens.activity import activity_desk, activity_list
from dashboard.screens.activity.activity_filters import activity_form

screen = open_screen(_("Activity"))
form = activity_form(screen.today, activity_desk.known_people())
view, line = form.ask(screen.address, "text", "period", entered=screen.entered)
chosen = view.chosen

with readable_filter():
    found, buyers = activity_desk.read_list(chosen, before=view.before, after=view.after)
view = form.at_the_top(view, found)
screen.set_address(form.address(view, chosen.text, found))
screen.note_search(chosen.text, found)
with line:
    screen.export("operations", chosen)
hits.search_line(found)
if not found.rows:
    activity_list.no_operations(chosen, screen.today)
    st.stop()

columns = activity_list.operation_columns(buyers, in_full=screen.buyers)
opened = activity_list.operation_table(found, columns, key=f"activity_{view.before}_{view.after}")
activity_list.operation_pager(found)
if opened:
    open_page(Place.OPERATION, number=str(opened.id))
