"""States of a payment as people see them: V1's statuses, and what V1 tells by other fields."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from services.registrations import took_money
from services.tables.v1 import CustomerUidUsage


class PaymentState(StrEnum):
    """V1's statuses; `paid` told apart from partly refunded, registered, and revoked before anything was paid."""

    READY = "ready"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    CANCELLED = "cancelled"
    REGISTERED = "registered"
    """A billing key was registered and nothing charged: no payment, and no refund where it was taken back."""
    REVOKED = "revoked"
    """A virtual account that was revoked before any deposit: nothing came and nothing went back."""
    FAILED = "failed"
    PENDING = "pending"


MONEY_STATES = (PaymentState.PAID, PaymentState.PARTLY_REFUNDED, PaymentState.CANCELLED)
"""Those in which money was taken."""


class PaymentKind(StrEnum):
    """What a payment was made with: the window, a billing key, or nothing (a key's registration without a charge)."""

    ONE_OFF = "one_off"
    RECURRING = "recurring"
    REGISTRATION = "registration"


SHOWS_REGISTRATION = ("pg_provider", "pay_method", "customer_uid_usage", "amount", "channel")
"""The fields by which a registration that took money is told from one for show."""


def only_registered(payment: Mapping[str, Any]) -> bool:
    """Whether a payment (fields of models.Payment) registers a billing key without taking money."""
    if payment["customer_uid_usage"] != CustomerUidUsage.ISSUE:
        return False  # asked several times of each row that is stored
    return not took_money(*(payment[name] for name in SHOWS_REGISTRATION))


def state_of(payment: Mapping[str, Any]) -> str:
    """Its state; statuses that only the gateway knows stay as they are."""
    status: str = payment["status"]
    if status == PaymentState.CANCELLED and not payment["paid_at"]:
        return PaymentState.REVOKED.value
    if status in (PaymentState.PAID, PaymentState.CANCELLED) and only_registered(payment):
        return PaymentState.REGISTERED.value
    if status == PaymentState.PAID and payment["cancel_amount"] > 0:
        return PaymentState.PARTLY_REFUNDED.value
    return status


def money_moved(payment: Mapping[str, Any]) -> bool:
    """Whether what it says was paid and refunded moved: not for show, and something was paid before any of it went."""
    return bool(payment["paid_at"]) and not only_registered(payment)
