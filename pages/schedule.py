"""Schedule: one booked payment, what became of it, and how to move, cancel, retry or rebook it."""

from functools import partial

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.frame import strip
from dashboard.kit.reread import reread_button
from dashboard.locale import _
from dashboard.navigation import link_to_schedules, open_payment
from dashboard.process import rereads
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking import drafts
from dashboard.screens.payments.operation_events import operation_events
from dashboard.screens.payments.related import attempts_table
from dashboard.screens.payments.timeline import in_order, timeline
from dashboard.screens.schedules import schedule_desk
from dashboard.screens.schedules import schedule_facts as facts
from services.operations.actions.schedule_history import operations_on
from services.operations.actions.schedule_steps import subject_of
from services.operations.journal.audit import history
from services.store.lists.one import get_payment, get_schedule, list_attempts

user: User = st.session_state["user"]
merchant_uid = st.query_params.get("merchant_uid", "")
draft, name = drafts.draft_of(subject_of(merchant_uid)), rereads.schedule_name(merchant_uid)
if schedule_desk.is_asked(user):
    entered, ask_again = st.session_state["entered"], rereads.ask_schedule_again
    drafts.read_first(draft, merchant_uid, entered=entered, ask_again=ask_again)
reading = rereads.is_reading(name)
with open_session() as session:
    schedule = get_schedule(session, merchant_uid)
    payment = get_payment(session, schedule.imp_uid) if schedule and schedule.imp_uid else None
    attempts = list_attempts(session, merchant_uid) if schedule else ()
    operation = drafts.operation_to_show(session, draft, user)
    operations = operations_on(session, schedule) if schedule else []
    told = {one.id: history(session, one.id) for one in operations}

st.title(_("Schedule"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
with st.container(horizontal=True, vertical_alignment="center"):
    link_to_schedules(_("All schedules"), {}, icon=":material/arrow_back:")
    if user.may(Permission.READ_AGAIN) and merchant_uid and not schedule_desk.is_asked(user):
        ask, is_reading = partial(rereads.ask_schedule_again, merchant_uid), partial(rereads.is_reading, name)
        reread_button(ask, is_reading, partial(rereads.last_error, name), was_reading=reading)
if schedule is None:
    words = _("Look for it in the list of schedules, or wait for the next reading if it is new.")
    st.info(words, title=_("No such schedule here"), icon=":material/search_off:")
    st.stop()

facts.schedule_header(schedule)
facts.schedule_ids(schedule, may_book=user.may(Permission.SCHEDULE))
schedule_desk.desk(schedule, operation, draft, user, reading=reading)
meanwhile = schedule_desk.ran_meanwhile(schedule, operation, user)
facts.became_payment(schedule, payment, may_refund=user.may(Permission.REFUND), meanwhile=meanwhile)
opened = None
if len(attempts) > 1:
    st.subheader(_("Attempts under the same order number"))
    opened = attempts_table(attempts, schedule.imp_uid or "")
st.subheader(_("What happened"))
events = [*facts.schedule_events(schedule), *operation_events(operations, told)]
timeline(in_order(events), schedule.currency)
facts.schedule_facts(schedule, buyers=user.may(Permission.SEE_BUYERS))
if opened:
    open_payment(opened)
