"""One-off charges of a billing key: what may be asked for, how it is sent, and how to see whether it was made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.clock import seoul
from services.errors import InvalidRequest, NotFound, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.payloads import PaymentPayload
from services.gateway.requests import AgainRequest
from services.mistakes import Mistakes
from services.operations.actions.parameters.extras import EXTRAS, checked_extras
from services.operations.actions.parameters.order_numbers import (
    OWN_ORDER,
    new_order_number,
    own_order_number,
    require_unused,
)
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey, PaymentStatus
from services.typed_text import checked, typed

MOVES_MONEY = True
NAVERPAY = "naverpay"
INSTALMENTS_FROM = 50_000
LONGEST_NAME = 40
_FIRST = (State.SUCCEEDED, State.UNKNOWN, State.REFUSED)
"""Which of several attempts under one order number counts: while one may still be paid, none of them is refused."""
_MINIMUM = "minimum"
_WINDOWS = ("pc", "mobile")
"""V1's `channel` of a payment that a buyer made."""
FAILED_IS_NOT_FINAL = frozenset({"paypal", "paypal_v2", "paymentwall"})
"""PGs that look for fraud first, and may say paid after they said failed: the vendor's guide on webhooks."""


@dataclass(frozen=True, slots=True)
class ChargeForm:
    """What a person filled in; amounts in the smallest unit, `naver_use_cfm` as yyyyMMdd."""

    amount: int | None
    name: str
    currency: str = "KRW"
    tax_free: int | None = None
    card_quota: int = 0
    naver_use_cfm: str | None = None
    merchant_uid: str = ""
    """The shop's own order number as it was typed; empty: one is made."""
    more: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What else goes along, as it was typed, by the names of extras.NAMES."""
    unread: Sequence[InvalidRequest] = ()
    """What could not be read of what was typed, or is not meant."""


def subject_of(customer_uid: str) -> str:
    """The subject of operations on a billing key, of which one is open at most."""
    return f"billing_key:{customer_uid}"


def wanted_charge(
    token: str, key: BillingKey, form: ChargeForm, *, minimum: int, now: float, seen: int | None = None
) -> Wanted:
    """The intent of a form. Raises InvalidRequest, naming each field to mend, where it cannot be sent.

    `minimum` is Naver Pay's smallest amount in won; `seen` as in Wanted.
    """
    if key.deleted_at is not None:
        raise InvalidRequest("This billing key is gone: nothing can be charged on it.", field="customer_uid")
    mistakes = Mistakes(form.unread)
    amount = mistakes.read(lambda: _checked_amount(key, form, minimum), 0)
    request: dict[str, object] = {"name": mistakes.read(lambda: _checked_name(form), "")}
    if key.pg_provider is None:
        # Only discovered, never looked up: whose key it is shows when it is read before the call.
        request[_MINIMUM] = minimum
    request |= _particulars(key, form, amount, now, mistakes)
    if order := mistakes.read(lambda: own_order_number(form.merchant_uid), None):
        request[OWN_ORDER] = True
    mistakes.require_none()
    return Wanted(
        token=token,
        kind=OperationKind.CHARGE,
        subject=subject_of(key.customer_uid),
        amount=amount,
        currency=form.currency,
        merchant_uid=order or new_order_number(),
        customer_uid=key.customer_uid,
        request=request,
        seen=seen,
    )


def _checked_amount(key: BillingKey, form: ChargeForm, minimum: int) -> int:
    if form.amount is None:
        raise InvalidRequest("Type an amount.", field="amount")
    if form.amount <= 0:
        raise InvalidRequest("The amount must be above 0.", field="amount")
    if key.pg_provider == NAVERPAY and form.currency == "KRW" and form.amount < minimum:
        raise InvalidRequest("less than minimum amount ({minimum} won)", field="amount", minimum=minimum)
    return form.amount


def _checked_name(form: ChargeForm) -> str:
    if not typed(form.name):
        raise InvalidRequest("Say what it is for: the buyer sees this name.", field="name")
    return checked(form.name, "name", most=LONGEST_NAME)


def _particulars(key: BillingKey, form: ChargeForm, amount: int, now: float, mistakes: Mistakes) -> dict[str, object]:
    """All that is sent besides; `amount` 0 where that is a mistake already."""
    found: dict[str, object] = {}
    if form.tax_free is not None:
        if amount and not 0 <= form.tax_free <= amount:
            mistakes.add(InvalidRequest("It must lie between 0 and the amount.", field="tax_free"))
        found["tax_free"] = form.tax_free
    if form.card_quota:
        if amount:
            mistakes.read(lambda: _check_quota(key, form.card_quota, amount), None)
        found["card_quota"] = form.card_quota
    if day := form.naver_use_cfm:
        mistakes.read(lambda: _check_day(key, day, now), None)
        found["naver_use_cfm"] = day
    extras = checked_extras(
        form.more, key, mistakes, books=False, amount=amount, currency=form.currency, tax_free=form.tax_free,
        quota=form.card_quota,
    )  # fmt: skip
    return found | ({EXTRAS: extras} if extras else {})


def _check_quota(key: BillingKey, quota: int, amount: int) -> None:
    if key.pg_provider == NAVERPAY:
        raise InvalidRequest("Naver Pay's billing keys have no instalments.", field="card_quota")
    if quota < 2 or amount < INSTALMENTS_FROM:
        raise InvalidRequest(
            "Instalments are 2 months or more, from {least} won on.", field="card_quota", least=f"{INSTALMENTS_FROM:,}"
        )


def _check_day(key: BillingKey, day: str, now: float) -> None:
    if key.pg_provider != NAVERPAY:
        raise InvalidRequest("Only Naver Pay takes a day of use.", field="naver_use_cfm")
    try:
        given = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        raise InvalidRequest("A day is written yyyyMMdd.", field="naver_use_cfm") from None
    if len(day) != len("yyyyMMdd") or given < seoul(now).date():
        raise InvalidRequest("The day of use is the day of payment in Seoul or later.", field="naver_use_cfm")


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names."""
    return _again_request(wanted, wanted.request).body()


def _again_request(row: Operation | Wanted, request: Mapping[str, Any]) -> AgainRequest:
    return AgainRequest(
        customer_uid=row.customer_uid or "",
        merchant_uid=row.merchant_uid or "",
        amount=row.amount,
        currency=row.currency,
        name=request["name"],
        tax_free=request.get("tax_free"),
        card_quota=request.get("card_quota", 0),
        naver_use_cfm=request.get("naver_use_cfm"),
        extras=request.get(EXTRAS, {}),
    )


def prepare(gateway: Gateway, operation: Operation) -> str | None:
    """Looks whether the key lives. Raises Stop where it is gone, the amount too small, the shop's own order known."""
    try:
        key = gateway.billing_key(operation.customer_uid or "")
    except NotFound as error:
        raise Stop(Why.KEY_DELETED, error.refusal.message) from None
    least = asked(operation).get(_MINIMUM, 0)
    if key.fields["pg_provider"] == NAVERPAY and operation.currency == "KRW" and operation.amount < least:
        raise Stop(Why.BELOW_MINIMUM)
    if asked(operation).get(OWN_ORDER):
        require_unused(gateway, operation.merchant_uid or "")
    return None


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Makes the charge; see Gateway.charge_again for what it raises."""
    payment = gateway.charge_again(_again_request(operation, asked(operation)), still=still)
    return charge_outcome(payment)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """What stands under the charge's order number, unknown while that may change; None where nothing of ours does."""
    try:
        found = gateway.find_all_payments(operation.merchant_uid or "")
    except NotFound:
        return None
    ours = [one for one in found.items if _may_be_ours(one.fields, operation)]
    likely = min(map(charge_outcome, ours), key=lambda one: _FIRST.index(one.state), default=None)
    if found.unreadable and (likely is None or likely.state != State.SUCCEEDED):
        # What cannot be read may be the one that was paid.
        raise UnreadableAnswer("The gateway's answer could not be read.")
    return likely


def _may_be_ours(fields: Mapping[str, Any], operation: Operation) -> bool:
    """Under an order number of the shop's own a buyer may have paid at the window meanwhile."""
    if not asked(operation).get(OWN_ORDER):
        return True
    same = (fields["amount"], fields["customer_uid"]) == (operation.amount, operation.customer_uid)
    return same and fields["channel"] not in _WINDOWS


def charge_outcome(payment: PaymentPayload) -> Outcome:
    """What a payment says of the charge that made it; unknown while that may still change."""
    fields = payment.fields
    if fields["status"] in (PaymentStatus.PAID, PaymentStatus.CANCELLED):
        return Outcome(State.SUCCEEDED, payment=payment, receipt_url=fields["receipt_url"])
    if fields["status"] != PaymentStatus.FAILED:
        return Outcome(State.UNKNOWN, why=Why.STILL_PENDING, payment=payment)
    if fields["pg_provider"] in FAILED_IS_NOT_FINAL:
        return Outcome(State.UNKNOWN, fields["fail_reason"], Why.FAILED_FOR_NOW, payment)
    return Outcome(State.REFUSED, fields["fail_reason"], payment=payment)
