"""Months like 202611, in Seoul."""

from datetime import date

from services.clock import date_to_day, day_to_date


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


def next_month(month: int) -> int:
    """The month after."""
    return month + 1 if month % 100 < 12 else month + 89


def previous_month(month: int) -> int:
    """The month before."""
    return month - 1 if month % 100 > 1 else month - 89


def _first(month: int) -> int:
    return date_to_day(date(month // 100, month % 100, 1))
