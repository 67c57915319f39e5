"""Booking payments on a billing key: one, or a series in one call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.errors import InvalidRequest, NotFound
from services.gateway import Gateway
from services.gateway.requests import Booking, BookRequest
from services.mistakes import Mistakes
from services.operations.actions import charges
from services.operations.actions.parameters.extras import EXTRAS, checked_extras
from services.operations.actions.parameters.order_numbers import (
    OWN_ORDER,
    new_order_number,
    own_order_number,
    require_unused,
)
from services.operations.actions.schedule_steps import checked_name, checked_time, require_ahead
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey

MOVES_MONEY = False
MOST = 100


@dataclass(frozen=True, slots=True)
class BookingForm:
    """One payment to book: `schedule_at` in UNIX seconds, amounts in the smallest unit."""

    schedule_at: int
    amount: int | None
    name: str
    currency: str = "KRW"
    tax_free: int | None = None
    naver_use_cfm: str | None = None
    merchant_uid: str = ""
    """As in ChargeForm: of one payment, never of a series."""
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    """As in ChargeForm."""


def wanted_booking(token: str, key: BillingKey, forms: Sequence[BookingForm], *, minimum: int, now: float) -> Wanted:
    """The intent of a form or a series. Raises InvalidRequest, naming the field, where it cannot be sent."""
    if not 1 <= len(forms) <= MOST:
        raise InvalidRequest("1 to {n} payments at once.", field="schedules", n=MOST)
    if len({form.currency for form in forms}) > 1:
        raise InvalidRequest("A series is in one currency.", field="schedules")
    if len(forms) > 1 and any(form.merchant_uid for form in forms):
        raise InvalidRequest("A series gets its order numbers by itself.", field="merchant_uid")
    entries = [_entry(key, form, minimum, now) for form in forms]
    return Wanted(
        token=token,
        kind=OperationKind.BOOK,
        subject=charges.subject_of(key.customer_uid),
        amount=sum(entry["amount"] for entry in entries),
        currency=forms[0].currency,
        customer_uid=key.customer_uid,
        request={"schedules": entries},
    )


def _entry(key: BillingKey, form: BookingForm, minimum: int, now: float) -> dict[str, Any]:
    as_charge = charges.ChargeForm(
        form.amount, form.name, form.currency, form.tax_free, naver_use_cfm=form.naver_use_cfm,
        merchant_uid=form.merchant_uid,
    )  # fmt: skip
    # A charge at that time has the same rules; what it would be called is not used.
    charges.wanted_charge("", key, as_charge, minimum=minimum, now=form.schedule_at)
    mistakes = Mistakes()
    extras = checked_extras(
        form.more, key, mistakes, books=True, amount=form.amount or 0, currency=form.currency, tax_free=form.tax_free
    )
    mistakes.require_none()
    order = own_order_number(form.merchant_uid)
    return {
        "merchant_uid": order or new_order_number(),
        "schedule_at": checked_time(form.schedule_at, now),
        "amount": form.amount,
        "name": checked_name(form.name),
        "currency": form.currency,
        "tax_free": form.tax_free,
        "naver_use_cfm": form.naver_use_cfm,
        **({EXTRAS: extras} if extras else {}),
        **({OWN_ORDER: True} if order else {}),
    }


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names."""
    return _book_request(wanted, wanted.request).body()


def _book_request(row: Operation | Wanted, request: Mapping[str, Any]) -> BookRequest:
    return BookRequest(row.customer_uid or "", tuple(map(_booking, request["schedules"])))


def _booking(entry: Mapping[str, Any]) -> Booking:
    return Booking(**{name: value for name, value in entry.items() if name != OWN_ORDER})


def order_numbers(operation: Operation) -> list[str]:
    """The order numbers that a booking makes, oldest first."""
    return [entry["merchant_uid"] for entry in asked(operation)["schedules"]]


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Looks whether the key lives and every time is still ahead. Raises Stop."""
    try:
        gateway.billing_key(operation.customer_uid or "")
    except NotFound as error:
        raise Stop(Why.KEY_DELETED, error.refusal.message) from None
    entries = asked(operation)["schedules"]
    require_ahead(gateway, min(entry["schedule_at"] for entry in entries))
    for order in [entry["merchant_uid"] for entry in entries if entry.get(OWN_ORDER)]:
        require_unused(gateway, order)
        _require_unbooked(gateway, order)


def _require_unbooked(gateway: Gateway, order: str) -> None:
    try:
        gateway.schedule(order)
    except NotFound:
        return
    raise Stop(Why.ORDER_USED)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Books all payments of the intent, or none. Raises NotSent, Refused, OutcomeUnknown."""
    booked = gateway.book_schedules(_book_request(operation, asked(operation)), still=still)
    return Outcome(State.SUCCEEDED, schedules=booked.found, unreadable=booked.unreadable)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether the payments stand booked under their order numbers; V1 books all or none."""
    found = []
    for order in order_numbers(operation):
        try:
            found.append(gateway.schedule(order))
        except NotFound:
            return None
    return Outcome(State.SUCCEEDED, schedules=tuple(found))
