"""Forms of which a part is kept nowhere: held in this process's memory from the fields to the one request."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st
from services.errors import InvalidRequest, Moved
from services.operations import held
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, get
from services.operations.journal.states import TERMINAL
from services.tables.journal import Operation, OperationKind, OperationState
from sqlalchemy import Engine

from dashboard.access import User
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking import drafts, outcome, review
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.review import Choice
from dashboard.screens.asking.steps import Filling, Looking

_MOST_DIGITS = 15
Hold = Callable[[], Mapping[str, str]]
"""What is sent of a person and kept nowhere."""


def secret(fields: Fields, name: str, label: str) -> str:
    """A line that is empty again after each try; it is never drawn with what was typed."""
    with fields.place(name):
        value = st.text_input(
            fields.marked(label),
            key=_key(fields, name),
            type="password",
            autocomplete="off",
            persist_state="page",
            width=320,
        )
    return value or ""


def typed(form: str, names: Iterable[str]) -> dict[str, str]:
    """What stands in fields of a form, nothing where one is not drawn."""
    fields = Fields(form)
    return {name: str(st.session_state.get(fields.key(name)) or "") for name in names}


def write(
    form: str, names: Iterable[str], personal: Mapping[str, str], engine: Engine, wanted: Wanted, actor: Actor,
    now: float,
) -> Operation:  # fmt: skip
    """See held.record_held; then the fields of those names are out of the session too."""
    operation = held.record_held(engine, wanted, actor, now, personal)
    fields = Fields(form)
    for name in names:
        st.session_state.pop(fields.key(name), None)
    return operation


def take(
    draft: Draft, fields: Fields, make: Callable[[], Wanted], hold: Hold, *, done: bool, emptied: Sequence[str] = (),
    secrets: Sequence[str] = (),
) -> None:  # fmt: skip
    """Below the fields: to the last look once the person is `done`, or each mistake beside its field.

    Fields named in `secrets` are emptied by each try, those in `emptied` once all is right.
    """
    if done:
        try:
            wanted = make()
            held.hold(wanted.token, hold())
        except InvalidRequest as problem:
            draft.step = Filling(problem=problem)
        else:
            draft.step = Looking(wanted)
            for name in emptied:
                st.session_state.pop(fields.key(name), None)
        empty(fields, secrets)
        st.rerun()
    if isinstance(draft.step, Filling) and draft.step.problem:
        fields.say(draft.step.problem)


def empty(fields: Fields, secrets: Sequence[str]) -> None:
    """Takes what was typed out of the session; the lines that come next are new ones."""
    for name in secrets:
        st.session_state.pop(_key(fields, name), None)
    st.session_state[_count(fields)] = st.session_state.get(_count(fields), 0) + 1


def last_look(draft: Draft, user: User, says: str, body: Mapping[str, object], *, confirm: bool = False) -> None:
    """The last look, and the click that has it written down; back at the fields nothing is held any more."""
    looking, settings = draft.step, current_settings()
    if not isinstance(looking, Looking):
        return
    choice = review.review(
        looking.wanted,
        says,
        body,
        confirm_from=settings.refund_confirm_from if confirm else None,
        closed=review.closed_words(current_freshness(), draft.unread, has_key=bool(settings.imp_key)),
        error=looking.error,
    )
    if choice == Choice.CHANGE:
        held.forget(looking.wanted.token)
    drafts.follow(draft, choice, user)


def asked_for(draft: Draft) -> str | None:
    """The number of the operation that was just asked for; the form is empty for the next one then."""
    operation = drafts.just_asked(draft)
    return None if operation is None else str(operation.id)


def operation_of(number: str, kinds: Sequence[OperationKind]) -> Operation | None:
    """An operation of these kinds by its number as an address says it; None where there is none."""
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        return None
    try:
        with open_session() as session:
            found = get(session, int(number))
    except Moved:
        return None
    return found if found.kind in kinds else None


def watch(operation: Operation) -> bool:
    """How it goes; whether it has ended."""
    drafts.watch_outcome(operation, outcome.outcome)
    return operation.state in TERMINAL


def again_button(draft: Draft, operation: Operation, place: Place, typed: Mapping[str, object]) -> None:
    """Once an operation came to nothing the way back to its form, with what was `typed` and is no secret."""
    if operation.state not in TERMINAL or operation.state == OperationState.SUCCEEDED:
        return
    if st.button(_("Change it and ask again"), icon=":material/edit:", key="anew"):
        drafts.begin_anew(draft, lambda: typed, keep=True)
        open_page(place)


def _key(fields: Fields, name: str) -> str:
    return fields.key(f"{st.session_state.get(_count(fields), 0)}.{name}")


def _count(fields: Fields) -> str:
    return fields.key("tries")
