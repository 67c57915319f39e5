"""Carrying proposals out, step by step: a last look, the click that writes them down, what became of each."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st
from services.errors import NotAllowed, NotSaved
from services.operations.journal.journal import get
from services.recovery.desk import Proposal
from services.recovery.rounds import carry_out
from services.store.lists.subscriptions import ended_of
from services.tables.journal import Operation
from services.tables.v1 import Schedule

from dashboard.access import Permission, User
from dashboard.kit.session import Slot
from dashboard.kit.watch import watch_operations
from dashboard.locale import _
from dashboard.process.executor import actor_of, require_in_store_of, wake_executor
from dashboard.process.resources import current_freshness, current_settings, open_session, open_store
from dashboard.screens.asking import review
from dashboard.screens.recovery import recovery_round
from dashboard.words import formats


@dataclass(slots=True)
class Round:
    """What a person picked, exactly as it was shown, and the operations that it became."""

    chosen: Sequence[Proposal]
    asked: list[int] = field(default_factory=list)
    written: bool = False
    error: NotSaved | NotAllowed | None = None


_ROUND: Slot[Round | None] = Slot("recovery.round", lambda: None)


def begin(chosen: Sequence[Proposal]) -> None:
    """To the last look."""
    _ROUND.put(Round(chosen))


def under_way(user: User) -> bool:
    """Draws the step that a round is at; False where none is."""
    found = _ROUND.get()
    if found is None or not user.may(Permission.SCHEDULE):
        return False
    if found.written:
        _result(found)
    else:
        _look(found, user)
    return True


def _look(found: Round, user: User) -> None:
    closed = review.closed_words(current_freshness(), None, has_key=bool(current_settings().imp_key))
    with open_session() as session:
        ends = ended_of(session, {one.customer_uid for one in found.chosen})
    ended = sum(one.customer_uid in ends for one in found.chosen)
    choice = recovery_round.round_look(found.chosen, ended, closed)
    if found.error:
        st.error(formats.told(found.error), icon=":material/error:")
    if choice == review.Choice.SEND:
        _write_down(found, user)
    if choice == review.Choice.CHANGE:
        _ROUND.put(None)
    if choice:
        st.rerun()


def _write_down(found: Round, user: User) -> None:
    """A click that comes twice finds the operations of the first: their tokens are the schedules' own."""
    found.error = None
    try:
        uids = [one.merchant_uid for one in found.chosen]
        require_in_store_of(user, Schedule, uids, Permission.SCHEDULE)
        asked = carry_out(open_store(checked=False), found.chosen, actor_of(user), time.time())
    except (NotSaved, NotAllowed) as error:
        found.error = error
    else:
        found.asked, found.written = [one.id for one in asked], True
        wake_executor()


def _result(found: Round) -> None:
    st.header(_("What became of each"))
    recovery_round.left_out(len(found.chosen) - len(found.asked))
    if found.asked:
        watch_operations(partial(_read, found.asked), recovery_round.round_result)
    if st.button(_("Back to the list"), icon=":material/arrow_back:", key="round_over"):
        _ROUND.put(None)
        st.rerun()


def _read(numbers: Sequence[int]) -> list[Operation]:
    with open_session() as session:
        return [get(session, number) for number in numbers]
