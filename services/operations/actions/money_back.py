"""When refunded money is usually back: business days in Korea by method, which only the buyer's bank can promise."""

from datetime import date, timedelta

from services.clock import seoul
from services.holidays import is_business_day

# The slower end of what i'mport's FAQ says of refunds by method (2021-06-04): cards three to five business days,
# accounts by the next one. Of other methods it says nothing: they count as cards.
_BUSINESS_DAYS = {"trans": 1, "vbank": 1}
_USUAL = 5


def expected_by(pay_method: str | None, at: float) -> date:
    """The Seoul day by which money that was refunded at `at` is usually back."""
    day, left = seoul(at).date(), _BUSINESS_DAYS.get(pay_method or "", _USUAL)
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day)
    return day
