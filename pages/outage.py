"""Outage window: what is booked inside it, moved out in one go, and back if it is called off."""

from functools import partial

import streamlit as st
from dashboard.access import User
from dashboard.kit.fields import Fields
from dashboard.kit.frame import strip
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import link_to_schedules
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_files import batch_card
from dashboard.screens.schedules import outage_desk, outage_form
from dashboard.words import formats
from services.errors import InvalidRequest
from services.store.lists.schedules import schedule_values
from services.tables.journal import OperationKind

user: User = st.session_state["user"]
errors = st.session_state.setdefault("file_errors", {})
now = partial(settle_desk.files_now, (OperationKind.MOVE,))
lists, draft = now(), outage_desk.draft()
fields = Fields(draft.form)
with open_session() as session:
    providers = schedule_values(session).pg_providers

st.title(_("Outage window"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
watch_list(now, lists)
link_to_schedules(_("All schedules"), {}, icon=":material/arrow_back:")
st.caption(_("While a PG or bank is down, booked payments fail. What is due then is moved out of the window first."))

typing = outage_form.window_fields(fields, providers)
if typing.done:
    outage_desk.look_out(draft, typing)
if isinstance(draft.problem, InvalidRequest):
    fields.say(draft.problem)
elif draft.problem:
    st.error(formats.told(draft.problem), icon=":material/error:")
if draft.run and (sent := outage_form.move_run(draft.run, fields)):
    outage_desk.submit(draft, sent, user)
    st.rerun()

st.subheader(_("Moved"))
if not lists:
    st.caption(_("Nothing was moved in bulk yet: enter a window above."))
reader, chosen = settle_desk.reader_of(user), None
for batch, counts in lists:
    rows = partial(settle_desk.rows_of, batch.id)
    pressed = batch_card(batch, counts, reader=reader, rows=rows, error=errors.get(batch.id))
    chosen = pressed or chosen
    if outage_form.back_button(batch, counts):
        outage_desk.look_back(draft, batch)
        st.rerun()
if chosen:
    errors[chosen.batch_id] = settle_desk.settle_file(chosen, user)
    st.rerun()
