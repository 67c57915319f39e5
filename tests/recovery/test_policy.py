"""When to try again: on pay days, on working days, later than today; whatever days the settings name."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clock import DAY, SEOUL, seoul
from services.holidays import is_business_day
from services.recovery.policy import Policy, next_try
from services.subscriptions.reasons import Until

USUAL = Policy()
ANY_TIME = st.integers(1_700_000_000, 2_000_000_000)


def tried(until: Until, day: str, policy: Policy = USUAL, hour: int = 10) -> str:
    at = datetime.fromisoformat(f"{day}T{hour:02d}:00").replace(tzinfo=SEOUL).timestamp()
    return f"{seoul(next_try(until, at, policy)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        ("2026-11-05", "2026-11-10"),  # a Tuesday
        ("2026-11-10", "2026-11-16"),  # the 15th is a Sunday
        ("2026-11-16", "2026-11-25"),
        ("2026-11-25", "2026-11-30"),  # the month's last day
        ("2026-02-10", "2026-02-19"),  # the 15th a Sunday, then Seollal from the 16th to the 18th
        ("2026-02-25", "2026-03-03"),  # the 28th a Saturday, March 1st a holiday, the 2nd in its place
        ("2026-09-23", "2026-09-28"),  # Chuseok from the 24th to the 26th, a Saturday
        ("2026-12-24", "2026-12-28"),  # the 25th is Christmas, a Friday
        ("2028-02-25", "2028-02-29"),  # a leap day
    ],
)
def test_want_of_money_waits_for_the_next_pay_day_or_the_working_day_after(failed: str, again: str) -> None:
    assert tried(Until.PAY_DAY, failed) == f"{again} 11:00"


@pytest.mark.parametrize(
    ("failed", "again"), [("2026-11-05", "2026-11-06"), ("2026-11-06", "2026-11-09"), ("2026-02-13", "2026-02-19")]
)
def test_a_bank_s_maintenance_waits_for_the_next_working_day(failed: str, again: str) -> None:
    assert tried(Until.NEXT_DAY, failed) == f"{again} 11:00"


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        ("2026-11-05", "2026-12-01"),
        ("2026-11-30", "2026-12-01"),
        ("2026-12-01", "2027-01-04"),  # New Year's Day a Friday
        ("2026-02-27", "2026-03-03"),  # March 1st a holiday on a Sunday, the 2nd in its place
    ],
)
def test_a_month_s_limit_waits_for_the_next_month_s_first_working_day(failed: str, again: str) -> None:
    assert tried(Until.FIRST_OF_MONTH, failed) == f"{again} 11:00"


def test_late_in_the_evening_the_next_day_is_still_the_next_day_in_seoul() -> None:
    assert tried(Until.NEXT_DAY, "2026-11-05", hour=23) == "2026-11-06 11:00"
    assert tried(Until.NEXT_DAY, "2026-11-06", hour=0) == "2026-11-09 11:00"


def test_the_settings_days_are_the_ones_that_count() -> None:
    assert tried(Until.PAY_DAY, "2026-11-05", Policy(pay_days=(20,))) == "2026-11-20 11:00"
    assert tried(Until.PAY_DAY, "2026-02-02", Policy(pay_days=(30,))) == "2026-03-03 11:00"


@given(ANY_TIME, st.sampled_from(Until), st.sets(st.integers(1, 31), min_size=1))
def test_a_try_is_on_a_working_day_after_today_and_no_pay_day_is_passed_over(
    after: int, until: Until, days: set[int]
) -> None:
    at = next_try(until, after, Policy(pay_days=tuple(days)))
    assert is_business_day(seoul(at).date())
    assert seoul(at).date() > seoul(after).date()
    assert at - after < (11 if until == Until.NEXT_DAY else 45) * DAY
    if until == Until.PAY_DAY:
        between = [seoul(after).date().toordinal() + 1 + n for n in range((at - after) // DAY + 1)]
        passed = [date.fromordinal(one) for one in between if date.fromordinal(one) < seoul(at).date()]
        assert not [one for one in passed if one.day in days and is_business_day(one)]
