"""Needs a person: approvals, outcomes that nobody knows, and what expired; each with its action and a reason."""

import time

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.frame import strip
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import link_to_bulk_refunds, link_to_bulk_schedules
from dashboard.process.after_sync import recurring_now
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.charges.late_list import late_cards
from dashboard.screens.needs_person import cards, settle_desk
from dashboard.screens.overview import desks_today
from dashboard.screens.overview.attention import concern_lines
from services.clock import day_of
from services.operations.files.batches import waiting_batches
from services.store.writes.late_payments import late_payments
from services.tables.journal import OperationKind

user: User = st.session_state["user"]
errors = st.session_state.setdefault("waiting_errors", {})
settled: set[int] = st.session_state.setdefault("waiting_settled", set())
operations, now = settle_desk.waiting_now(), time.time()
with open_session() as session:
    files = waiting_batches(session)
    open_now, late = recurring_now(session, now), late_payments(session)
concerns = desks_today.recurring_concerns(open_now)

st.title(_("Needs a person"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
watch_list(lambda: settle_desk.as_shown(settle_desk.waiting_now()), settle_desk.as_shown(operations))
for number in settled - {one.id for one in operations}:
    settled.discard(number)
    cards.settled_toast(number)
if any(one.kind == OperationKind.REFUND for one in files):
    link_to_bulk_refunds(_("Files of refunds wait for approval"))
if any(one.kind != OperationKind.REFUND for one in files) and user.may(Permission.SCHEDULE):
    link_to_bulk_schedules(_("Lists of schedules to be charged wait for approval"))
if concerns:
    st.subheader(_("Recurring payments"))
    concern_lines(concerns)
desks_today.due_today(open_now.due, day_of(now))
if standing := late_cards(late, may_refund=user.may(Permission.REFUND), errors=errors):
    errors[standing.late.imp_uid] = settle_desk.let_stand(standing, user)
    st.rerun()
if not operations:
    if not files and not concerns and not late:
        cards.nothing_waits()
    st.stop()

reader = settle_desk.reader_of(user)
chosen = None
for state, (heading, what) in cards.sections().items():
    found = [one for one in operations if one.state == state]
    if not found:
        continue
    st.subheader(f"{heading} ({cards.how_many(found)})")
    st.caption(what)
    for one in found[: cards.AT_ONCE]:
        number = one.id
        if not (looking := settle_desk.is_reading(number)):
            errors[number] = errors.get(number) or settle_desk.last_error(number)
        pressed = cards.waiting_card(one, reader, looking=looking, error=errors.get(number))
        chosen = pressed or chosen
    cards.more_line(len(found) - cards.AT_ONCE)
if chosen:
    errors[chosen.operation_id] = settle_desk.settle(chosen, user)
    if errors[chosen.operation_id] is None and chosen.act != cards.Act.LOOK:
        settled.add(chosen.operation_id)
    st.rerun()
