"""Forms that move money: what a person is filling in, under one token for the whole life of a form."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st
from services.errors import Busy, InvalidRequest, JangbuError, NotSaved
from services.journal_models import Operation
from services.operations.journal import Wanted, get, latest_on, record
from services.operations.states import OPEN
from sqlalchemy import Connection

from dashboard import rereads
from dashboard.access import User
from dashboard.executing import actor_of, name_of, wake_executor
from dashboard.resources import open_session, open_store

Form = TypeVar("Form")
_DRAFTS = "drafts"
_SHOWN_FOR = 600
"""Seconds for which a person who comes back is told first how their last operation ended."""


@dataclass(slots=True)
class Draft:
    """One form of this session. A new token stands for a new wish; the same one is never carried out twice."""

    subject: str
    kind: str
    """What is asked for on it: a key is charged in one form and booked on in another."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    form: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """What the widgets' keys begin with: after a refusal the next form shows what was typed in this one."""
    read: bool = False
    """Whether the gateway was asked for how things stand now."""
    unread: JangbuError | None = None
    """Why that brought no answer."""
    seen: object = None
    """What the person was shown: a payment's balance, a schedule's state and time."""
    moved: bool = False
    """Whether that changed while the form stood open."""
    problem: InvalidRequest | None = None
    """What has to be mended before it can be looked at."""
    wanted: Wanted | None = None
    """What the person is looking at for the last time: exactly this is written down."""
    operation_id: int | None = None
    error: JangbuError | None = None
    anew: bool = False
    """Begun after an outcome that the person has seen."""


def draft_of(subject: str, kind: str = "") -> Draft:
    """The form of this session on a payment, a key or a schedule; a new one where there is none."""
    drafts: dict[tuple[str, str], Draft] = st.session_state.setdefault(_DRAFTS, {})
    return drafts.setdefault((subject, kind), Draft(subject, kind))


def begin_anew(draft: Draft, *, keep: bool) -> None:
    """A new token: the next run draws an empty form, or with `keep` one with what was typed."""
    new = Draft(draft.subject, draft.kind, anew=True)
    if keep:
        new.form = draft.form
    st.session_state[_DRAFTS][draft.subject, draft.kind] = new


def read_first(draft: Draft, ask_again: Callable[[], None], *, entered: bool) -> None:
    """Has what the form is about read from the gateway, outside of this run, whenever the form is opened."""
    if draft.operation_id is None and (entered or not draft.read):
        draft.read, draft.unread, draft.seen = True, None, None
        ask_again()


def take_seen(draft: Draft, name: str, seen: object) -> None:
    """How things stand after the reading called `name`; what changed since brings the person back to the fields."""
    draft.unread = rereads.take_result(name) or draft.unread
    if draft.seen not in (None, seen):
        draft.moved, draft.wanted = True, None
    draft.seen = seen


def check(draft: Draft, form: Callable[[], Form], make: Callable[[Form], Wanted]) -> None:
    """To the last look with what was typed, unless something has to be mended first."""
    draft.moved, draft.problem, draft.error = False, None, None
    try:
        draft.wanted = make(form())
    except InvalidRequest as problem:
        draft.problem = problem


def change_again(draft: Draft) -> None:
    """Back to the fields, with everything that was typed."""
    draft.wanted, draft.error = None, None


def ask(draft: Draft, user: User) -> None:
    """Writes down what is wanted, in one short transaction; the executor does the rest."""
    if draft.wanted is None:
        return
    draft.error = None
    try:
        draft.operation_id = record(open_store(checked=False), draft.wanted, actor_of(user), time.time()).id
    except (Busy, NotSaved) as error:
        draft.error = error
    else:
        wake_executor()


def operation_to_show(conn: Connection, draft: Draft, user: User) -> Operation | None:
    """What is under way on the draft's subject, whoever asked; else how this person's own ended a short while ago."""
    if draft.operation_id is not None:
        return get(conn, draft.operation_id)
    latest = next(iter(latest_on(conn, draft.subject, 1)), None)
    if latest is None or latest.state in OPEN:
        return latest
    just_ended = latest.asked_by == name_of(user) and time.time() - latest.state_at < _SHOWN_FOR
    mine = draft.kind in ("", latest.kind) and not draft.anew
    return latest if just_ended and mine else None


def read_operation(operation_id: int) -> Operation:
    """An operation as it is now."""
    with open_session() as session:
        return get(session, operation_id)
