"""What the gateway answers, typed: field names are V1's, amounts in the smallest unit, times in UNIX seconds."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Oddities = tuple[tuple[str, str], ...]
"""(kind, name) as in models.Oddity."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One payment, schedule, billing key, channel or code: `fields` by V1's name, complete and of the right type.

    `extra` holds what has no column or did not fit its own; `digest` hashes the answer's bytes.
    """

    fields: dict[str, Any]
    extra: dict[str, Any]
    digest: bytes
    oddities: Oddities = ()


@dataclass(frozen=True, slots=True)
class PaymentPayload(Payload):
    """A payment and its refunds, in the gateway's order."""

    cancel_history: tuple[Payload, ...] = ()

    @property
    def imp_uid(self) -> str:
        return str(self.fields["imp_uid"])


@dataclass(frozen=True, slots=True)
class PagePayload(Generic[Item]):
    """A page of a list; `next` is 0 at the end, `unreadable` counts rows that could not be understood."""

    total: int
    next: int
    items: tuple[Item, ...]
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """A look-up of several: what was found, and the ids that were not."""

    found: tuple[Item, ...]
    missing: tuple[str, ...]
