"""Rows that could not be read, in words: what kind, and what was wrong."""

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language

NO_ID = "?"


@once_a_language
def row_kind() -> Words:
    """What kind of row it is."""
    return {
        "payment": _("a payment"),
        "schedule": _("a schedule"),
        "billing_key": _("a billing key"),
        "channel": _("a channel"),
    }


@once_a_language
def why_unreadable() -> Words:
    """Why a row could not be kept."""
    return {
        "no_object": _("what came is broken off or no JSON object"),
        "no_id": _("it has no id"),
        "currency": _("its currency cannot be read"),
        "amount": _("its amount is none of its currency"),
        "cancel_amount": _("its refunded amount is none of its currency"),
        "refund_amount": _("the amount of one of its refunds is none of its currency"),
        "paid_at": _("the time of its payment cannot be read"),
        "refund_time": _("the time of one of its refunds cannot be read"),
    }
