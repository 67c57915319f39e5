"""Telling Paymentwall of a delivery, which pays nothing out for goods without it; whom it goes to is held in memory."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.claimants import claimant_name
from services.clock import DAY
from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.pg_requests import PaymentwallRequest
from services.mistakes import Mistakes
from services.operations import held
from services.operations.actions.deliveries.unseen import look, require_unsent, wanted_of
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.once import STEPS
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment
from services.told_back import untold
from services.typed_text import checked, typed

__all__ = [
    "CARRIER", "MOVES_MONEY", "STATES", "TYPES", "PaymentwallForm", "as_sent", "look", "of_buyer", "personal_of",
    "prepare", "send", "wanted_delivery",
]  # fmt: skip
MOVES_MONEY = False
PHYSICAL, DIGITAL = TYPES = ("physical", "digital")
STATES = STEPS[OperationKind.PAYMENTWALL_DELIVERY]
CARRIER = ("carrier_type", "carrier_tracking_id")
PLACE = ("firstname", "lastname", "phone", "country", "state", "city", "street", "zip")
_ADDRESS = "shipping_address_"
_LONGEST = {"carrier_type": 64, "carrier_tracking_id": 64, "reason": 64, "details": 400, "email": 50}
_LONGEST_OTHER = 40
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TIMES = ("estimated_delivery_datetime", "estimated_update_datetime")
_FURTHEST = 365 * DAY
_KEPT = ("type", "status", *CARRIER, *_TIMES, "refundable", "reason", "details")


@dataclass(frozen=True, slots=True)
class PaymentwallForm:
    """What was filled in; times in UNIX seconds, of a digital product none: it is there now."""

    type: str | None
    status: str | None
    refundable: bool
    delivery_at: int | None = None
    update_at: int | None = None
    carrier: Mapping[str, str] = field(default_factory=dict)
    receiver: Mapping[str, str] = field(default_factory=dict, repr=False)
    """email and, of goods, the names of PLACE."""
    reason: str = ""
    details: str = ""
    unread: Sequence[InvalidRequest] = ()


def of_buyer(payment: Payment) -> dict[str, str]:
    """What the payment says of its buyer, for a form to begin with."""
    first, _space, last = (payment.buyer_name or "").strip().partition(" ")
    found = {
        "email": payment.buyer_email, "firstname": first, "lastname": last, "phone": payment.buyer_tel,
        "street": payment.buyer_addr, "zip": payment.buyer_postcode,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value} | {"state": "N/A"}


def personal_of(form: PaymentwallForm) -> dict[str, str]:
    """What is sent of the person, which no row holds."""
    names = ("email", *PLACE) if form.type == PHYSICAL else ("email",)
    return {f"{_ADDRESS}{name}": text for name in names if (text := typed(form.receiver.get(name, "")))}


def wanted_delivery(token: str, payment: Payment, form: PaymentwallForm, *, now: float) -> Wanted:
    """The intent to tell of a delivery. Raises InvalidRequest, naming each field to mend."""
    mistakes = Mistakes(form.unread)
    if form.type not in TYPES:
        mistakes.add(InvalidRequest("Choose goods or a digital product.", field="type"))
    if form.status not in STATES:
        mistakes.add(InvalidRequest("Choose how far the delivery is.", field="status"))
    goods = form.type == PHYSICAL
    mistakes.read(partial(_email, form.receiver.get("email", "")), "")
    request: dict[str, Any] = {
        "type": form.type,
        "status": form.status,
        "refundable": "yes" if form.refundable else "no",
        **_times(form, mistakes, now, goods=goods),
    }
    if goods:
        for name in CARRIER:
            request[name] = mistakes.read(partial(_needed, name, form.carrier.get(name, "")), "")
        for name in PLACE:
            mistakes.read(partial(_needed, name, form.receiver.get(name, "")), "")
    for name, text in (("reason", form.reason), ("details", form.details)):
        if found := mistakes.read(partial(checked, text, name, most=_LONGEST[name]), ""):
            request[name] = found
    mistakes.require_none()
    return wanted_of(token, OperationKind.PAYMENTWALL_DELIVERY, payment, request | {"held_by": claimant_name()})


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, without whom it goes to."""
    return _fields(wanted, wanted.request)


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads the payment again. Raises Stop, NotSent where another process holds whom it goes to."""
    require_unsent(gateway, operation)
    held.require_held(operation, Why.RECEIVER_UNKNOWN)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Tells it; what is held is gone as the request leaves. Raises NotSent, Refused, OutcomeUnknown."""
    with held.sending(operation.token) as personal, untold(personal):
        gateway.tell_paymentwall(PaymentwallRequest(_fields(operation, asked(operation)), personal), still=still)
    return Outcome(State.SUCCEEDED)


def _fields(row: Operation | Wanted, request: Mapping[str, Any]) -> dict[str, str | int]:
    ids = {"imp_uid": row.imp_uid or "", "merchant_uid": row.merchant_uid or ""}
    return ids | {name: request[name] for name in _KEPT if request.get(name)}


def _times(form: PaymentwallForm, mistakes: Mistakes, now: float, *, goods: bool) -> dict[str, int]:
    if not goods:
        return dict.fromkeys(_TIMES, int(now))
    told = zip(_TIMES, (form.delivery_at, form.update_at), strict=True)
    return {name: mistakes.read(partial(_time, name, at, now), 0) for name, at in told}


def _time(name: str, at: int | None, now: float) -> int:
    if at is None:
        raise InvalidRequest("Choose a day and a time.", field=name)
    if abs(at - now) > _FURTHEST:
        raise InvalidRequest("That is more than a year away.", field=name)
    return at


def _email(text: str) -> str:
    plain = checked(text, "email", most=_LONGEST["email"])
    if not _EMAIL.fullmatch(plain):
        raise InvalidRequest("The buyer's e-mail address, as Paymentwall knows it.", field="email")
    return plain


def _needed(name: str, text: str) -> str:
    if not typed(text):
        raise InvalidRequest("Paymentwall wants this field of goods.", field=name)
    return checked(text, name, most=_LONGEST.get(name, _LONGEST_OTHER))
