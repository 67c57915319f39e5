"""When refunded money is usually back: business days in Korea by method, which only the buyer's bank can promise."""

from datetime import date, timedelta

from services.clock import seoul
from services.holidays import is_business_day
from services.operations.actions import refund_rules
from services.tables.v1 import Payment

# The slower end of what i'mport's FAQ says of refunds by method (2021-06-04): cards three to five business days,
# accounts by the next one. Of other methods it says nothing: they count as cards.
_BUSINESS_DAYS = {"trans": 1, "vbank": 1}
_USUAL = 5


def expected_back(payment: Payment, at: float) -> date | None:
    """The Seoul day by which a refund at `at` of a payment is usually back; None where only the contract says."""
    if refund_rules.by_contract(payment):
        return None
    return expected_by("trans" if refund_rules.account_needs(payment, at) else payment.pay_method, at)


def expected_by(pay_method: str | None, at: float) -> date:
    """The same by the method to which it goes."""
    day, left = seoul(at).date(), _BUSINESS_DAYS.get(pay_method or "", _USUAL)
    while left:
        day += timedelta(days=1)
        left -= is_business_day(day)
    return day
