"""Many schedules at once: rows of the list or a file, what each would do, and how far the lists are."""

from functools import partial

import streamlit as st
from dashboard.access import auth_configured
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from dashboard.screens.schedules import bulk_desk
from dashboard.screens.schedules import bulk_schedules as form
from dashboard.words import formats
from services.operations.actions.schedule_changes import CHANGES

screen = open_screen(_("Many schedules at once"))
now = partial(settle_desk.files_now, CHANGES)
lists, draft = now(), bulk_desk.DRAFT.get()
fields = Fields(draft.form)
watch_list(now, lists)
link_to(_("All schedules"), Place.SCHEDULES, icon=BACK)

file = None
if draft.orders:
    st.markdown(f"**{bulk_desk.chosen_words(len(draft.orders))}**")
    st.button(_("Bring a file instead"), icon=":material/upload_file:", key="file_instead", on_click=bulk_desk.begin)
else:
    form.template_button()
    brought = st.file_uploader(_("A CSV file of schedules"), type="csv", key=fields.key("upload"))
    file = (brought.name, brought.getvalue()) if brought else None
typing = form.change_fields(fields, form.kind_choice(fields, draft.kind))
if typing.done:
    bulk_desk.look(draft, typing, file)
if draft.run and draft.run.kind == typing.change.kind:
    run, alone = draft.run, not auth_configured()
    form.dry_run_table(run)
    fitting = not run.ready and st.checkbox(_("Leave out the rows that cannot be sent"), key=fields.key("fitting"))
    label = _("Submit for approval") if run.for_two else _("Send all of them")
    off = (run.for_two and alone) or not (run.ready or (fitting and run.fitting().rows))
    if run.for_two and alone:
        words = _("Nobody has to sign in here, so there is no second person: files cannot be approved.")
        st.warning(words, icon=":material/group_off:")
    if st.button(label, type="primary", icon=":material/send:", key="submit_rows", disabled=off):
        bulk_desk.submit(run, screen.user, fitting=bool(fitting))
        if not draft.problem:
            st.rerun()
if draft.problem:
    st.error(formats.told(draft.problem), icon=":material/error:")

st.header(_("Lists"))
if not lists:
    st.caption(_("Nothing was changed in bulk yet: choose rows in the list of schedules, or bring a file."))
batch_cards(lists, screen.user)
