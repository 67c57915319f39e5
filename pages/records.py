"""Settings, bulk files and closings: what people did besides operations, as the audit tells it."""

import streamlit as st
from dashboard.locale import _
from dashboard.screen import open_screen, readable_filter
from dashboard.screens.activity import activity_desk, record_list

screen = open_screen(_("Settings, bulk files and closings"))
form = record_list.record_form(screen.today)
form.recall(screen.address, entered=screen.entered)
form.bar("period")
view = form.view()

with readable_filter():
    found = activity_desk.read_records(view.chosen, before=view.before, after=view.after)
view = form.at_the_top(view, found)
screen.set_address(form.address(view, "", found))
if not found.rows:
    record_list.no_records(view.chosen, screen.today)
    st.stop()
record_list.record_lines(found)
record_list.record_pager(found)
