"""Cadence: what is regular is found whatever life does to it; what is undecided is said with little confidence."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.clock import DAY, SEOUL, day_of, day_to_date
from services.subscriptions.cadence import Cadence, Charge, infer_cadence
from services.subscriptions.grids import Grid, Unit

START = date(2024, 1, 1)
MONTHS_OF = {Unit.MONTH: 1, Unit.YEAR: 12}
DAYS_OF = {Unit.DAY: 1, Unit.WEEK: 7}
# Counted in days: none that is a number of weeks, or as long as months are.
DAYS = st.sampled_from([3, 5, 10, 15, 20, 25, 40, 45, 50, 100])
REGULAR = st.one_of(
    st.tuples(st.sampled_from([1, 2, 3, 6]), st.just(Unit.MONTH)),
    st.tuples(st.sampled_from([1, 2, 4]), st.just(Unit.WEEK)),
    st.tuples(st.just(1), st.just(Unit.YEAR)),
    st.tuples(DAYS, st.just(Unit.DAY)),
)


def at(day: date, hour: int = 10) -> int:
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=SEOUL).timestamp())


def paid_on(*days: str, amount: int = 9_900, name: str | None = "구독") -> list[Charge]:
    return [Charge(at(date.fromisoformat(day)), amount, name) for day in days]


def regular_days(start: date, every: int, unit: Unit, count: int) -> list[date]:
    """The days of a plan, by a way of its own."""
    if unit in DAYS_OF:
        return [start + timedelta(days=number * every * DAYS_OF[unit]) for number in range(count)]
    found = []
    for number in range(count):
        years, month = divmod(start.month - 1 + number * every * MONTHS_OF[unit], 12)
        year = start.year + years
        found.append(date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])))
    return found


def is_every(found: Cadence | None, every: int, unit: Unit) -> bool:
    return found is not None and (found.every, found.unit) == (every, unit)


@st.composite
def plans(draw: Any, least: int = 5) -> tuple[int, Unit, list[Charge]]:
    """A plan kept to the day, at one price."""
    every, unit = draw(REGULAR)
    start = START + timedelta(days=draw(st.integers(0, 700)))
    count = draw(st.integers(least, max(least, 5) if unit == Unit.YEAR else 20))
    hour = draw(st.integers(0, 23))
    return every, unit, [Charge(at(day, hour), 9_900, "구독") for day in regular_days(start, every, unit, count)]


@given(plans(least=3))
def test_a_plan_kept_to_the_day_is_found(plan: tuple[int, Unit, list[Charge]]) -> None:
    every, unit, charges = plan
    # Three dates do not tell every 31 days from a month, but the plans here are told apart.
    found = infer_cadence(charges, [])
    assert is_every(found, every, unit)
    assert found.evidence == tuple(day_to_date(day_of(one.at)) for one in charges[-16:])
    assert found.paid_day == day_of(charges[-1].at)


@given(plans(), st.data())
def test_the_next_day_is_the_one_after_the_last(plan: tuple[int, Unit, list[Charge]], data: st.DataObject) -> None:
    every, unit, charges = plan
    cut = data.draw(st.integers(4, len(charges) - 1))
    found = infer_cadence(charges[:cut], [])
    assert is_every(found, every, unit)
    assert found.grid.after(day_of(charges[cut - 1].at)) == day_of(charges[cut].at)


@given(plans(least=4), st.integers(1, 3))
def test_what_is_booked_counts_as_what_is_paid(plan: tuple[int, Unit, list[Charge]], booked: int) -> None:
    every, unit, charges = plan
    found = infer_cadence(charges[:-booked], charges[-booked:])
    assert is_every(found, every, unit)
    assert found.paid_day == day_of(charges[-booked - 1].at)


@given(plans(), st.data())
def test_a_late_retry_changes_nothing(plan: tuple[int, Unit, list[Charge]], data: st.DataObject) -> None:
    every, unit, charges = plan
    assume(unit != Unit.DAY or every >= 15)
    late = data.draw(st.integers(1, len(charges) - 2))
    days = data.draw(st.integers(1, 3 if unit in (Unit.DAY, Unit.WEEK) else 9))
    moved = [one._replace(at=one.at + days * DAY) if number == late else one for number, one in enumerate(charges)]
    found = infer_cadence(moved, [])
    assert is_every(found, every, unit)
    assert found.paid_day == day_of(charges[-1].at)


@given(plans(), st.data())
def test_a_change_of_price_changes_nothing(plan: tuple[int, Unit, list[Charge]], data: st.DataObject) -> None:
    every, unit, charges = plan
    since = data.draw(st.integers(1, len(charges) - 1))
    raised = [one._replace(amount=11_900) if number >= since else one for number, one in enumerate(charges)]
    found = infer_cadence(raised, [])
    assert is_every(found, every, unit)
    assert found.last.amount == 11_900


@given(plans(), st.data())
def test_a_one_off_in_between_is_no_evidence(plan: tuple[int, Unit, list[Charge]], data: st.DataObject) -> None:
    every, unit, charges = plan
    after = data.draw(st.integers(0, len(charges) - 2))
    gap = (charges[after + 1].at - charges[after].at) // DAY
    assume(gap > 3)
    once = Charge(charges[after].at + data.draw(st.integers(2, gap - 2)) * DAY, 45_500, "핸드드립 커피 세트")
    found = infer_cadence(sorted([*charges, once]), [])
    assert is_every(found, every, unit)
    assert found.last.name == "구독"
    assert found.paid_day == day_of(charges[-1].at)


@given(plans(least=7), st.data())
@settings(max_examples=60)
def test_a_cycle_that_was_never_paid_leaves_the_others_regular(
    plan: tuple[int, Unit, list[Charge]], data: st.DataObject
) -> None:
    every, unit, charges = plan
    gone = data.draw(st.integers(1, len(charges) - 2))
    found = infer_cadence(charges[:gone] + charges[gone + 1 :], [])
    assert is_every(found, every, unit)


_ROWS = st.lists(st.tuples(st.integers(0, 2_000_000_000), st.integers(0, 10**7), st.sampled_from([None, "a", "b"])))


@given(_ROWS, _ROWS)
def test_whatever_the_rows_are_confidence_is_a_share_and_evidence_is_theirs(paid: list[Any], booked: list[Any]) -> None:
    rows = [sorted((Charge(*row) for row in some), key=lambda one: one.at) for some in (paid, booked)]
    found = infer_cadence(rows[0], rows[1])
    if found is not None:
        assert 0 <= found.confidence <= 1
        assert len(found.evidence) >= 2
        assert set(found.evidence) <= {day_to_date(day_of(one.at)) for one in (*rows[0], *rows[1])}
        assert found.last in (*rows[0], *rows[1])
    assert found == infer_cadence(rows[0], rows[1])


@given(st.integers(0, 40_000), st.integers(1, 24), st.integers(1, 31), st.integers(-50, 50))
def test_regular_days_come_back_as_their_own_cycle_on_any_month(
    phase: int, step: int, day_of_month: int, cycle: int
) -> None:
    grid = Grid(step, phase % 900, day_of_month)
    day = grid.day(cycle)
    assert grid.place(day) == (cycle, 0)
    assert grid.after(day) == grid.day(cycle + 1)
    assert day_to_date(day).day == min(day_of_month, monthrange(day_to_date(day).year, day_to_date(day).month)[1])


@pytest.mark.parametrize(
    "days",
    [
        ("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"),
        ("2025-12-31", "2026-01-31", "2026-02-28"),
        ("2026-02-28", "2026-03-31", "2026-04-30"),
    ],
)
def test_the_end_of_the_month_is_the_31st(days: tuple[str, ...]) -> None:
    found = infer_cadence(paid_on(*days), [])
    assert is_every(found, 1, Unit.MONTH)
    assert found.day_of_month == 31


def test_the_30th_of_a_month_is_not_its_end() -> None:
    found = infer_cadence(paid_on("2026-01-30", "2026-02-28", "2026-03-30"), [])
    assert is_every(found, 1, Unit.MONTH)
    assert found.day_of_month == 30


def test_one_date_decides_nothing() -> None:
    assert infer_cadence(paid_on("2026-01-05"), []) is None
    assert infer_cadence([], []) is None
    assert infer_cadence(paid_on("2026-01-05"), paid_on("2026-01-05")) is None


def test_one_payment_and_one_booking_are_an_interval() -> None:
    found = infer_cadence(paid_on("2026-01-05"), paid_on("2026-02-05"))
    assert is_every(found, 1, Unit.MONTH)
    assert found.confidence < 0.5


def test_confidence_grows_with_every_cycle() -> None:
    days = [f"2026-{month:02d}-05" for month in range(1, 13)]
    found = [infer_cadence(paid_on(*days[:count]), []) for count in range(2, 13)]
    told = [one.confidence for one in found if one]
    assert len(told) == 11
    assert told == sorted(told)
    assert told[0] < 0.5 < 0.9 < told[-1]


def test_four_weeks_that_might_be_a_month_are_little_sure() -> None:
    undecided = infer_cadence(paid_on("2026-02-05", "2026-03-05"), [])
    decided = infer_cadence(paid_on("2026-02-05", "2026-03-05", "2026-04-02", "2026-04-30"), [])
    assert undecided.confidence <= 0.3
    assert is_every(decided, 4, Unit.WEEK)


def test_a_charge_drawn_forward_before_a_holiday_is_still_of_its_month() -> None:
    found = infer_cadence(paid_on("2026-01-05", "2026-02-05", "2026-03-03", "2026-04-05", "2026-05-05"), [])
    assert is_every(found, 1, Unit.MONTH)
    assert found.day_of_month == 5
    assert len(found.evidence) == 5


def test_a_booking_that_failed_and_was_paid_days_later_is_one_cycle() -> None:
    booked = paid_on("2026-02-05", "2026-03-05")
    found = infer_cadence(paid_on("2026-01-05", "2026-02-05", "2026-03-08"), booked)
    assert is_every(found, 1, Unit.MONTH)
    assert found.paid_day == day_of(booked[-1].at)


def test_purchases_without_a_pattern_are_little_sure() -> None:
    found = infer_cadence(paid_on("2026-01-03", "2026-01-29", "2026-03-17", "2026-03-21", "2026-06-02"), [])
    assert found is None or found.confidence < 0.3
