"""Months like 202611, in Seoul, and steps of months from a date."""

from calendar import monthrange
from datetime import date

from services.clock import date_to_day, day_of, day_to_date

MONTH_DAYS = 30.4375
"""Days of a month on average: 365.25 / 12."""
LAST_DAY = 31
"""The longest month has it; on its own it stands for the last day of whichever month."""


def month_of(at: float) -> int:
    """The month that a UNIX time is in."""
    return month_of_day(day_of(at))


def month_of_day(day: int) -> int:
    """The month that a Seoul day is in."""
    when = day_to_date(day)
    return when.year * 100 + when.month


def month_span(month: int) -> tuple[int, int]:
    """First and last Seoul day of a month."""
    return _first(month), _first(next_month(month)) - 1


def months_between(first: int, last: int) -> list[int]:
    """Every month from the first to the last, both inside."""
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def months_until(last: int, n: int) -> list[int]:
    """So many months up to the last one, oldest first."""
    found = [last]
    while len(found) < n:
        found.append(previous_month(found[-1]))
    return found[::-1]


def next_month(month: int) -> int:
    """The month after."""
    return month + 1 if month % 100 < 12 else month + 89


def previous_month(month: int) -> int:
    """The month before."""
    return month - 1 if month % 100 > 1 else month - 89


def month_name(month: int) -> str:
    """`2026-11`."""
    return f"{month // 100}-{month % 100:02d}"


def month_after(day: date, months: int) -> date:
    """The first of the month that comes so many months after the day's own."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def in_month(first: date, day: int) -> date:
    """That day of the month; its last one where it is shorter."""
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))


def _first(month: int) -> int:
    return date_to_day(date(month // 100, month % 100, 1))
