"""A message as every way can send it, and why one did not arrive."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Message:
    """What is told, in one language; `told` is the same for programs."""

    id: str
    """The same for the same matters."""
    title: str
    body: str
    told: Mapping[str, object]


class Why(StrEnum):
    """Why it did not arrive; words of the other side stay there, for they may hold an address."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    NOT_ENCRYPTED = "not_encrypted"
    """The server cannot do what keeps a password secret, or its certificate is not to be trusted."""
    SIGN_IN = "sign_in"
    REFUSED = "refused"


class NotDelivered(Exception):
    """A message did not arrive, as far as is known."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
