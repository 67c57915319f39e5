"""Subscriptions in words: how one stands, how it ended, what moved MRR."""

from collections.abc import Mapping

from services.store.lists.subscriptions import SubscriptionRow
from services.tables.revenue import Churn, SubscriptionState

from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States


@States
def state() -> Mapping[str, Look]:
    """How a subscription stands."""
    return {
        SubscriptionState.ACTIVE: Look("✓", "green", _("Active")),
        SubscriptionState.PAST_DUE: Look("!", "orange", _("Past due")),
        SubscriptionState.ENDED: Look("⊘", "gray", _("Ended")),
    }


@once_a_language
def churn() -> Words:
    """How a subscription ended."""
    return {
        Churn.CHOSEN: _("Chosen: revoked or deleted"),
        Churn.FAILED: _("Failed: the last charge failed"),
        Churn.LAPSED: _("Lapsed: nobody charged it"),
    }


def ended(row: SubscriptionRow) -> str | None:
    """`Ended 2026-11-23 15:04:05. Chosen: revoked or deleted`; None while it goes on."""
    if not (row.ended_at and row.churn):
        return None
    return _("Ended {time}. {how}").format(time=formats.time(row.ended_at), how=churn(row.churn))


@once_a_language
def movement() -> Words:
    """What moved MRR; churn by how a subscription ended."""
    return {
        "new": _("New"),
        "expansion": _("Expansion"),
        "contraction": _("Contraction"),
        "churn": _("Churn"),
        "reactivation": _("Came back"),
        "chosen": _("Churn, chosen"),
        "failed": _("Churn, failed"),
        "lapsed": _("Churn, lapsed"),
    }
