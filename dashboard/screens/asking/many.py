"""Many changes at once as one person prepares them: looked at row by row, submitted once."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import streamlit as st
from services.errors import InvalidRequest, JangbuError
from services.operations.files import batches
from services.operations.files.batches import Prepared
from sqlalchemy import Connection

from dashboard.access import User
from dashboard.kit.fields import Fields
from dashboard.kit.session import Slot
from dashboard.process.executor import actor_of, require_may_ask, wake_executor
from dashboard.process.resources import open_session, open_store

Run = TypeVar("Run", bound=Prepared)


@dataclass(slots=True)
class ManyDraft(Generic[Run]):
    """One list of changes of this session."""

    orders: tuple[str, ...] = ()
    """Rows chosen from a list, by their ids; none where a file is brought or a window typed."""
    kind: str | None = None
    """The change that was chosen there."""
    form: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """What the widgets' keys begin with."""
    run: Run | None = None
    """What was looked at: its token is made with the look, so that it is sent once."""
    problem: JangbuError | None = None

    def look(self, make: Callable[[Connection, str], Run]) -> None:
        """What each row would do, as `make` says it by the store and a token; sends nothing."""
        self.run, self.problem = None, None
        try:
            with open_session() as session:
                self.run = make(session, secrets.token_urlsafe(18))
        except InvalidRequest as problem:
            self.problem = problem


def submit(kept: Slot[ManyDraft[Run]], run: Run, user: User) -> None:
    """Writes the list and its rows down, and begins another on a page run anew; they go a few at a time."""
    kept.get().problem = None
    try:
        require_may_ask(user, [row.wanted for row in run.rows if row.wanted])
        batches.submit(open_store(checked=False), run, actor_of(user), time.time())
    except JangbuError as problem:
        kept.get().problem = problem
    else:
        kept.put(ManyDraft())
        wake_executor()
        st.rerun()


def tell(problem: JangbuError | None, fields: Fields) -> None:
    """What stood in the way: beside its field, or at the end."""
    if problem:
        fields.say(problem)
