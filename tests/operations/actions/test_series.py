"""Series of payments: right to the day in Seoul, at the end of every month, and across the holidays."""

from datetime import date, datetime
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from services.clock import SEOUL, day_of, day_to_date, seoul
from services.operations.actions.bookings import BookingForm, wanted_booking
from services.operations.actions.series import Series, Unit, booking_forms, planned, read_every
from services.tables.v1 import BillingKey
from tests.worlds.operations.refusals import refused_at
from tests.worlds.rows.times import at


def days(first: str, every: str, **more: Any) -> list[str]:
    unit, count = read_every(every)
    return [one.day.isoformat() for one in planned(Series(at(first), unit, count, **more))]


def test_the_31st_is_the_last_day_of_shorter_months_and_the_31st_again_after_them() -> None:
    assert days("2027-01-31T10:00", "1m", count=12) == [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30", "2027-07-31",
        "2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("2027-01-31", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("2027-01-30", ["2027-01-30", "2027-02-28", "2027-03-30"]),
        ("2027-01-29", ["2027-01-29", "2027-02-28", "2027-03-29"]),
        ("2028-01-31", ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ("2028-01-30", ["2028-01-30", "2028-02-29", "2028-03-30"]),
        ("2028-01-29", ["2028-01-29", "2028-02-29", "2028-03-29"]),
        ("2028-02-29", ["2028-02-29", "2028-03-29", "2028-04-29"]),
    ],
)
def test_the_end_of_february_leap_year_or_not(first: str, found: list[str]) -> None:
    assert days(f"{first}T10:00", "1m", count=3) == found


def test_a_series_that_begins_on_a_short_months_last_day_may_mean_the_31st() -> None:
    found = ["2027-02-28", "2027-03-31", "2027-04-30"]
    assert days("2027-02-28T10:00", "1m", count=3, month_day=31) == found
    assert days("2027-02-28T10:00", "1m", count=3)[1] == "2027-03-28"


def test_a_leap_day_every_year_is_the_28th_in_between() -> None:
    found = ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]
    assert days("2028-02-29T10:00", "12m", count=5) == found


def test_a_series_across_seollal_keeps_its_days_and_names_the_holidays() -> None:
    plan = planned(Series(at("2027-01-12T10:00"), Unit.WEEK, 2, count=4))
    assert [one.day.isoformat() for one in plan] == ["2027-01-12", "2027-01-26", "2027-02-09", "2027-02-23"]
    assert [one.holiday for one in plan] == [None, None, "설날 대체 휴일", None]
    assert [one.weekend for one in plan] == [False] * 4
    english = planned(Series(at("2027-02-06T10:00"), Unit.WEEK, 1, count=2), language="en")
    assert [(one.holiday, one.weekend) for one in english] == [
        ("The day preceding Korean New Year", True), (None, True)
    ]  # fmt: skip


def test_months_across_seollal_2026_fall_on_the_17th() -> None:
    plan = planned(Series(at("2026-01-17T00:10"), Unit.MONTH, 1, until=date(2026, 3, 17)))
    assert [(one.day.isoformat(), one.holiday) for one in plan] == [
        ("2026-01-17", None), ("2026-02-17", "설날"), ("2026-03-17", None)
    ]  # fmt: skip


def test_the_last_day_is_in_it_and_the_day_before_is_not_enough() -> None:
    first = "2027-01-10T10:00"
    assert days(first, "1m", until=date(2027, 3, 10))[-1] == "2027-03-10"
    assert days(first, "1m", until=date(2027, 3, 9))[-1] == "2027-02-10"


@pytest.mark.parametrize(
    ("series", "field"),
    [
        ({"every": 0, "count": 2}, "every"),
        ({"every": 53, "count": 2}, "every"),
        ({}, "count"),
        ({"count": 2, "until": date(2028, 1, 1)}, "count"),
        ({"count": 0}, "count"),
        ({"count": 101}, "count"),
        ({"until": date(2027, 1, 30)}, "until"),
        ({"until": date(2080, 1, 1)}, "until"),
        ({"count": 2, "month_day": 32}, "month_day"),
        ({"count": 2, "month_day": 30}, "month_day"),
        ({"count": 2, "month_day": 31, "unit": Unit.WEEK}, "month_day"),
    ],
)
def test_a_series_that_cannot_be_planned_names_its_field(series: dict[str, Any], field: str) -> None:
    given_ = {"first_at": at("2027-01-31T10:00"), "unit": Unit.MONTH, "every": 1}
    with refused_at(field):
        planned(Series(**(given_ | series)))


@pytest.mark.parametrize("text", ["", "w", "2", "2d", "2 w", "-1m", "100w", "1.5m"])
def test_what_is_no_rhythm_is_refused(text: str) -> None:
    with refused_at("every"):
        read_every(text)


def test_each_payment_has_its_own_day_of_use() -> None:
    plan = planned(Series(at("2027-01-31T10:00"), Unit.MONTH, 1, count=2))
    form = BookingForm(0, 9_900, "구독")
    assert [one.naver_use_cfm for one in booking_forms(plan, form, use_after=1)] == ["20270201", "20270301"]
    assert [one.naver_use_cfm for one in booking_forms(plan, form)] == [None, None]


def test_a_series_becomes_one_intent_with_an_order_number_each() -> None:
    plan = planned(Series(at("2027-01-31T10:00"), Unit.MONTH, 1, count=3))
    key = BillingKey(customer_uid="key0", pg_provider="naverpay")
    forms = booking_forms(plan, BookingForm(0, 9_900, "구독"), use_after=0)
    wanted = wanted_booking("t", key, forms, minimum=100, now=at("2027-01-01T00:00"))
    entries = wanted.request["schedules"]
    assert [one["schedule_at"] for one in entries] == [one.schedule_at for one in plan]
    assert (wanted.amount, len({one["merchant_uid"] for one in entries})) == (29_700, 3)


@given(
    first=st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1)),
    unit=st.sampled_from(Unit),
    every=st.integers(1, 52),
    count=st.integers(1, 24),
)
def test_every_day_is_the_one_in_seoul_whatever_the_time_of_day(
    first: datetime, unit: Unit, every: int, count: int
) -> None:
    begin = first.replace(second=0, microsecond=0, tzinfo=SEOUL)
    plan = planned(Series(int(begin.timestamp()), unit, every, count=count))
    step = relativedelta(weeks=every) if unit == Unit.WEEK else relativedelta(months=every)
    assert [one.day for one in plan] == [begin.date() + step * number for number in range(count)]
    for one in plan:
        assert day_to_date(day_of(one.schedule_at)) == one.day
        assert seoul(one.schedule_at).time() == begin.time()
