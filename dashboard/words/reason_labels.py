"""Reasons that people choose from, in the words of the screen; what is told outside stands in services.stated."""

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language

OTHER = "other"


@once_a_language
def refund() -> Words:
    """Why money goes back."""
    return {
        "mind": _("Change of mind"),
        "defect": _("Defective or damaged"),
        "wrong": _("Wrong item delivered"),
        "late": _("Delivery delayed"),
        "stock": _("Out of stock"),
        "twice": _("Paid twice"),
        "price": _("Wrong price or option"),
        OTHER: _("Something else (say what)"),
    }


@once_a_language
def deletion() -> Words:
    """Why a billing key is deleted."""
    return {
        "ended": _("The buyer ends the subscription"),
        "left": _("The buyer closes the account"),
        "changed": _("The buyer pays another way now"),
        "broken": _("The card no longer works"),
        "again": _("Registered twice"),
        "stopped": _("The shop no longer offers it"),
        OTHER: _("Something else (say what)"),
    }
