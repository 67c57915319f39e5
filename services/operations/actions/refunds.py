"""Refunds: what may be asked for, how it is sent, and how to see whether it was made."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from services.amounts import half_width
from services.clock import system_clock
from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.payloads import Payload, PaymentPayload
from services.gateway.requests import CancelRequest
from services.mistakes import Mistakes
from services.operations.actions.promotions import discount_of
from services.operations.actions.refund_rules import account_needs, bank_code
from services.operations.journal.attempts import LEASE
from services.operations.journal.journal import AHEAD, Wanted, asked
from services.operations.journal.note_rows import checked_note
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.payment_states import SHOWS_REGISTRATION, only_registered
from services.store.lists.one import Refundable
from services.store.lists.refunds import answering, claimed_refunds
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment, PaymentStatus
from services.typed_text import checked, typed

MOVES_MONEY = True
REQUESTERS = ("customer", "admin")
ACCOUNT = ("refund_bank", "refund_account", "refund_holder", "refund_tel")
FLAGS = ("enable_webhook", "retain_promotion")
"""What is asked for by a yes, and left out otherwise."""
_BANK, _NUMBER = ACCOUNT[:2]
_LONGEST_REASON = 255
_DASHES = re.compile("[ ‐‑‒–—−ー－-]")
"""What parts an account number as banks and people write it."""
_LEAST_DIGITS = 8
"""Of an account number: banks here have ten to fourteen, brokers some of eight."""
_LESS = "less"
_PENDING_AT = frozenset({"paypal", "paypal_v2"})
"""They may take a refund and show it later: a new one in the answer may be somebody else's."""


@dataclass(frozen=True, slots=True)
class RefundForm:
    """What a person filled in; amounts in the smallest unit. `balance` is what they were shown as left.

    `account` names the bank by its standard three-digit code.
    """

    amount: int | None
    balance: int
    reason: str
    requester: str | None
    tax_free: int | None = None
    vat_amount: int | None = None
    account: Mapping[str, str] = field(default_factory=dict)
    enable_webhook: bool = False
    retain_promotion: bool = False
    """Whether a promotion stands though what is left no longer meets its terms."""
    less: int = 0
    """As promotions.less_of has it: the balance is that much below what V1 shows."""
    note: str = ""
    """For colleagues alone."""
    unread: Sequence[InvalidRequest] = ()
    """What could not be read of what was typed."""


def subject_of(imp_uid: str) -> str:
    """The subject of operations on a payment, of which one is open at most."""
    return f"payment:{imp_uid}"


def is_for_two(amount: int, currency: str, approval_from: int | None) -> bool:
    """Whether a second person has to say yes: from so many won on, and of other currencies always."""
    return approval_from is not None and (currency != "KRW" or amount >= approval_from)


def wanted_refund(
    token: str,
    payment: Payment | Refundable,
    form: RefundForm,
    *,
    approval_from: int | None,
    alone: int = 0,
    now: float | None = None,
) -> Wanted:
    """The intent of a form. Raises InvalidRequest, naming each field to mend, where it cannot be sent.

    `alone` is what was refunded of the payment without a second person: parts add up.
    `now`: by some PGs' rules the time decides whether it goes to an account.
    """
    mistakes = Mistakes(form.unread)
    amount = mistakes.read(lambda: _checked_amount(payment, form), 0)
    reason = mistakes.read(lambda: _checked_reason(form), "")
    if form.requester not in REQUESTERS:
        mistakes.add(InvalidRequest("Choose who asked for it: the customer or the shop.", field="requester"))
    note = mistakes.read(lambda: checked_note(form.note), "")
    request = _request(payment, form, amount, system_clock() if now is None else now, mistakes)
    mistakes.require_none()
    return Wanted(
        token=token,
        kind=OperationKind.REFUND,
        subject=subject_of(payment.imp_uid),
        amount=amount,
        currency=payment.currency,
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        customer_uid=payment.customer_uid,
        reason=reason,
        requester=form.requester,
        balance=form.balance,
        request=request,
        needs_approval=is_for_two(alone + amount, payment.currency, approval_from),
        note=note,
    )


def _checked_amount(payment: Payment | Refundable, form: RefundForm) -> int:
    if payment.status == PaymentStatus.CANCELLED and payment.cancel_amount >= payment.amount:
        raise InvalidRequest("Nothing of this payment is left to refund.", field="amount")
    if payment.status != PaymentStatus.PAID:
        raise InvalidRequest("Only a paid payment can be refunded.", field="amount")
    if only_registered({name: getattr(payment, name) for name in SHOWS_REGISTRATION}):
        raise InvalidRequest("This only registered a billing key: nothing was charged.", field="amount")
    return within(form.amount, form.balance)


def within(amount: int | None, balance: int) -> int:
    """An amount that may go back of what is left, both in the smallest unit. Raises InvalidRequest."""
    if amount is None:
        raise InvalidRequest("Type an amount.", field="amount")
    if amount <= 0:
        raise InvalidRequest("The amount must be above 0: i'mport would take 0 for everything.", field="amount")
    if amount > balance:
        raise InvalidRequest("That is more than what is left.", field="amount")
    return amount


def _checked_reason(form: RefundForm) -> str:
    if not typed(form.reason):
        raise InvalidRequest("Say why: the buyer's bank and Naver Pay are told this reason.", field="reason")
    return checked(form.reason, "reason", most=_LONGEST_REASON)


def _request(
    payment: Payment | Refundable, form: RefundForm, amount: int, now: float, mistakes: Mistakes
) -> dict[str, object]:
    """All that is sent besides; `amount` 0 where that is a mistake already."""
    given = (("tax_free", form.tax_free), ("vat_amount", form.vat_amount))
    taxes = {name: value for name, value in given if value is not None}
    if amount:
        _check_taxes(taxes, amount, mistakes)
    found: dict[str, object] = dict(taxes)
    for name in FLAGS:
        if getattr(form, name):
            found[name] = True
    if form.retain_promotion and discount_of(payment) is None:
        mistakes.add(InvalidRequest("This payment had no promotion that could stand.", field="retain_promotion"))
    if form.less:
        found[_LESS] = form.less
    return found | _account(payment, form, now, mistakes)


def _check_taxes(taxes: Mapping[str, int], amount: int, mistakes: Mistakes) -> None:
    wrong = [name for name, value in taxes.items() if not 0 <= value <= amount]
    for name in wrong:
        mistakes.add(InvalidRequest("It must lie between 0 and the amount.", field=name))
    if not wrong and sum(taxes.values()) > amount:
        mistakes.add(InvalidRequest("Tax-free part and VAT together are more than the amount.", field="vat_amount"))


def _account(payment: Payment | Refundable, form: RefundForm, now: float, mistakes: Mistakes) -> dict[str, str]:
    account = {name: value for name in ACCOUNT if (value := typed(form.account.get(name, "")))}
    for name in account_needs(payment, now):
        if name in account:
            continue
        if payment.pay_method == "vbank":
            mistakes.add(InvalidRequest("A virtual account is refunded to an account: this is missing.", field=name))
        else:
            mistakes.add(InvalidRequest("This refund goes to an account: this is missing.", field=name))
    if code := account.get(_BANK):
        account[_BANK] = mistakes.read(lambda: bank_code(payment.pg_provider, code), code)
    if account:
        number = _DASHES.sub("", half_width(account.get(_NUMBER, "")))
        if not (number.isascii() and number.isdecimal()):
            mistakes.add(InvalidRequest("An account number has digits only.", field=_NUMBER))
        elif len(number) < _LEAST_DIGITS:
            mistakes.add(InvalidRequest("An account number has at least {least} digits.", field=_NUMBER,
                                        least=_LEAST_DIGITS))  # fmt: skip
        account[_NUMBER] = number
    return account


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names."""
    return _cancel_request(wanted, wanted.request).body()


def _cancel_request(row: Operation | Wanted, request: Mapping[str, Any]) -> CancelRequest:
    return CancelRequest(
        imp_uid=row.imp_uid or "",
        amount=row.amount,
        checksum=row.balance or 0,
        currency=row.currency,
        reason=row.reason or "",
        requester=row.requester or "",
        tax_free=request.get("tax_free"),
        vat_amount=request.get("vat_amount"),
        account={name: request[name] for name in ACCOUNT if name in request},
        flags=tuple(name for name in FLAGS if request.get(name)),
    )


def prepare(gateway: Gateway, operation: Operation) -> str:
    """Reads the payment again. The cancellations it has now, as JSON. Raises Stop where nothing may be sent."""
    payment = gateway.payment(operation.imp_uid or "")
    if payment.fields["status"] not in (PaymentStatus.PAID, PaymentStatus.CANCELLED):
        raise Stop(Why.NOT_REFUNDABLE, payment=payment)
    left = payment.fields["amount"] - payment.fields["cancel_amount"] - asked(operation).get(_LESS, 0)
    if left != operation.balance:
        raise Stop(Why.BALANCE_CHANGED, payment=payment)
    return json.dumps([_identity(one) for one in payment.cancel_history])


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Makes the refund; see Gateway.cancel_payment for what it raises.

    The one new entry in the answer is what the PG made of it, whatever its amount: the checksum let nothing else
    in between.
    """
    payment = gateway.cancel_payment(_cancel_request(operation, asked(operation)), still=still)
    new = _new(payment, operation)
    made = [one for one in new if one.fields["amount"] == operation.amount]
    if not made and len(new) == 1 and payment.fields["pg_provider"] not in _PENDING_AT:
        made = new
    if not made:
        # PayPal may take a refund and show it later: it counts once it stands in the history.
        return Outcome(State.UNKNOWN, why=Why.STILL_PENDING, payment=payment)
    return _made(payment, made[-1])


def look(gateway: Gateway, operation: Operation) -> Outcome:
    """Whether the payment has a new cancellation with our reason, and our amount or made as ours was sent."""
    payment = gateway.payment(operation.imp_uid or "")
    ours = [one for one in _new(payment, operation) if one.fields["reason"] == operation.reason]
    same = [one for one in ours if one.fields["amount"] == operation.amount]
    if not same and len(ours) == 1 and _while_sent(operation, ours[0].fields["cancelled_at"]):
        same = ours
    return _made(payment, same[0]) if same else Outcome(State.UNKNOWN, payment=payment)


def recognised(conn: Connection, payment: PaymentPayload, operation: Operation) -> Outcome:
    """The refund that a person says was made: new, no other operation's, and certain; unknown where none is."""
    taken = claimed_refunds(conn, payment.fields["imp_uid"])
    new = [one for one in _new(payment, operation) if one.fields["cancellation_id"] not in taken]
    found = answering([(one.fields["amount"], one.fields["reason"]) for one in new], operation)
    return _made(payment, new[found]) if found is not None else Outcome(State.UNKNOWN, payment=payment)


def _while_sent(operation: Operation, at: int) -> bool:
    """Whether a time lies within the latest claim: of another amount only what was made then may be ours."""
    return operation.claimed_until - LEASE - AHEAD <= at <= operation.claimed_until + AHEAD


def _made(payment: PaymentPayload, cancellation: Payload) -> Outcome:
    fields = cancellation.fields
    return Outcome(
        State.SUCCEEDED,
        payment=payment,
        cancellation_id=fields["cancellation_id"],
        receipt_url=fields["receipt_url"],
        refunded=fields["amount"],
    )


def _new(payment: PaymentPayload, operation: Operation) -> list[Payload]:
    known = set(json.loads(operation.known or "[]"))
    return [one for one in payment.cancel_history if _identity(one) not in known]


def _identity(cancellation: Payload) -> str:
    fields = cancellation.fields
    return fields["cancellation_id"] or f"{fields['pg_tid']} {fields['cancelled_at']} {fields['amount']}"
