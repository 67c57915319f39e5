"""When refunded money is usually back: business days in Korea by method, which only the buyer's bank can promise."""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from services.clock import seoul

# The slower end of what i'mport's FAQ says of refunds by method (2021-06-04): cards three to five business days,
# accounts by the next one. Of other methods it says nothing: they count as cards.
_BUSINESS_DAYS = {"trans": 1, "vbank": 1}
_USUAL = 5
_SATURDAY = 5


def expected_by(pay_method: str | None, at: float) -> date:
    """The Seoul day by which money that was refunded at `at` is usually back."""
    day, left = seoul(at).date(), _BUSINESS_DAYS.get(pay_method or "", _USUAL)
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day)
    return day


def is_business_day(day: date) -> bool:
    """Whether banks work: no weekend, no holiday of Korea, no day in lieu of one, not Workers' Day."""
    labour_day = (day.month, day.day) == (5, 1)
    return day.weekday() < _SATURDAY and day not in _holidays(day.year) and not labour_day


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("KR", years=year))
