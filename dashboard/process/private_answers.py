"""What the gateway answered to one person alone: in the memory of this process for a minute, under a ticket."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from services.errors import JangbuError

from dashboard.process import rereads

Found = TypeVar("Found")
KEPT_FOR = 60.0


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
        return rereads.is_reading(self._name(ticket))

    def told(self, ticket: str) -> PrivateAnswer[Found] | None:
        """The answer; None once it is older than a minute, or was forgotten."""
        with self._lock:
            old = [one for one, kept in self._kept.items() if time.monotonic() - kept.at > KEPT_FOR]
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
