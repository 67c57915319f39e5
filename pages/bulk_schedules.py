"""Many schedules at once: rows of the list or a file, what each would do, and how far the lists are."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking.many import submit, tell
from dashboard.screens.asking.many_rows import send_button
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from dashboard.screens.schedules import bulk_desk
from dashboard.screens.schedules import bulk_schedules as form
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
    form.dry_run_table(draft.run)
    label = _("Submit for approval") if draft.run.for_two else _("Send all of them")
    if chosen := send_button(draft.run, fields, lambda _rows: label):
        submit(bulk_desk.DRAFT, chosen, screen.user)
tell(draft.problem, fields)

st.header(_("Lists"))
if not lists:
    st.caption(_("Nothing was changed in bulk yet: choose rows in the list of schedules, or bring a file."))
batch_cards(lists, screen.user)
