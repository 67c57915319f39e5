"""What a person fills in for a delivery, checked against what the payment's PG wants."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.claimants import claimant_name
from services.clock import DAY, seoul
from services.errors import InvalidRequest
from services.escrow.couriers import Courier
from services.escrow.persons import of_buyer
from services.escrow.pg_rules import Ability, PgRule, rule_of, stands_in_the_way
from services.mistakes import Mistakes
from services.operations.actions.refunds import subject_of
from services.operations.journal.journal import Wanted
from services.tables.escrow import EscrowDelivery
from services.tables.journal import OperationKind
from services.tables.v1 import Payment
from services.typed_text import checked, typed

BUYER, TYPED = "buyer", "typed"
"""Whom it goes to: the payment's buyer, read again when it is sent, or somebody whom this process holds in memory."""
_INVOICE = re.compile("[A-Za-z0-9]{4,40}")
_BETWEEN = re.compile(r"[\s.-]+")
_LONGEST = {"name": 16, "tel": 16, "postcode": 8, "relationship": 16}
_LONGEST_OTHER = 128
_YEAR = 365 * DAY


@dataclass(frozen=True, slots=True)
class DeliveryForm:
    """What was filled in, by V1's names; times in UNIX seconds, `receiving_at` as yyyymmdd."""

    company: str | None
    invoice: str
    sent_at: int | None
    sender: Mapping[str, str]
    receiver: Mapping[str, str] | None = field(default=None, repr=False)
    """None: the buyer, as the payment says."""
    more: Mapping[str, str] = field(default_factory=dict)
    """What the PG wants of the delivery besides."""
    send_email: bool = True
    unread: Sequence[InvalidRequest] = ()


def wanted_delivery(token: str, payment: Payment, form: DeliveryForm, *, now: float, seen: int | None = None) -> Wanted:
    """The intent to enter a delivery. Raises InvalidRequest, naming each field to mend."""
    if problem := stands_in_the_way(payment, escrow=payment.escrow):
        raise problem
    request = _request(payment, form, now)
    if rule_of(payment.pg_provider).mail:
        request["send_email"] = form.send_email
    return _wanted(token, OperationKind.ENTER_DELIVERY, payment, request, seen)


def wanted_change(
    token: str, payment: Payment, stands: EscrowDelivery, form: DeliveryForm, *, now: float, seen: int | None = None
) -> Wanted:
    """The intent to change the delivery that stands. Raises InvalidRequest, naming each field to mend."""
    if problem := stands_in_the_way(payment, escrow=payment.escrow):
        raise problem
    if Ability.CHANGE not in rule_of(payment.pg_provider).can:
        raise InvalidRequest("At this PG a delivery that was entered cannot be changed.", field="imp_uid")
    before = {name: getattr(stands, name) for name in ("company", "invoice", "sent_at")}
    request = _request(payment, form, now) | {"from": before}
    return _wanted(token, OperationKind.CHANGE_DELIVERY, payment, request, seen)


def receiver_of(payment: Payment, form: DeliveryForm) -> dict[str, str] | None:
    """Whom it goes to, to be held in memory; None where that is the buyer, as the payment says."""
    if form.receiver is None:
        return None
    rule = rule_of(payment.pg_provider)
    found = {name: text for name in rule.person if (text := typed(form.receiver.get(name, "")))}
    return None if found == of_buyer(payment.model_dump(), rule.person) else found


def _wanted(token: str, kind: OperationKind, payment: Payment, request: dict[str, Any], seen: int | None) -> Wanted:
    return Wanted(
        token=token,
        kind=kind,
        subject=subject_of(payment.imp_uid),
        amount=0,
        currency=payment.currency,
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        customer_uid=payment.customer_uid,
        request=request,
        seen=seen,
    )


def _request(payment: Payment, form: DeliveryForm, now: float) -> dict[str, Any]:
    """All that is kept of a form: not whom it goes to."""
    rule, mistakes = rule_of(payment.pg_provider), Mistakes(form.unread)
    found: dict[str, Any] = {
        "pg_provider": payment.pg_provider,
        "company": mistakes.read(partial(_company, form.company), ""),
        "invoice": mistakes.read(partial(_invoice, form.invoice), ""),
        "sent_at": mistakes.read(partial(_sent_at, form, payment, now), 0),
    }
    for name in rule.logis:
        found[name] = mistakes.read(partial(_needed, name, form.more.get(name, "")), "")
    if "receiving_at" in rule.logis and found["receiving_at"]:
        mistakes.read(partial(_receiving, found["receiving_at"], form), "")
    found["sender"] = {
        name: mistakes.read(partial(_needed, name, form.sender.get(name, ""), at=f"sender_{name}"), "")
        for name in rule.of_sender
    }
    found |= _receiver(payment, form, rule, mistakes)
    if rule.products:
        product = {"id": payment.merchant_uid, "name": payment.name or payment.merchant_uid, "amount": payment.amount}
        found["products"] = [product | {"currency": payment.currency, "quantity": 1}]
    mistakes.require_none()
    return found


def _receiver(payment: Payment, form: DeliveryForm, rule: PgRule, mistakes: Mistakes) -> dict[str, str]:
    told = of_buyer(payment.model_dump(), rule.person) if form.receiver is None else form.receiver
    for name in rule.person:
        mistakes.read(partial(_needed, name, told.get(name, ""), at=f"receiver_{name}"), "")
    if receiver_of(payment, form) is None:
        return {"receiver": BUYER}
    return {"receiver": TYPED, "held_by": claimant_name()}


def _company(code: str | None) -> str:
    if code not in set(Courier):
        raise InvalidRequest("Choose the courier.", field="company")
    return Courier(code).value


def _invoice(text: str) -> str:
    plain = _BETWEEN.sub("", typed(text))
    if not _INVOICE.fullmatch(plain):
        raise InvalidRequest("The tracking number: 4 to 40 letters and digits.", field="invoice")
    return checked(plain, "invoice", most=40)


def _sent_at(form: DeliveryForm, payment: Payment, now: float) -> int:
    if form.sent_at is None:
        raise InvalidRequest("Choose a day and a time.", field="sent_at")
    if form.sent_at > now + DAY:
        raise InvalidRequest("It cannot have been sent after tomorrow.", field="sent_at")
    if form.sent_at < payment.paid_at - DAY or form.sent_at < now - _YEAR:
        raise InvalidRequest("It was paid later than that.", field="sent_at")
    return form.sent_at


def _receiving(day: str, form: DeliveryForm) -> str:
    if not re.fullmatch("20[0-9]{6}", day):
        raise InvalidRequest("Choose a day.", field="receiving_at")
    if form.sent_at and day < seoul(form.sent_at).strftime("%Y%m%d"):
        raise InvalidRequest("It arrives before it was sent.", field="receiving_at")
    return day


def _needed(name: str, text: str, at: str = "") -> str:
    if not typed(text):
        raise InvalidRequest("This PG wants this field.", field=at or name)
    return checked(text, at or name, most=_LONGEST.get(name, _LONGEST_OTHER))
