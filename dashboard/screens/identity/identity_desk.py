"""Looks at identity verifications: written down first, asked outside of the run, shown to who asked for a minute."""

import time
from dataclasses import dataclass
from functools import partial

from services.errors import JangbuError
from services.gateway.payloads import Verification
from services.identity.looks import checked_reason, checked_uid, note_look
from services.mistakes import Mistakes
from services.operations.actions.identity.deletions import wanted_erasure
from services.operations.journal.journal import Wanted
from services.people.access_log import Access
from services.tables.journal import OperationKind
from services.tables.staff.access import AccessKind

from dashboard.access import User
from dashboard.kit.session import Slot
from dashboard.process.access_log.note import note
from dashboard.process.answers import PrivateAnswer, PrivateAnswers
from dashboard.process.executor import actor_of
from dashboard.process.resources import open_gateway, open_session, open_store
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft

answers: PrivateAnswers[Verification] = PrivateAnswers("identity")


@dataclass(frozen=True, slots=True)
class Look:
    """What this session looks at: the verification, and the ticket of its answer."""

    uid: str
    ticket: str


_LOOK: Slot[Look | None] = Slot("identity_look", lambda: None)


def draft() -> Draft:
    """The form of an erasure."""
    return drafts.draft_of("identity", OperationKind.DELETE_IDENTITY)


def look(uid: str, reason: str, user: User) -> None:
    """Has it written down who looks and why, then begins to ask. Raises InvalidRequest, NotSaved."""
    mistakes = Mistakes()
    with open_session() as session:
        found = mistakes.read(lambda: checked_uid(session, uid), "")
    why = mistakes.read(lambda: checked_reason(reason), "")
    mistakes.require_none()
    gateway = open_gateway()
    actor = actor_of(user)
    note_look(open_store(checked=False), found, why, actor, time.time())
    note(actor, Access(AccessKind.SEEN, "identity", found, reason=why))
    hide()
    _LOOK.put(Look(found, answers.begin(partial(gateway.verification, found))))


def seen() -> tuple[Look, PrivateAnswer[Verification]] | None:
    """What is looked at, and what came of it; None where nothing is, or its minute is over."""
    found = _LOOK.get()
    answer = answers.told(found.ticket) if found else None
    return (found, answer) if found and answer else None


def is_over(ticket: str) -> bool:
    """Whether the minute of an answer is over."""
    return answers.told(ticket) is None


def hide() -> None:
    """Nothing is looked at any more."""
    if found := _LOOK.get():
        answers.forget(found.ticket)
    _LOOK.put(None)


def wanted(uid: str, reason: str) -> Wanted:
    """The erasure that a form asks for. Raises InvalidRequest."""
    with open_session() as session:
        return wanted_erasure(session, draft().token, uid, reason)


def try_look(uid: str, reason: str, user: User) -> JangbuError | None:
    """Looks; what stood in the way."""
    try:
        look(uid, reason, user)
    except JangbuError as error:
        return error
    return None
