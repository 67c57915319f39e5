"""A maintenance window as one person prepares it: looked at, sent once, and taken back if it is called off."""

import secrets
import time
from dataclasses import dataclass, field

import streamlit as st
from services.errors import InvalidRequest, JangbuError
from services.operations.files import batches, outage
from services.operations.files.bulk import BulkRun
from services.tables.journal import RefundBatch

from dashboard.access import User
from dashboard.locale import _
from dashboard.process.executor import actor_of, wake_executor
from dashboard.process.resources import open_session, open_store
from dashboard.screens.schedules.outage_form import Typing
from dashboard.words import formats

_DRAFT = "outage.draft"


@dataclass(slots=True)
class OutageDraft:
    """One window of this session, or the way back from one."""

    form: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """What the widgets' keys begin with."""
    run: BulkRun | None = None
    """What was looked at: its token is made with the look, so that it is sent once."""
    problem: JangbuError | None = None


def draft() -> OutageDraft:
    """What is being prepared in this session."""
    found: OutageDraft = st.session_state.setdefault(_DRAFT, OutageDraft())
    return found


def look_out(draft: OutageDraft, typing: Typing) -> None:
    """What is booked in the window and where each would go; sends nothing."""
    draft.run, draft.problem = None, None
    try:
        window, to = typing.window(), typing.moved_to()
        words = _("Window from {first} to {last} KST")
        name = words.format(first=formats.time(window.from_at), last=formats.time(window.to_at))
        with open_session() as session:
            draft.run = outage.moved_out(session, _token(), name, window, to=to, now=time.time())
    except InvalidRequest as problem:
        draft.problem = problem


def look_back(draft: OutageDraft, batch: RefundBatch) -> None:
    """What a list has moved and still stands there, to where each stood before; sends nothing."""
    draft.run, draft.problem = None, None
    name = _("Back: {name}").format(name=batch.name)
    with open_session() as session:
        draft.run = outage.moved_back(session, _token(), name, batch.id, now=time.time())


def submit(draft: OutageDraft, run: BulkRun, user: User) -> None:
    """Writes the list and its rows down; they go a few at a time."""
    try:
        batches.submit(open_store(checked=False), run, actor_of(user), time.time())
    except JangbuError as problem:
        draft.problem = problem
    else:
        st.session_state[_DRAFT] = OutageDraft()
        wake_executor()


def _token() -> str:
    return secrets.token_urlsafe(18)
