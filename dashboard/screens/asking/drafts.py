"""Forms that move money: what a person is filling in, under one token for the whole life of a form."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import streamlit as st
from services.errors import InvalidRequest, JangbuError, NotSaved, OperationError
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, get, latest_on, record
from services.operations.journal.states import OPEN
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Payment
from sqlalchemy import Connection, Engine

from dashboard.access import User
from dashboard.kit.fields import Fields
from dashboard.kit.session import Slot
from dashboard.kit.watch import watch_operation
from dashboard.process import rereads
from dashboard.process.executor import actor_of, name_of, require_may_ask, wake_executor
from dashboard.process.resources import open_session, open_store
from dashboard.screens.asking.outcome import again_button
from dashboard.screens.asking.review import Choice
from dashboard.screens.asking.steps import Asked, Filling, Looking, Step, clicked, filled, stake_moved
from dashboard.words import formats

Form = TypeVar("Form")
Write = Callable[[Engine, Wanted, Actor, float], Operation]
"""Writes an intent into the journal."""
_SHOWN_FOR = 600
"""Seconds for which a person who comes back is told first how their last operation ended."""


@dataclass(slots=True)
class Draft:
    """One form of this session. A new token stands for a new wish; the same one is never carried out twice."""

    subject: str
    kind: OperationKind | None = None
    """What it asks for, where a subject has several such."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """What the widgets' keys begin with: after a refusal the next form shows what was typed in this one."""
    read: bool = False
    """Whether the gateway was asked for how things stand now."""
    unread: JangbuError | None = None
    """Why that brought no answer."""
    shown: object = None
    """What the person was shown of what is at stake: what is left, or what is booked."""
    anew: bool = False
    """Begun after an outcome that the person has seen."""
    step: Step = field(default_factory=Filling)

    @property
    def wanted(self) -> Wanted | None:
        """What the person is looking at for the last time; None at any other step."""
        return self.step.wanted if isinstance(self.step, Looking) else None

    @property
    def moved(self) -> bool:
        """Whether what is at stake changed while the fields stood open."""
        return isinstance(self.step, Filling) and self.step.moved


_DRAFTS: Slot[dict[tuple[str, str | None], Draft]] = Slot("drafts", dict)


def draft_of(subject: str, kind: OperationKind | None = None) -> Draft:
    """The form of this session on a payment or a billing key; a new one where there is none."""
    return _DRAFTS.get().setdefault((subject, kind), Draft(subject, kind))


def just_asked(draft: Draft) -> Operation | None:
    """What was just asked for by a form that begins with nothing; it is empty for the next one then."""
    if not isinstance(draft.step, Asked):
        return None
    with open_session() as session:
        operation = get(session, draft.step.operation_id)
    begin_anew(draft, keep=False)
    return operation


def begin_anew(draft: Draft, typed: Callable[[], Mapping[str, object]] = dict, *, keep: bool) -> None:
    """A new token: the next run draws an empty form, or with `keep` one with what was typed.

    `typed` has the fields of a form that was filled in elsewhere, or before this session.
    """
    new = Draft(draft.subject, draft.kind, anew=True)
    if keep and isinstance(draft.step, Asked):
        new.form = draft.form
    elif keep:
        st.session_state.update({Fields(new.form).key(name): value for name, value in typed().items()})
    _DRAFTS.get()[draft.subject, draft.kind] = new


def read_first(draft: Draft, uid: str, *, entered: bool, ask_again: Callable[[str], None] = rereads.ask_again) -> None:
    """Has the payment or key read from the gateway, outside of this run, whenever its form is opened."""
    if uid and not isinstance(draft.step, Asked) and (entered or not draft.read):
        draft.read, draft.unread = True, None
        if draft.wanted is None:
            draft.shown = None
        ask_again(uid)


def take_balance(draft: Draft, payment: Payment, less: int) -> int:
    """What is left as the form was opened; `less` as promotions.less_of has it."""
    left = payment.amount - payment.cancel_amount - less
    show(draft, payment.imp_uid, left)
    return left


def show(draft: Draft, name: str, at_stake: object) -> None:
    """Notes what the person is shown; what changed since the form was opened brings them back to the fields.

    `name` is what rereads calls the reading that was asked for first.
    """
    draft.unread = rereads.last_error(name) or draft.unread
    if draft.shown not in (None, at_stake):
        draft.step = stake_moved(draft.step)
    draft.shown = at_stake


def check(draft: Draft, form: Callable[[], Form], make: Callable[[Form], Wanted]) -> None:
    """To the last look with what was typed, unless something has to be mended first."""
    draft.step = filled(_made(form, make))


def take_typed(
    draft: Draft, fields: Fields, form: Callable[[], Form], make: Callable[[Form], Wanted], *, done: bool
) -> None:
    """Below the fields: once the person is `done`, on to the last look, or each mistake beside its field."""
    if done:
        check(draft, form, make)
        if draft.wanted:
            st.rerun()
    elif isinstance(draft.step, Filling) and draft.step.problem:
        # What was mended meanwhile is no longer said; only the button leads on.
        made = _made(form, make)
        draft.step = replace(draft.step, problem=made if isinstance(made, InvalidRequest) else None)
    if isinstance(draft.step, Filling) and draft.step.problem:
        fields.say(draft.step.problem)


def _made(form: Callable[[], Form], make: Callable[[Form], Wanted]) -> Wanted | InvalidRequest:
    try:
        return make(form())
    except InvalidRequest as problem:
        return problem


def follow(draft: Draft, choice: Choice | None, user: User, write: Write = record) -> None:
    """Does what the person chose at the last look, and draws the page anew."""
    match choice:
        case None:
            return
        case Choice.SEND:
            ask(draft, user, write)
        case Choice.CHANGE:
            draft.step = Filling()
        case Choice.READ_AGAIN:
            draft.read = False
    st.rerun()


def ask(draft: Draft, user: User, write: Write = record) -> None:
    """Writes down what is wanted, in one short transaction; the executor does the rest."""
    looking = draft.step
    if not isinstance(looking, Looking):
        return
    try:
        require_may_ask(user, [looking.wanted])
        operation = write(open_store(checked=False), looking.wanted, actor_of(user), time.time())
    except (OperationError, NotSaved) as error:
        draft.step = clicked(looking, error)
    else:
        draft.step = clicked(looking, operation.id)
        wake_executor()


def operation_to_show(conn: Connection, draft: Draft, user: User) -> Operation | None:
    """What is under way on the draft's subject, whoever asked; else how this person's own ended a short while ago."""
    if isinstance(draft.step, Asked):
        return get(conn, draft.step.operation_id)
    latest = next(iter(latest_on(conn, draft.subject, 1)), None)
    if latest is None or latest.state in OPEN:
        return latest
    mine = latest.asked_by == name_of(user) and draft.kind in (None, latest.kind)
    just_ended = mine and time.time() - latest.state_at < _SHOWN_FOR
    return latest if just_ended and not draft.anew else None


def read_steps(operation_id: int) -> list[Operation]:
    """An operation as it is now, and before it the one that it waits for."""
    with open_session() as session:
        last = get(session, operation_id)
        return [last] if last.after_id is None else [get(session, last.after_id), last]


def watch_outcome(operation: Operation, draw: Callable[[Operation], None]) -> None:
    """Draws how an operation went, and again every second while that is open."""
    watch_operation(operation, partial(_read_operation, operation.id), draw)


def offer_again(
    draft: Draft, operation: Operation, label: str, typed: Callable[[Operation], Mapping[str, object]] = lambda _one: {}
) -> None:
    """Once an operation has ended, the button for a new form; `typed` has the fields that it was asked for with."""
    if operation.state not in OPEN:
        again_button(operation, label, partial(begin_anew, draft, partial(typed, operation)))


def overtaken_line(draft: Draft) -> None:
    """What somebody else had done on the subject while the form stood open."""
    if isinstance(draft.step, Filling) and draft.step.overtaken:
        st.warning(formats.told(draft.step.overtaken), icon=":material/sync_problem:")


def _read_operation(operation_id: int) -> Operation:
    with open_session() as session:
        return get(session, operation_id)
