"""Links in words: how one stands, and how each opening of it ended."""

from collections.abc import Mapping

from services.checkout.checkouts import Channel
from services.tables.checkouts import CheckoutKind

from dashboard.locale import _
from dashboard.words import labels
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States


def _opened() -> Mapping[str, Look]:
    """What a link and an opening of it stand by alike."""
    return {
        "started": Look("…", "blue", _("Opened")),
        "paid": Look("✓", "green", _("Paid")),
        "registered": Look("◇", "violet", _("Registered")),
        "failed": Look("✕", "red", _("Failed")),
    }


@States
def state() -> Mapping[str, Look]:
    """How a link stands."""
    return {
        "open": Look("○", "blue", _("Not opened")),
        **_opened(),
        "expired": Look("⊘", "gray", _("Expired")),
        "withdrawn": Look("↩", "gray", _("Withdrawn")),
        "mismatch": Look("!", "orange", _("Not as asked")),
    }


@States
def attempt_state() -> Mapping[str, Look]:
    """How one opening of a link stands."""
    return {
        **_opened(),
        "checking": Look("…", "blue", _("Being checked")),
        "waiting": Look("○", "yellow", _("Waiting for the money")),
        "mismatch": Look("!", "orange", _("Not as asked")),
        "surplus": Look("↩", "orange", _("Paid after it had ended")),
    }


@once_a_language
def kind() -> Words:
    """What a link asks of the buyer."""
    return {
        CheckoutKind.PAYMENT.value: _("A payment"),
        CheckoutKind.REGISTRATION.value: _("Key registration"),
    }


def channel(one: Channel) -> str:
    """A channel by its PG and the shop's number there, live or test."""
    return labels.channel(one.pg_provider, one.pg_id, sandbox=one.sandbox)


def says_of(code: str) -> str:
    """What a state means for whoever made the link."""
    return {
        "open": _("Nobody has opened it yet."),
        "started": _("The buyer has opened it and has not paid so far."),
        "paid": _("It has been paid as often as it may be."),
        "registered": _("The buyer has registered a billing key."),
        "failed": _("The latest attempt failed: the buyer may try again by the same address."),
        "expired": _("Its time is over: make a new one where the buyer still wants to pay."),
        "withdrawn": _("It was taken back: whoever pays by it nevertheless gets the money back."),
        "mismatch": _(
            "By the latest attempt something else was paid than was asked: what was altered goes back by itself."
        ),
    }.get(code, "")
