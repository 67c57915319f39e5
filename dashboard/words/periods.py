"""Periods that a list offers, as ranges of Seoul days with both ends inside."""

from datetime import date

from services.clock import date_to_day, day_to_date
from services.months import in_month, month_after, month_of_day, month_span

from dashboard.locale import _

DEFAULT = "30d"
CUSTOM = "custom"
PERIODS = ("today", "yesterday", "7d", "30d", "this_month", "last_month", "6m", CUSTOM)
DUE_DEFAULT = "next_7d"
DUE_PERIODS = ("today", "tomorrow", DUE_DEFAULT, "this_month", "next_month", "last_month", CUSTOM)
"""Of what is booked: these look ahead too."""


def period_label(period: str) -> str:
    """A period by its name."""
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "tomorrow": _("Tomorrow"),
        "7d": _("7 days"),
        DUE_DEFAULT: _("Next 7 days"),
        "30d": _("30 days"),
        "this_month": _("This month"),
        "next_month": _("Next month"),
        "last_month": _("Last month"),
        "6m": _("6 months"),
        CUSTOM: _("From … to"),
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
    }
    return ranges[period]


def period_of(days: tuple[int, int], today: int) -> str:
    """The name of a range, CUSTOM where it has none."""
    named = (period for period in PERIODS[:-1] if period_days(period, today) == days)
    return next(named, CUSTOM)


def due_days(period: str, today: int) -> tuple[int, int]:
    """First and last Seoul day of a named period of due times; months are whole."""
    ranges = {
        "today": (today, today),
        "tomorrow": (today + 1, today + 1),
        DUE_DEFAULT: (today, today + 6),
        "this_month": month_days(day_to_date(today)),
        "next_month": month_days(month_after(day_to_date(today), 1)),
        "last_month": month_days(month_after(day_to_date(today), -1)),
    }
    return ranges[period]


def due_period_of(days: tuple[int, int], today: int) -> str:
    """The name of a range of due times, CUSTOM where it has none."""
    named = (period for period in DUE_PERIODS[:-1] if due_days(period, today) == days)
    return next(named, CUSTOM)


def month_days(day: date) -> tuple[int, int]:
    """First and last Seoul day of the month that a day is in."""
    return month_span(month_of_day(date_to_day(day)))
