"""The journal's codes in words: states with their sign, our own reasons, what was done to an operation."""

from collections.abc import Mapping
from typing import Any

from services.operations.actions.refund_rules import banks
from services.operations.actions.refunds import ACCOUNT
from services.operations.journal.audit import JANGBU
from services.operations.journal.persons import LOCAL
from services.operations.journal.states import Why
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

from dashboard.locale import _
from dashboard.words import formats, kinds
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States

_PARTS = ("tax_free", "vat_amount")
_STEP_BEFORE = "step_before"

_STILL_TRUE = (
    Why.ANSWER_LOST,
    Why.EXECUTOR_DIED,
    Why.STILL_PENDING,
    Why.FAILED_FOR_NOW,
    Why.NOT_FOUND_AFTER_LOOKING,
    Why.NOT_SHOWN,
    Why.NOT_WAITING,
    Why.DATABASE_RESTORED,
    Why.EXECUTED_MEANWHILE,
)
"""Reasons that are as true of an earlier call as of the latest."""
_BEFORE_A_CALL = (
    Why.BALANCE_CHANGED,
    Why.NOT_ALLOWED,
    Why.KEY_DELETED,
    Why.BELOW_MINIMUM,
    Why.NOT_REFUNDABLE,
    Why.NOT_PAID,
    Why.TOO_OLD,
    Why.TOO_CLOSE,
    Why.NOT_BOOKED,
    Why.STILL_BOOKED,
    Why.NUMBER_GONE,
    Why.TYPED_GONE,
    Why.IDENTITY_GONE,
    Why.CERTIFIED_ALREADY,
    Why.RECEIPT_STANDS,
    Why.RECEIPT_GONE,
    Why.RECEIVER_UNKNOWN,
    Why.DELIVERY_STANDS,
    Why.DELIVERY_DIFFERS,
    Why.ORDER_PAID,
    Why.ACCOUNT_OPEN,
    Why.ACCOUNT_CHANGED,
    Why.CARD_GONE,
    Why.ORDER_USED,
    Why.KEY_EXISTS,
)
"""Reasons that stood in the way of the latest call: nothing was sent, this time."""


@States
def state() -> Mapping[str, Look]:
    """Where an operation stands."""
    return {
        State.AWAITING_APPROVAL: Look("◷", "yellow", _("Waits for approval")),
        State.INTENT: Look("…", "blue", _("Written down")),
        State.SENT: Look("…", "blue", _("Sent")),
        State.SUCCEEDED: Look("✓", "green", _("Done")),
        State.REFUSED: Look("✕", "red", _("Not done")),
        State.UNKNOWN: Look("?", "orange", _("Being checked")),
        State.NEEDS_PERSON: Look("!", "orange", _("Needs a person")),
        State.EXPIRED: Look("○", "gray", _("Expired")),
        _STEP_BEFORE: Look("◷", "blue", _("Waits for the step before")),
        Why.WITHDRAWN: Look("⊘", "gray", _("Withdrawn")),
    }


def standing_code(operation: Operation) -> str:
    """The code of `state` for an operation.

    What waits for another one needs nobody's approval; what its asker withdrew nobody refused.
    """
    if operation.state == State.AWAITING_APPROVAL and operation.after_id is not None:
        return _STEP_BEFORE
    withdrawn = operation.state == State.REFUSED and operation.why == Why.WITHDRAWN
    return Why.WITHDRAWN if withdrawn else operation.state


def standing(operation: Operation) -> str:
    """An operation's state as a coloured badge."""
    return state.markdown(standing_code(operation))


def person(name: str) -> str:
    """Who did something, by the journal's name: an address is a colleague's, Jangbu's own names are words."""
    return {LOCAL: _("staff without sign-in"), JANGBU: _("Jangbu by itself")}.get(name, name)


@once_a_language
def requester() -> Words:
    """Who wanted a refund."""
    return {"customer": _("Asked for by the buyer"), "admin": _("Asked for by the shop")}


@once_a_language
def why() -> Words:
    """Our own reason, with what it means for the money."""
    return {
        Why.BALANCE_CHANGED: _("Something else was refunded since the form was opened: nothing was sent."),
        Why.NOT_ALLOWED: _("Your role or limit no longer allows it: nothing was sent."),
        Why.KEY_DELETED: _("The billing key is gone: nothing was sent."),
        Why.BELOW_MINIMUM: _("It is less than Naver Pay's minimum amount: nothing was sent."),
        Why.NOT_REFUNDABLE: _("The payment is not paid: nothing was sent."),
        Why.NOT_PAID: _("The payment is not paid: nothing was sent."),
        Why.TOO_OLD: _("Nobody could carry it out within ten minutes: nothing was sent."),
        Why.FILE_TOO_OLD: _("Its file was approved more than a day before its turn came: nothing was sent."),
        Why.NOT_APPROVED_IN_TIME: _("Nobody approved it within seven days: nothing was sent."),
        Why.DECLINED: _("It was declined: nothing was sent."),
        Why.WITHDRAWN: _("It was withdrawn: nothing was sent."),
        Why.UNREACHABLE: _("The gateway could not be reached in three tries: nothing was sent."),
        Why.ANSWER_LOST: _("The gateway's answer was lost: it may have happened."),
        Why.EXECUTOR_DIED: _("The process that sent it ended before the answer: it may have happened."),
        Why.STILL_PENDING: _("The gateway took it and does not show it yet."),
        Why.FAILED_FOR_NOW: _("The PG says that it failed; at this PG that may still turn into paid."),
        Why.NOT_FOUND_AFTER_LOOKING: _("The gateway shows no trace of it so far."),
        Why.NOT_SHOWN: _("The answer was lost, and no reading shows whether it was done."),
        Why.EXECUTED_MEANWHILE: _("It was executed before it could be changed: its payment stands."),
        Why.TOO_CLOSE: _("It was less than a minute before it is due: nothing was sent."),
        Why.NOT_BOOKED: _("It is not in the state that this begins from: nothing was sent."),
        Why.STILL_BOOKED: _("Payments are booked on the billing key: nothing was sent."),
        Why.NUMBER_GONE: _("The number that the receipt goes to is held only until it is sent: type it again."),
        Why.TYPED_GONE: _("What was typed is held only until it is sent: type it again."),
        Why.IDENTITY_GONE: _("There is no such verification, or it is erased already: nothing was sent."),
        Why.CERTIFIED_ALREADY: _("This verification is confirmed already: nothing was sent."),
        Why.MEMBER_GONE: _("PortOne knows no such member: erased before, or never one. Look at the codes again."),
        Why.RECEIPT_STANDS: _("A cash receipt stands already: nothing was sent."),
        Why.RECEIPT_GONE: _("The receipt is cancelled already, or another one stands: nothing was sent."),
        Why.RECEIVER_UNKNOWN: _(
            "Whom the parcel goes to is held only until it is sent, or the payment does not say all of it: type it."
        ),
        Why.DELIVERY_STANDS: _("A delivery is entered already: nothing was sent."),
        Why.DELIVERY_DIFFERS: _(
            "The PG shows no delivery yet, or another one than you saw: nothing was sent. Look at it and ask again."
        ),
        Why.ORDER_PAID: _("The order is paid already: nothing was sent."),
        Why.ACCOUNT_OPEN: _("Another account of this order waits already: nothing was sent."),
        Why.NOT_WAITING: _("It waits for no money any more: it was paid or revoked."),
        Why.ACCOUNT_CHANGED: _("Its amount or its term changed since the form was opened: nothing was sent."),
        Why.CARD_GONE: _("The card is held only until it is sent: type it again."),
        Why.ORDER_USED: _("A payment stands under this order number already: nothing was sent."),
        Why.KEY_EXISTS: _("A card is registered under this billing key already: nothing was sent."),
        Why.FIRST_STEP_FAILED: _("What had to happen before did not: nothing was sent."),
        Why.SETTLED_BY_PERSON: _("A person settled it."),
        Why.SENT_AGAIN: _("A person had it sent once more."),
        Why.DATABASE_RESTORED: _(
            "An older state of the database was put back: it may have been done since, and no reading shows it."
        ),
        Why.FOUND: _("Found at the gateway after an older state of the database was put back."),
    }


@once_a_language
def _cause() -> Words:
    """Of the reasons that say that nothing was sent: only what stood in the way."""
    return {
        Why.BALANCE_CHANGED: _("What is left has changed."),
        Why.NOT_ALLOWED: _("Your role or limit no longer allows it."),
        Why.KEY_DELETED: _("The billing key is gone."),
        Why.BELOW_MINIMUM: _("It is less than Naver Pay's minimum amount."),
        Why.NOT_REFUNDABLE: _("The payment is not paid."),
        Why.NOT_PAID: _("The payment is not paid."),
        Why.TOO_OLD: _("Nobody could carry it out within ten minutes."),
        Why.TOO_CLOSE: _("It was less than a minute before it is due."),
        Why.NOT_BOOKED: _("It is not in the state that this begins from."),
        Why.STILL_BOOKED: _("Payments are booked on the billing key."),
        Why.NUMBER_GONE: _("The number that the receipt goes to is not held any more."),
        Why.TYPED_GONE: _("What was typed is not held any more."),
        Why.IDENTITY_GONE: _("There is no such verification any more."),
        Why.CERTIFIED_ALREADY: _("This verification is confirmed already."),
        Why.RECEIPT_STANDS: _("A cash receipt stands already."),
        Why.RECEIPT_GONE: _("The receipt is cancelled already, or another one stands."),
        Why.RECEIVER_UNKNOWN: _("Whom the parcel goes to is not known any more."),
        Why.DELIVERY_STANDS: _("A delivery is entered already."),
        Why.DELIVERY_DIFFERS: _("The PG shows no delivery, or another one."),
        Why.ORDER_PAID: _("The order is paid already."),
        Why.ACCOUNT_OPEN: _("Another account of this order waits already."),
        Why.ACCOUNT_CHANGED: _("Its amount or its term changed since the form was opened."),
        Why.CARD_GONE: _("The card is not held any more."),
        Why.ORDER_USED: _("A payment stands under this order number already."),
        Why.KEY_EXISTS: _("A card is registered under this billing key already."),
    }


def reason(state: str, code: str | None) -> str:
    """Our own reason for a state; nothing where there is none.

    What needs a person may have gone through by an earlier call: that nothing was sent is true of this time alone.
    """
    if state != State.NEEDS_PERSON or code in _STILL_TRUE:
        return why(code) if code else ""
    unclear = _("This time nothing was sent; whether the earlier call went through is not known.")
    return f"{_cause(code)} {unclear}" if code in _BEFORE_A_CALL else unclear


@once_a_language
def action() -> Words:
    """A step of an operation, as the audit names it."""
    return {
        "asked": _("{kind}: asked for"),
        "approved": _("{kind}: approved"),
        "batch_row": _("{kind}: let go"),
        "first_step_done": _("{kind}: let go"),
        "first_step_failed": _("{kind}: not done"),
        "sent": _("{kind}: sent"),
        "succeeded": _("{kind}: done"),
        "refused": _("{kind}: not done"),
        "unknown": _("{kind}: answer lost"),
        "released": _("{kind}: answer lost"),
        "not_sent": _("{kind}: never left"),
        "goes_again": _("{kind}: goes again"),
        "gave_up": _("{kind}: needs a person"),
        "seen": _("{kind}: seen at the gateway"),
        "expired": _("{kind}: expired"),
        "needs_person": _("{kind}: needs a person"),
        "declined": _("{kind}: declined"),
        "withdrawn": _("{kind}: withdrawn"),
        "too_old": _("{kind}: expired"),
        "not_approved_in_time": _("{kind}: expired"),
        "file_too_old": _("{kind}: expired"),
        "sent_again": _("{kind}: sent again"),
        "settled": _("{kind}: settled"),
        "found": _("{kind}: found at the gateway"),
        "put_aside": _("{kind}: put aside"),
        "anonymous": _("{kind}: buyer made anonymous"),
        "let_stand": _("{kind}: paid after all, left as it is"),
    }


def summary(operation: Operation) -> str:
    """What it is in a few words: `Refund 3,000원`."""
    kind = kinds.of(operation.kind)
    if not kind.has_sum:
        return kind.noun
    asked = f"{kind.noun} {formats.money(operation.amount, operation.currency)}"
    if operation.refunded is None or operation.refunded == operation.amount:
        return asked
    made = _("{amount} refunded").format(amount=formats.money(operation.refunded, operation.currency))
    return f"{asked} ({made})"


@once_a_language
def particular() -> Words:
    """A part of what is sent besides amount and reason."""
    return {
        "refund_bank": _("Bank"),
        "refund_account": _("Account number"),
        "refund_holder": _("Account holder"),
        "refund_tel": _("Holder's phone"),
        "tax_free": _("Tax-free part"),
        "vat_amount": _("VAT"),
        "retain_promotion": _("Promotion"),
    }


def particulars(request: Mapping[str, Any], currency: str) -> list[str]:
    """Where the money goes and how it is taxed, for whoever says yes to it: `Bank: 088 신한은행`."""
    found = []
    known = {*ACCOUNT, *_PARTS, "retain_promotion"}
    for name, value in request.items():
        if name not in known:
            continue
        if name == "retain_promotion":
            value = _("stays, whatever is left")
        if name in _PARTS:
            value = formats.money(value, currency)
        if name == "refund_bank":
            value = f"{value} {_bank(value)}".strip()
        found.append(f"{particular(name)}: {value}")
    return found


def account(request: Mapping[str, Any], *, buyers: bool) -> str | None:
    """The account that a refund was sent to, its number to the last four digits: `신한은행 ****3344 · 홍길동`.

    Nothing where it went to none; `buyers`: whether its holder may be named.
    """
    bank, number, holder = (str(request.get(name) or "") for name in ACCOUNT[:3])
    if not number:
        return None
    return " · ".join(filter(None, (f"{_bank(bank) or bank} ****{number[-4:]}".strip(), formats.buyer(holder, buyers))))


def _bank(code: str) -> str:
    """By the last two digits, which are the same in every PG's way of writing a bank."""
    return next((name for known, name in banks().items() if known[-2:] == code[-2:]), "")
