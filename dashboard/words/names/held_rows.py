"""Rows that are kept of a buyer, in words: what kind, and what becomes of each when it is to be erased."""

from collections.abc import Mapping
from typing import Any

from services.privacy.rows import Held, Kind, Stays

from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.labels import Words, once_a_language


@once_a_language
def kind() -> Words:
    """What kind of row."""
    return {
        Kind.PAYMENT: _("A payment"),
        Kind.SCHEDULE: _("A schedule"),
        Kind.BILLING_KEY: _("Billing key"),
        Kind.OPERATION: _("An operation"),
        Kind.LINK: _("A link"),
        Kind.NOTE: _("Note"),
        Kind.RECEIPT: _("Cash receipt"),
        Kind.UNREADABLE: _("Unreadable row"),
    }


def what_becomes(row: Held) -> str:
    """Whether it can be erased; why not, and until when."""
    if row.stays == Stays.PAID and row.until is None:
        return _("Stays: nobody can say when it was paid")
    if row.stays == Stays.PAID:
        words = _("Stays until {day}: payments are kept for five years by law")
    elif row.stays == Stays.DISPUTE:
        words = _("Stays until {day}: what was said with a buyer is kept for three years by law")
    elif row.stays == Stays.OTHER:
        return _("Of somebody else with the same billing key: neither copied nor erased")
    elif row.stays == Stays.UNDER_WAY:
        return _("Stays while it is under way")
    else:
        return _("Can be erased") if row.can_go else _("Anonymous")
    return words.format(day=formats.day(row.until) if row.until else "")


def of_buyer(detail: Mapping[str, Any]) -> str:
    """What the audit tells of a copy, an erasure or a pass: why, and in how many rows of each kind."""
    told = [
        f"{kind(code)} {found if isinstance(found, int) else len(found)}"
        for code in Kind
        if (found := detail.get(f"{code.value}s"))
    ]
    return " · ".join(part for part in (detail.get("reason"), *told) if part)
