"""Bulk refunds: bring a file, see what each row would do, have it approved by somebody else, follow it."""

import streamlit as st
from dashboard.access import auth_configured
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds import files_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from dashboard.screens.refunds.batch_files import dry_run_table, template_button
from dashboard.words import formats
from services.errors import InvalidRequest

screen = open_screen(_("Bulk refunds"))
errors, count = settle_desk.FILE_ERRORS.get(), files_desk.COUNT.get()
files = settle_desk.files_now()
watch_list(settle_desk.files_now, files)
alone = not auth_configured()
if alone:
    words = _("Nobody has to sign in here, so there is no second person: files cannot be approved.")
    st.warning(words, icon=":material/group_off:")

template_button()
brought = st.file_uploader(_("A CSV file of refunds"), type="csv", key=f"file_{count}")
if brought:
    again = st.button(_("Look again"), icon=":material/refresh:", key="look_again")
    run = files_desk.looked_at(brought.file_id, brought.name, brought.getvalue(), anew=again)
    if isinstance(run, InvalidRequest):
        st.error(formats.told(run), icon=":material/error:")
    else:
        dry_run_table(run)
        label, icon = _("Submit for approval"), ":material/send:"
        if not run.ready:
            st.caption(_("A file is submitted whole: mend the rows that cannot be sent, and bring it again."))
        if st.button(label, type="primary", icon=icon, key="submit_file", disabled=alone or not run.ready):
            errors["file"] = files_desk.submit(run, screen.user)
            files_desk.COUNT.put(count + (errors["file"] is None))
            st.rerun()
        if error := errors.get("file"):
            st.error(formats.told(error), icon=":material/error:")

st.header(_("Files"))
if not files:
    st.caption(_("No file was brought yet: begin with the template."))
batch_cards(files, screen.user)
