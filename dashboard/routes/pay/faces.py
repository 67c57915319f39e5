"""What a buyer is told of a link: one face for each way that it can stand, in their language."""

import json
from dataclasses import dataclass
from enum import StrEnum

from services.errors import JangbuError
from services.registrations import took_money
from services.tables.checkouts import AttemptState, Checkout, CheckoutKind, CheckoutState
from services.tables.v1 import CustomerUidUsage

from dashboard.locale import _, sentence
from dashboard.words import formats


class Mark(StrEnum):
    """The sign before a title, as pay.css draws it."""

    NONE = ""
    DONE = "done"
    BAD = "bad"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Face:
    """A title and what is said beneath; `again_in`: seconds after which the page looks whether it has changed."""

    title: str
    says: str = ""
    button: str = ""
    again_in: int = 0
    status: int = 200
    mark: Mark = Mark.NONE


def to_pay(checkout: Checkout) -> Face:
    """The page with the button."""
    if checkout.kind == CheckoutKind.REGISTRATION:
        charged = took_money(checkout.pg_provider, _method(checkout), CustomerUidUsage.ISSUE, checkout.amount)
        words = "" if charged else _("Nothing is charged now.")
        return Face(_("Register a payment method"), words, _("Register"))
    amount = formats.money_to_buyer(checkout.amount, checkout.currency)
    return Face(_("Pay for your order"), "", _("Pay {amount}").format(amount=amount))


def too_little(problem: JangbuError) -> Face:
    """Less than the payment service takes: its sentence, and nothing to press."""
    return Face(sentence(problem), mark=Mark.BAD)


def _method(checkout: Checkout) -> str | None:
    method: str | None = json.loads(checkout.request).get("pay_method")
    return method


def of_checkout(checkout: Checkout) -> Face:
    """A link by which nobody can pay any more."""
    match checkout.state:
        case CheckoutState.PAID:
            return Face(_("This has been paid already."), mark=Mark.DONE)
        case CheckoutState.REGISTERED:
            return Face(_("A payment method has been registered already."), mark=Mark.DONE)
        case CheckoutState.WITHDRAWN:
            return Face(_("This link was withdrawn."), _("Ask the shop for a new one."), status=410)
    return Face(_("This link has expired."), _("Ask the shop for a new one."), status=410)


def of_attempt(state: str, *, goes_back: bool, said: bool) -> Face:
    """What became of one attempt; `goes_back`: something else was paid than was asked for; `said`: it has words."""
    match state:
        case AttemptState.PAID:
            return Face(_("Paid. Thank you."), mark=Mark.DONE)
        case AttemptState.REGISTERED:
            return Face(_("Registered. Thank you."), mark=Mark.DONE)
        case AttemptState.WAITING:
            words = _("The order is paid once the money has come.")
            return Face(_("Waiting for your money"), words, again_in=30, mark=Mark.WAIT)
        case AttemptState.FAILED:
            return Face(_("It was not paid."), _("What the payment service said:") if said else "", mark=Mark.BAD)
        case AttemptState.MISMATCH if not goes_back:
            return Face(_("The shop is checking this payment."), _("Do not pay again: ask the shop."), mark=Mark.WAIT)
        case AttemptState.MISMATCH:
            words = _(
                "What was paid is not what was asked for, so the payment is being cancelled and the order is not done."
            )
            return Face(_("The payment was altered on its way."), words, mark=Mark.BAD)
        case AttemptState.SURPLUS:
            words = _("The order had been paid already, or was withdrawn.")
            return Face(_("This payment is being cancelled."), words, mark=Mark.BAD)
    return being_checked()


def being_checked() -> Face:
    """Nobody knows yet."""
    words = _("Do not pay again: this page looks by itself what became of it.")
    return Face(_("Being checked"), words, again_in=5, mark=Mark.WAIT)


def cannot_open() -> Face:
    """The gateway does not answer or is not set up, or too many came."""
    return Face(_("It cannot be paid at this moment."), _("Try again in a few minutes."), status=503)


def too_often() -> Face:
    """One address opened more than a person does; it does not look again by itself."""
    return Face(_("This page was opened too often."), _("Try again in an hour."), status=429)


def unknown() -> Face:
    """An address of no link, or an order of another one: nothing is told."""
    return Face(_("There is nothing here."), status=404)
