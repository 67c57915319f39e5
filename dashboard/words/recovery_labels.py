"""Words of the recovery desk and the radar: what can be done, what happened last, how often a customer is charged."""

from collections.abc import Mapping

from services.months import LAST_DAY
from services.subscriptions.grids import Unit
from services.subscriptions.reasons import Action
from services.tables.chains import LastResult, RecoveredBy

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import Look, States


@States
def action() -> Mapping[str, Look]:
    """What can be done about a failed charge."""
    return {
        Action.WAIT: Look("◷", "blue", _("Try again later")),
        Action.MEND: Look("✎", "orange", _("Card update needed")),
        Action.SHOP: Look("⌂", "violet", _("The shop mends it")),
        Action.STOP: Look("⊘", "gray", _("Leave it")),
        Action.UNKNOWN: Look("?", "yellow", _("Look at it")),
    }


@States
def last_result() -> Mapping[str, Look]:
    """What happened last on a broken chain."""
    return {
        LastResult.PAID: Look("○", "blue", _("Paid, nothing booked")),
        LastResult.FAILED: Look("✕", "red", _("The last charge failed")),
        LastResult.REVOKED: Look("⊘", "gray", _("The booking was revoked")),
    }


@once_a_language
def recovered_by() -> Words:
    """Who had it paid after all."""
    return {
        RecoveredBy.POLICY: _("Automatic recovery"),
        RecoveredBy.PERSON: _("A person, here"),
        RecoveredBy.ELSEWHERE: _("Outside of Jangbu"),
    }


@once_a_language
def unit() -> Words:
    """What a cadence counts in."""
    return {Unit.DAY: _("days"), Unit.WEEK: _("weeks"), Unit.MONTH: _("months"), Unit.YEAR: _("years")}


@once_a_language
def _one() -> Words:
    return {
        Unit.DAY: _("Every day"),
        Unit.WEEK: _("Every week"),
        Unit.MONTH: _("Every month"),
        Unit.YEAR: _("Every year"),
    }


@once_a_language
def _several() -> Words:
    return {
        Unit.DAY: _("Every {n} days"),
        Unit.WEEK: _("Every {n} weeks"),
        Unit.MONTH: _("Every {n} months"),
        Unit.YEAR: _("Every {n} years"),
    }


def cadence(every: int, unit: str, day_of_month: int | None) -> str:
    """`Every month, on day 5`, `Every 2 weeks`."""
    often = _one(unit) if every == 1 else _several(unit).format(n=every)
    if day_of_month is None:
        return often
    if day_of_month == LAST_DAY:
        return _("{often}, on the last day").format(often=often)
    return _("{often}, on day {day}").format(often=often, day=day_of_month)
