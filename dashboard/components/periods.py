"""Periods that a list offers, as ranges of Seoul days with both ends inside."""

from datetime import date

from services.clock import date_to_day, day_to_date

from dashboard.locale import _

DEFAULT = "30d"
CUSTOM = "custom"
PERIODS = ("today", "yesterday", "7d", "30d", "this_month", "last_month", "6m", CUSTOM)


def period_label(period: str) -> str:
    """A period by its name."""
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "7d": _("7 days"),
        "30d": _("30 days"),
        "this_month": _("This month"),
        "last_month": _("Last month"),
        "6m": _("6 months"),
        CUSTOM: _("From … to"),
    }[period]


def period_days(period: str, today: int) -> tuple[int, int]:
    """First and last Seoul day of a named period."""
    month_start = date_to_day(day_to_date(today).replace(day=1))
    ranges = {
        "today": (today, today),
        "yesterday": (today - 1, today - 1),
        "7d": (today - 6, today),
        "30d": (today - 29, today),
        "this_month": (month_start, today),
        "last_month": (date_to_day(day_to_date(month_start - 1).replace(day=1)), month_start - 1),
        "6m": (date_to_day(_months_before(day_to_date(today), 6)), today),
    }
    return ranges[period]


def period_of(days: tuple[int, int], today: int) -> str:
    """The name of a range, CUSTOM where it has none."""
    named = (period for period in PERIODS[:-1] if period_days(period, today) == days)
    return next(named, CUSTOM)


def _months_before(day: date, months: int) -> date:
    """The day after the same day of an earlier month; the month's last where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    length = (following - first).days
    return first.replace(day=min(day.day, length))
