"""A buyer's request by law: all that is kept of them, in a file, and erased where nobody has to keep it."""

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.asking.step_line import form_column
from dashboard.screens.privacy import buyer_desk as desk
from dashboard.screens.privacy import buyer_form as form
from services.errors import InvalidRequest

screen = open_screen(_("Buyers' requests"))
fields = Fields("buyer_requests")


with form_column():
    form.law(screen.settings.keep_buyers_years)
    typed = form.search(fields)
    try:
        if typed is not None:
            desk.begin(typed)
        if not desk.at().text:
            st.stop()
        found = desk.found(screen.user)
    except InvalidRequest as problem:
        fields.say(problem)
        st.stop()
if (erased := desk.at().erased) is not None:
    form.erased(erased)
if not found.rows:
    form.nobody()
    st.stop()
form.rows_table(found.rows, found.others)
with form_column():
    if desk.at().sure:
        answer = form.last_question(found.rows)
        if answer is None:
            st.stop()
        if answer and (failed := desk.erase_all(screen.user)):
            fields.say(failed)
            st.stop()
        desk.leave()
        st.rerun()
    wish = form.wishes(fields, found.rows)
    if wish.copy and (failed := desk.copy(found, wish.reason, screen.user)):
        fields.say(failed)
    if wish.erase:
        if refused := desk.ask_once_more(found, wish.reason):
            fields.say(refused)
            st.stop()
        st.rerun()
    if files := desk.files(found):
        form.downloads(files)
