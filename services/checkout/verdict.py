"""What a payment that was read back means for the order it was made under: a table, without any reading."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.gateway.payloads import PaymentPayload
from services.registrations import took_money
from services.tables.checkouts import AttemptState, Checkout, CheckoutKind
from services.tables.v1 import CustomerUidUsage, PaymentStatus


class Strange(StrEnum):
    """What is not as it was asked for."""

    AMOUNT = "amount"
    CURRENCY = "currency"
    MODE = "mode"
    """A test payment for a live order, or the other way round."""
    CHANNEL = "channel"
    KEY = "key"
    """Another billing key than was asked for, or one where none was."""


GOES_BACK = frozenset({Strange.AMOUNT, Strange.CURRENCY})
"""Altered by whoever paid: it is refunded. What else is strange waits for a person."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the attempt goes; `strange` says why it is a mismatch."""

    state: AttemptState
    strange: Strange | None = None


def verdict(checkout: Checkout, payment: PaymentPayload) -> Verdict:
    """What the gateway's answer makes of an attempt; whether the link was used up already is asked elsewhere."""
    fields = payment.fields
    match fields["status"]:
        case PaymentStatus.PAID:
            strange = _strange(checkout, fields)
            if strange:
                return Verdict(AttemptState.MISMATCH, strange)
            registers = checkout.kind == CheckoutKind.REGISTRATION
            return Verdict(AttemptState.REGISTERED if registers else AttemptState.PAID)
        case PaymentStatus.FAILED | PaymentStatus.CANCELLED:
            return Verdict(AttemptState.FAILED)
    return Verdict(AttemptState.WAITING if _waits(fields) else AttemptState.STARTED)


def _strange(checkout: Checkout, fields: dict[str, Any]) -> Strange | None:
    wanted = {
        Strange.MODE: bool(fields["sandbox"]) == checkout.sandbox,
        Strange.CHANNEL: fields["pg_provider"] == checkout.pg_provider
        and fields["pg_id"] in (None, "", checkout.pg_id),
        Strange.KEY: _is_key(checkout, fields),
        Strange.CURRENCY: fields["currency"] == checkout.currency,
        Strange.AMOUNT: fields["amount"] == checkout.amount or not _charged(fields),
    }
    return next((strange for strange, right in wanted.items() if not right), None)


def _is_key(checkout: Checkout, fields: dict[str, Any]) -> bool:
    usage: str | None = fields["customer_uid_usage"]
    uid: str | None = fields["customer_uid"]
    if checkout.kind == CheckoutKind.PAYMENT:
        return usage is None
    return usage == CustomerUidUsage.ISSUE and uid == checkout.customer_uid


def _charged(fields: dict[str, Any]) -> bool:
    names = ("pg_provider", "pay_method", "customer_uid_usage", "amount", "channel")
    return took_money(*(fields[name] for name in names))


def _waits(fields: dict[str, Any]) -> bool:
    return fields["status"] != PaymentStatus.READY or bool(fields["vbank_num"])
