"""Many schedules at once, as one person prepares it: chosen rows or a file, looked at, submitted once."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from services.errors import InvalidRequest, JangbuError
from services.operations.files import batches, bulk
from services.operations.files.bulk import BulkRun

from dashboard.access import User
from dashboard.locale import ngettext
from dashboard.process.executor import actor_of, wake_executor
from dashboard.process.resources import open_session, open_store
from dashboard.screens.schedules.bulk_schedules import Typing

_DRAFT = "bulk.draft"


@dataclass(slots=True)
class BulkDraft:
    """One list of this session."""

    orders: tuple[str, ...] = ()
    """Chosen from the list of schedules; none where a file is brought."""
    kind: str | None = None
    """The change that was chosen there."""
    token: str = ""
    """Made with each look: what was looked at is sent once."""
    form: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """What the widgets' keys begin with."""
    run: BulkRun | None = None
    problem: JangbuError | None = None


def draft() -> BulkDraft:
    """What is being prepared in this session."""
    found: BulkDraft = st.session_state.setdefault(_DRAFT, BulkDraft())
    return found


def begin(orders: Sequence[str] = (), kind: str | None = None) -> None:
    """Another list."""
    st.session_state[_DRAFT] = BulkDraft(tuple(orders), kind)


def look(draft: BulkDraft, typing: Typing, file: tuple[str, bytes] | None) -> None:
    """What each row would do, by the fields and the file of this moment; sends nothing."""
    draft.run, draft.problem, draft.token = None, None, secrets.token_urlsafe(18)
    try:
        at = typing.time()
        targets = bulk.read_file(file[1], at) if file else bulk.selected(draft.orders, at)
        if not targets:
            raise InvalidRequest("Choose rows in the list of schedules, or bring a file.", field="file")
        name = file[0] if file else _chosen(len(targets))
        with open_session() as session:
            draft.run = bulk.dry_run(session, draft.token, name, typing.change, targets, now=time.time())
    except InvalidRequest as problem:
        draft.problem = problem


def submit(draft: BulkDraft, user: User, *, fitting: bool) -> None:
    """Writes the list and its rows down; `fitting` leaves out the rows that cannot be sent."""
    if draft.run is None:
        return
    run = draft.run.fitting() if fitting else draft.run
    try:
        batches.submit(open_store(checked=False), run, actor_of(user), time.time())
    except JangbuError as problem:
        draft.problem = problem
    else:
        begin()
        wake_executor()


def _chosen(n: int) -> str:
    return ngettext("{n} schedule chosen from the list", "{n} schedules chosen from the list", n).format(n=f"{n:,}")
