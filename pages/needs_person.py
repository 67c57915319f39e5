"""Needs a person: approvals, outcomes that nobody knows, and what expired; each with its action and a reason."""

import time

import streamlit as st
from dashboard import rereads, settling
from dashboard.access import Permission, User
from dashboard.components import recurring, waiting
from dashboard.components.attention import concern_lines
from dashboard.components.frame import strip
from dashboard.components.watching import watch_list
from dashboard.executing import name_of
from dashboard.locale import _
from dashboard.navigation import link_to_bulk_refunds, link_to_bulk_schedules
from dashboard.recovering import recurring_now
from dashboard.resources import current_freshness, current_settings, open_session
from services.clock import day_of
from services.journal_models import OperationKind
from services.operations.batches import waiting_batches

user: User = st.session_state["user"]
errors = st.session_state.setdefault("waiting_errors", {})
operations, now = settling.waiting_now(), time.time()
with open_session() as session:
    files = waiting_batches(session)
    open_now = recurring_now(session, now)
concerns = recurring.recurring_concerns(open_now)

st.title(_("Needs a person"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
watch_list(lambda: waiting.fingerprint(settling.waiting_now()), waiting.fingerprint(operations))
if any(one.kind == OperationKind.REFUND for one in files):
    link_to_bulk_refunds(_("Files of refunds wait for approval"))
if any(one.kind != OperationKind.REFUND for one in files) and user.may(Permission.SCHEDULE):
    link_to_bulk_schedules(_("Lists of schedules to be charged wait for approval"))
if concerns:
    st.subheader(_("Recurring payments"))
    concern_lines(concerns)
recurring.due_today(open_now.due, day_of(now))
if not operations:
    if not files and not concerns:
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
