"""What the gateway answered within the last minute, asked outside of the script run."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from services.errors import JangbuError
from services.identity.looks import is_verification
from services.mirror.look_up import is_id, look_up
from services.mirror.single.selection import read_selection
from services.store.lists.payments import is_called
from sqlalchemy import Connection

from dashboard.process import rereads
from dashboard.process.resources import open_gateway, open_session, open_store, store_of_payment

Found = TypeVar("Found")
_KEPT_FOR = 60.0
_SHOWN_FOR = 60.0
"""Seconds for which an answer is held that one person alone may see."""
_AT_MOST = 30
"""Look-ups in that time: no page, and nobody at one, keeps the gateway busy."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Found]):
    """What came of a question: `at` when it was asked (UNIX seconds), `found` null while that is open or failed."""

    at: float
    found: Found | None = None
    error: JangbuError | None = None


class Answers(Generic[Found]):
    """Questions of one kind that a person asks by a button: anew each time, unless somebody is at it already."""

    def __init__(self, kind: str, read: Callable[[str], Found]) -> None:
        self._kind, self._read = kind, read
        self._lock = threading.Lock()
        self._kept: dict[str, Answer[Found]] = {}

    def begin(self, text: str) -> None:
        """Begins to ask."""
        with self._lock:
            self._begin(text)

    def told(self, text: str) -> Answer[Found] | None:
        """The answer of the last minute, whoever asked; nothing is asked."""
        with self._lock:
            self._forget()
            return self._kept.get(text)

    def is_asking(self, text: str) -> bool:
        """Whether the gateway is being asked for it at this moment."""
        return rereads.is_reading_here(self._name(text))

    def _forget(self) -> None:
        for old in [one for one, answer in self._kept.items() if time.time() - answer.at > _KEPT_FOR]:
            del self._kept[old]

    def _begin(self, text: str) -> None:
        now = time.time()
        self._kept.setdefault(text, Answer(now))
        rereads.start(self._name(text), partial(self._ask, text, now))

    def _ask(self, text: str, at: float) -> None:
        try:
            answer = Answer(at, self._read(text))
        except JangbuError as error:
            answer = Answer(at, error=error)
        with self._lock:
            self._kept[text] = answer

    def _name(self, text: str) -> str:
        return f"{self._kind}:{text}"


class LookUps(Answers[bool]):
    """Questions that pages ask by themselves for an id that is not here: once a minute, and few of them."""

    def ask(self, text: str) -> Answer[bool] | None:
        """The answer of the last minute, or a question begun now; None where it is no id or too much was asked.

        The imp_uid of an identity verification is none: nobody looks for a payment of that name.
        """
        known = self.told(text)
        if known or not is_id(text):
            return known
        # Only now: it goes through the audit, and pages ask again at each run.
        with open_session() as session:
            if is_verification(session, text):
                return None
        with self._lock:
            if text not in self._kept and len(self._kept) < _AT_MOST:
                self._begin(text)
            return self._kept.get(text)

    def is_here(self, conn: Connection, text: str) -> bool:
        """Whether there is nothing to ask for: it is no id, or that of a payment here, however it is written."""
        return not is_id(text) or is_called(conn, text)


@dataclass(frozen=True, slots=True, repr=False)
class PrivateAnswer(Generic[Found]):
    """What came of a question; both null while it is open."""

    at: float
    found: Found | None = None
    error: JangbuError | None = None


class PrivateAnswers(Generic[Found]):
    """Questions whose answers only the session that asked may see: nobody else can make or guess its ticket."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._kept: dict[str, PrivateAnswer[Found]] = {}

    def begin(self, ask: Callable[[], Found]) -> str:
        """Begins to ask, outside of the script run; the ticket."""
        ticket = secrets.token_urlsafe(18)
        with self._lock:
            self._kept[ticket] = PrivateAnswer(time.monotonic())
        rereads.start(self._name(ticket), partial(self._ask, ticket, ask))
        return ticket

    def is_asking(self, ticket: str) -> bool:
        """Whether the gateway is being asked at this moment."""
        return rereads.is_reading_here(self._name(ticket))

    def told(self, ticket: str) -> PrivateAnswer[Found] | None:
        """The answer; None once it is older than a minute, or was forgotten."""
        with self._lock:
            old = [one for one, kept in self._kept.items() if time.monotonic() - kept.at > _SHOWN_FOR]
            for one in old:
                del self._kept[one]
            return self._kept.get(ticket)

    def forget(self, ticket: str) -> None:
        """It was looked at."""
        with self._lock:
            self._kept.pop(ticket, None)

    def _ask(self, ticket: str, ask: Callable[[], Found]) -> None:
        try:
            answer = PrivateAnswer(time.monotonic(), ask())
        except JangbuError as error:
            answer = PrivateAnswer(time.monotonic(), error=error)
        with self._lock:
            if ticket in self._kept:
                self._kept[ticket] = answer

    def _name(self, ticket: str) -> str:
        return f"{self._kind}:{ticket}"


as_it_came = Answers("answer", lambda imp_uid: store_of_payment(imp_uid).payment_as_it_came(imp_uid))
cash_amounts = Answers("cash_amount", lambda imp_uid: store_of_payment(imp_uid).naver_cash_amount(imp_uid))
selections = Answers("selection", lambda text: read_selection(open_gateway(), open_store(), text.split()))
lookups = LookUps("look_up", lambda text: look_up(open_gateway(), open_store(), text))
