"""Periods that a list offers, as ranges of Seoul days with both ends inside."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.clock import date_to_day, day_to_date
from services.months import in_month, month_after, month_of_day, month_span

from dashboard.locale import _

CUSTOM = "custom"
_NEXT_DAYS = "next_7d"
_DAYS = re.compile(r"([0-9]{4})(?:[-./]([0-9]{1,2})(?:[-./]([0-9]{1,2}))?)?\.?")


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods that a list offers, the last of them CUSTOM, and their days on a day."""

    names: tuple[str, ...]
    default: str
    days: Callable[[str, int], tuple[int, int]]

    def name_of(self, days: tuple[int, int], today: int) -> str:
        """The name of a range, CUSTOM where it has none."""
        return next((name for name in self.names[:-1] if self.days(name, today) == days), CUSTOM)

    def first(self, today: int) -> tuple[int, int]:
        """The range that the list starts with."""
        return self.days(self.default, today)


def period_label(period: str) -> str:
    """A period by its name."""
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "tomorrow": _("Tomorrow"),
        "7d": _("7 days"),
        _NEXT_DAYS: _("Next 7 days"),
        "30d": _("30 days"),
        "this_month": _("This month"),
        "next_month": _("Next month"),
        "last_month": _("Last month"),
        "6m": _("6 months"),
        "12m": _("12 months"),
        CUSTOM: _("Custom"),
    }[period]


def period_days(period: str, today: int) -> tuple[int, int]:
    """First and last Seoul day of a named period."""
    day, (month_start, _end) = day_to_date(today), month_span(month_of_day(today))
    ranges = {
        "today": (today, today),
        "yesterday": (today - 1, today - 1),
        "7d": (today - 6, today),
        "30d": (today - 29, today),
        "this_month": (month_start, today),
        "last_month": month_span(month_of_day(month_start - 1)),
        "6m": (date_to_day(in_month(month_after(day, -6), day.day)), today),
        "12m": (date_to_day(month_after(day, -11)), today),
    }
    return ranges[period]


def due_days(period: str, today: int) -> tuple[int, int]:
    """First and last Seoul day of a named period of due times; months are whole."""
    ranges = {
        "today": (today, today),
        "tomorrow": (today + 1, today + 1),
        _NEXT_DAYS: (today, today + 6),
        "this_month": month_days(day_to_date(today)),
        "next_month": month_days(month_after(day_to_date(today), 1)),
        "last_month": month_days(month_after(day_to_date(today), -1)),
    }
    return ranges[period]


def days_called(text: str) -> tuple[int, int] | None:
    """First and last Seoul day of `2026-10-05`, `2026-10` or `2026`; None for what is no day, month or year."""
    asked = _DAYS.fullmatch(text)
    if asked is None:
        return None
    year, month, day = (int(one) if one else None for one in asked.groups())
    try:
        first, last = date(year or 0, month or 1, day or 1), date(year or 0, month or 12, day or 1)
        return date_to_day(first), date_to_day(last) if day else month_days(last)[1]
    except ValueError:
        return None


def month_days(day: date) -> tuple[int, int]:
    """First and last Seoul day of the month that a day is in."""
    return month_span(month_of_day(date_to_day(day)))


PAST = Periods(("today", "yesterday", "7d", "30d", "this_month", "last_month", "6m", CUSTOM), "30d", period_days)
DUE = Periods(("today", "tomorrow", _NEXT_DAYS, "this_month", "next_month", "last_month", CUSTOM), _NEXT_DAYS, due_days)
"""Of what is booked: these look ahead too."""
FIRST_DAY = date_to_day(date(2010, 1, 1))
"""No payment is older: V1 began later."""
