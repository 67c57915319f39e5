"""Months and steps of months, by the calendar on the wall."""

from datetime import date

import pytest

from services.clock import date_to_day
from services.holidays import holiday_name, is_business_day
from services.months import in_month, month_after, month_name, month_of, month_of_day, month_span, months_until


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 11, 28), 0, date(2026, 11, 1)),
        (date(2026, 11, 28), 1, date(2026, 12, 1)),
        (date(2026, 11, 28), 2, date(2027, 1, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 1)),
        (date(2026, 1, 31), -13, date(2024, 12, 1)),
    ],
)
def test_a_month_later_or_earlier_begins_on_its_first(day: date, months: int, first: date) -> None:
    assert month_after(day, months) == first


@pytest.mark.parametrize(
    ("first", "day", "found"),
    [
        (date(2026, 2, 1), 31, date(2026, 2, 28)),
        (date(2028, 2, 1), 30, date(2028, 2, 29)),
        (date(2026, 4, 1), 31, date(2026, 4, 30)),
        (date(2026, 5, 1), 31, date(2026, 5, 31)),
    ],
)
def test_a_day_that_a_month_lacks_is_its_last(first: date, day: int, found: date) -> None:
    assert in_month(first, day) == found


def test_months_are_counted_over_the_year() -> None:
    assert months_until(202602, 4) == [202511, 202512, 202601, 202602]
    assert [month_name(month) for month in (202511, 202601)] == ["2025-11", "2026-01"]
    assert month_span(202402) == (date_to_day(date(2024, 2, 1)), date_to_day(date(2024, 2, 29)))


def test_a_month_begins_at_midnight_in_seoul() -> None:
    # 2026-11-30 15:00 UTC is 2026-12-01 00:00 in Seoul.
    assert (month_of(1_796_050_799), month_of(1_796_050_800)) == (202611, 202612)
    assert month_of_day(date_to_day(date(2026, 12, 1))) == 202612


@pytest.mark.parametrize(
    ("day", "name", "works"),
    [
        (date(2026, 11, 27), None, True),
        (date(2026, 11, 28), None, False),
        (date(2026, 5, 1), None, False),
        (date(2026, 12, 25), "Christmas Day", False),
    ],
)
def test_banks_are_closed_at_weekends_on_holidays_and_on_workers_day(day: date, name: str | None, works: bool) -> None:
    if (day.month, day.day) != (5, 1):
        assert holiday_name(day, "en") == name
    assert is_business_day(day) is works
