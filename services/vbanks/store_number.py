"""A convenience store number: V1 does not describe where it stands, so it is looked for by the names of the request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.tables.v1 import Payment

METHOD = "cvs"
_NUMBER, _UNTIL = "barcode", "expired_at"


@dataclass(frozen=True, slots=True)
class StoreNumber:
    """What the till reads, and until when it can be paid (UNIX seconds); None where V1 does not show it."""

    number: str | None
    until: int | None
    more: Mapping[str, Any]
    """What V1 says besides, by its names."""


def is_at_store(payment: Payment) -> bool:
    """Whether a payment is made at a convenience store."""
    return payment.pay_method == METHOD


def store_number(payment: Payment) -> StoreNumber | None:
    """Of a payment at a convenience store; None for all others."""
    return said_number(payment.extra) if is_at_store(payment) else None


def said_number(extra: str | None) -> StoreNumber:
    """Of what V1 says of such a payment beside the fields that have a name here."""
    said: dict[str, Any] = json.loads(extra) if extra else {}
    number, until = said.pop(_NUMBER, None), said.pop(_UNTIL, None)
    is_time = isinstance(until, int) and not isinstance(until, bool) and until > 0
    return StoreNumber(str(number) if number else None, until if is_time else None, said)
