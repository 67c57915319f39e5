"""What a person may do about one booked payment, and the steps of it: fields, a last look, an outcome that stays."""

import time
from collections.abc import Sequence
from functools import partial

import streamlit as st
from services.operations.actions.by_kind import action_of
from services.operations.actions.schedule_changes import CHANGES, OF_BOOKED, Change, wanted_change
from services.operations.journal.journal import Wanted
from services.operations.journal.states import OPEN, Why
from services.store.lists.one import booked_on_key, get_schedule
from services.store.lists.subscriptions import subscription_of_key
from services.tables.journal import Operation
from services.tables.journal import OperationKind as Kind
from services.tables.journal import OperationState as State
from services.tables.revenue import SubscriptionState
from services.tables.v1 import Schedule, ScheduleStatus

from dashboard.access import Permission, User
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list, watch_reading
from dashboard.locale import _
from dashboard.process import rereads
from dashboard.process.resources import open_session
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.last_look import last_look
from dashboard.screens.asking.outcome import again_button, outcome
from dashboard.screens.asking.proposals import proposed_time
from dashboard.screens.schedules import schedule_form
from dashboard.screens.schedules.schedule_form import Typed

DO = "do"


def kinds_for(schedule: Schedule, user: User) -> Sequence[Kind]:
    """What this person may ask for: a booked one is moved or cancelled, a failed or revoked one charged or rebooked."""
    if not user.may(Permission.SCHEDULE):
        return ()
    if schedule.schedule_status == ScheduleStatus.SCHEDULED:
        return OF_BOOKED
    if schedule.payment_status in ("paid", "cancelled"):
        return ()
    # Who had it revoked may want it later, and hardly at once.
    changes = CHANGES if schedule.schedule_status == ScheduleStatus.REVOKED else reversed(CHANGES)
    return [kind for kind in changes if kind not in OF_BOOKED]


def is_asked(user: User) -> bool:
    """Whether the address asks for a change: then the gateway is read first."""
    return user.may(Permission.SCHEDULE) and DO in st.query_params


def ran_meanwhile(schedule: Schedule, operation: Operation | None, user: User) -> bool:
    """Whether it ran while somebody was about to change it, or had asked for it."""
    if operation is not None:
        return operation.why == Why.EXECUTED_MEANWHILE
    ran = schedule.schedule_status == ScheduleStatus.EXECUTED
    return ran and is_asked(user) and st.query_params[DO] in OF_BOOKED


def desk(schedule: Schedule, operation: Operation | None, draft: Draft, user: User, *, reading: bool) -> None:
    """The changes that are open now, or the one that is being made, or what became of it."""
    kinds = kinds_for(schedule, user)
    if operation:
        drafts.watch_outcome(operation, outcome)
        if operation.state in OPEN:
            return
        # What was answered is stored a moment after the outcome.
        watch_list(partial(_stored, schedule.merchant_uid), _seen_of(schedule))
        if operation.state != State.SUCCEEDED and operation.kind in kinds:
            again_button(operation, "", partial(_again, draft, operation.kind))
    kind = st.query_params.get(DO) if operation is None else None
    schedule_form.kind_buttons(kinds, kind, partial(_choose, draft))
    if kind is not None and kind in kinds:
        _steps(kind, schedule, draft, user, reading)


def _steps(kind: str, schedule: Schedule, draft: Draft, user: User, reading: bool) -> None:
    name, now = rereads.schedule_name(schedule.merchant_uid), time.time()
    if reading:
        watch_reading(partial(rereads.is_reading, name), _("Reading from the gateway how it stands …"))
        return
    drafts.show(draft, name, _seen_of(schedule))
    if draft.wanted is None:
        if draft.moved:
            words = _("It has changed since the form was opened: look at it again.")
            st.warning(words, icon=":material/sync_problem:")
        fields = Fields(f"{draft.form}.{kind}")
        typing = schedule_form.change_fields(
            kind, schedule, fields, proposed=proposed_time(st.query_params.to_dict()), now=now
        )
        make = partial(_wanted, Kind(kind), draft.token, schedule, now)
        drafts.take_typed(draft, fields, typing.form, make, done=typing.done)
        return
    says = schedule_form.change_sentence(draft.wanted, schedule)
    if kind == Kind.REVOKE and _ends_subscription(schedule):
        words = _("It is the only booking of a subscription, which then counts as ended until another one is booked.")
        says = f"{says} {words}"
    action = action_of(kind)
    last_look(draft, user, says, action.as_sent(draft.wanted), charges=action.MOVES_MONEY)


def _ends_subscription(schedule: Schedule) -> bool:
    uid = schedule.customer_uid
    if uid is None:
        return False
    with open_session() as session:
        booked, found = booked_on_key(session, uid), subscription_of_key(session, uid)
    alone = {one.merchant_uid for one in booked} <= {schedule.merchant_uid}
    return alone and found is not None and found.state != SubscriptionState.ENDED


def _choose(draft: Draft, kind: str) -> None:
    drafts.begin_anew(draft, keep=False)
    st.query_params[DO] = kind


def _again(draft: Draft, kind: str, *, keep: bool) -> None:
    drafts.begin_anew(draft, keep=keep)
    st.query_params[DO] = kind


def _seen_of(schedule: Schedule) -> tuple[object, ...]:
    """What a person decides by: where it changes under an open form, they look again."""
    return schedule.schedule_status, schedule.schedule_at, schedule.amount, schedule.payment_status, schedule.imp_uid


def _stored(merchant_uid: str) -> tuple[object, ...]:
    with open_session() as session:
        found = get_schedule(session, merchant_uid)
    return _seen_of(found) if found else ()


def _wanted(kind: Kind, token: str, schedule: Schedule, now: float, typed: Typed) -> Wanted:
    return wanted_change(token, Change(kind, typed.reason), schedule, typed.at, now=now)
