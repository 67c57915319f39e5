"""Whether a payment is an account, or a number at a store, that waits for money."""

from collections.abc import Mapping
from typing import Any

from services.errors import InvalidRequest
from services.store.lists.one import Refundable
from services.tables.v1 import Payment, PaymentStatus
from services.vbanks.store_number import METHOD


def waits(fields: Mapping[str, Any]) -> bool:
    """Whether nobody has paid yet, and somebody still can."""
    return bool(fields["status"] == PaymentStatus.READY and (fields["vbank_num"] or fields["pay_method"] == METHOD))


def is_revoked(fields: Mapping[str, Any]) -> bool:
    """Whether it was revoked before anybody paid."""
    return bool(fields["status"] == PaymentStatus.CANCELLED and not fields["paid_at"])


def require_waiting(payment: Payment | Refundable) -> None:
    """Raises InvalidRequest where it waits for no money."""
    if payment.status != PaymentStatus.READY:
        raise InvalidRequest("It waits for no money: it was paid, revoked, or never issued.", field="imp_uid")
