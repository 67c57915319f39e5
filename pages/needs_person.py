"""Needs a person: approvals, outcomes that nobody knows, and what expired; each with its action and a reason."""

import streamlit as st
from dashboard import rereads, settling
from dashboard.access import Permission, User
from dashboard.components import waiting
from dashboard.components.frame import strip
from dashboard.components.watching import watch_list
from dashboard.executing import name_of
from dashboard.locale import _
from dashboard.navigation import link_to_bulk_refunds
from dashboard.resources import current_freshness, current_settings, open_session
from services.operations.batches import waiting_batches

user: User = st.session_state["user"]
errors = st.session_state.setdefault("waiting_errors", {})
operations = settling.waiting_now()
with open_session() as session:
    files = waiting_batches(session)

st.title(_("Needs a person"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
watch_list(lambda: waiting.fingerprint(settling.waiting_now()), waiting.fingerprint(operations))
if files:
    link_to_bulk_refunds(_("Files of refunds wait for approval"))
if not operations:
    if not files:
        waiting.nothing_waits()
    st.stop()

reader = waiting.Reader(name_of(user), may_approve=user.may(Permission.APPROVE))
chosen = None
for state, (heading, what) in waiting.sections().items():
    found = [one for one in operations if one.state == state]
    if not found:
        continue
    st.subheader(f"{heading} ({waiting.how_many(found)})")
    st.caption(what)
    for one in found[: waiting.AT_ONCE]:
        key = settling.looking_key(one.id or 0)
        errors[one.id] = rereads.last_error(key) or errors.get(one.id)
        pressed = waiting.waiting_card(one, reader, looking=rereads.is_reading(key), error=errors[one.id])
        chosen = pressed or chosen
    waiting.more_line(len(found) - waiting.AT_ONCE)
if chosen:
    errors[chosen.operation_id] = settling.settle(chosen, user)
    waiting.settled_toast(chosen, errors[chosen.operation_id])
    st.rerun()
