"""What came of a webhook, in words, and webhooks as lines of a payment's story."""

from collections.abc import Iterable, Mapping

from services.checkout.webhook_log import WAITS
from services.checkout.webhooks import ESCROW
from services.tables.webhooks import Webhook
from services.tables.webhooks import WebhookOutcome as Outcome

from dashboard.locale import _, ngettext
from dashboard.screens.payments.timeline import Event, Turn
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States


@States
def outcome() -> Mapping[str, Look]:
    """What came of one."""
    return {
        WAITS: Look("◷", "blue", _("Not read yet")),
        Outcome.CHANGED: Look("✓", "green", _("Brought something new")),
        Outcome.UNCHANGED: Look("○", "gray", _("Nothing new")),
        Outcome.UNKNOWN: Look("?", "orange", _("Unknown payment")),
        Outcome.OTHER_VERSION: Look("⊘", "gray", _("V2, put aside")),
        Outcome.UNREAD: Look("!", "red", _("Could not be read")),
    }


@once_a_language
def meaning() -> Words:
    """The same in a sentence."""
    return {
        WAITS: _("Its payment is read within seconds, at most 50 a minute in all."),
        Outcome.CHANGED: _("The payment was read, and stood otherwise here before."),
        Outcome.UNCHANGED: _("The payment was read, and stands here as the gateway has it."),
        Outcome.UNKNOWN: _("The gateway knows no such payment: the console's test call, or somebody's invention."),
        Outcome.OTHER_VERSION: _("It speaks V2, which is not read here: choose V1 in PortOne's console."),
        Outcome.UNREAD: _("The gateway did not answer for a day. What changed is found by the sync."),
    }


def outcome_code(webhook: Webhook) -> str:
    """The code of `outcome` for a webhook."""
    return webhook.outcome or WAITS


def times(n: int) -> str:
    """How often it was said before it was read."""
    return ngettext("{n} time", "{n} times", n).format(n=f"{n:,}")


@once_a_language
def _escrow() -> Words:
    """How an escrow of Inicis's stands, by its codes."""
    return {
        "2": _("escrow: delivery entered"),
        "3": _("escrow: purchase confirmed"),
        "31": _("escrow: purchase confirmed automatically"),
        "32": _("escrow: purchase confirmed by Inicis"),
        "4": _("escrow: purchase refused"),
        "8": _("escrow: cancelled"),
        "10": _("escrow: refusal accepted"),
    }


def what(webhook: Webhook) -> str:
    """What it said, in words where it is of an escrow; nobody vouches for it."""
    said = webhook.status
    return _escrow(said.removeprefix(ESCROW)) if said.startswith(ESCROW) else said


def webhook_events(webhooks: Iterable[Webhook]) -> list[Event]:
    """What webhooks said of a payment, each a line with what came of it."""
    return [
        Event(
            one.received_at,
            _("Webhook: {what}").format(what=what(one) or "–"),
            detail=" · ".join([outcome.badge(outcome_code(one)), *([times(one.times)] if one.times > 1 else ())]),
            turn=Turn.HAPPENED,
        )
        for one in webhooks
    ]
