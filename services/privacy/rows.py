"""One row that holds something of a buyer, and whether it has to stay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What kind of row."""

    PAYMENT = "payment"
    SCHEDULE = "schedule"
    BILLING_KEY = "billing_key"
    OPERATION = "operation"
    LINK = "link"
    NOTE = "note"
    RECEIPT = "receipt"
    UNREADABLE = "unreadable"
    """What the gateway sent and nobody could read."""


class Stays(StrEnum):
    """Why a row is not erased."""

    PAID = "paid"
    """A payment that was made, and its receipt: five years by law."""
    DISPUTE = "dispute"
    """What was said with the buyer: three years by law."""
    OTHER = "other"
    """It names somebody else, who has the same billing key."""
    UNDER_WAY = "under_way"
    """It is not over: a payment that waits for its money, a booked one, an operation, a link that is open."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what it is judged: the time (UNIX seconds), and the years of the setting."""

    now: float
    years: int


@dataclass(frozen=True, slots=True)
class Held:
    """A row that is kept of a buyer."""

    kind: Kind
    uid: str
    at: int
    """When it was made (UNIX seconds)."""
    fields: Mapping[str, Any] = field(repr=False)
    """All that is kept of it, by column."""
    personal: tuple[str, ...]
    """Those that tell who it is; none where it was made anonymous."""
    stays: Stays | None = None
    until: date | None = None
    """The last day on which the law has it kept."""

    @property
    def can_go(self) -> bool:
        """Whether erasing takes something out of it."""
        return self.stays is None and bool(self.personal)
