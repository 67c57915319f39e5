"""When a failed charge is tried again: on pay days, working days or in the next month, at most three times.

Korean wages are paid on the 10th, 15th or 25th or at the month's end, and a card's limit comes back when its bill is
paid, for most on the same days: then what failed for want of money is likeliest to go through. Where a pay day is no
working day, wages come the working day before, so the one after it is safe. Mondays are no pay day here, and a try
on each would use up the three before the first pay day had come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.clock import date_to_day, day_of, day_start, day_to_date
from services.holidays import is_business_day
from services.months import in_month, month_after
from services.subscriptions.reasons import Until

LAST_DAY = 31
_HOUR = 11 * 3600
"""Wages are on the account by then, and no bank is closed for its books."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be tried again by itself; off unless the settings say otherwise."""

    automatic: bool = False
    pay_days: tuple[int, ...] = (10, 15, 25, LAST_DAY)
    """Days of the month; 31 stands for the last one."""
    tries: int = 3


def next_try(until: Until, after: float, policy: Policy) -> int:
    """When to try next, later than the day of `after`: UNIX seconds."""
    day = day_to_date(day_of(after) + 1)
    if until == Until.FIRST_OF_MONTH:
        day = month_after(day_to_date(day_of(after)), 1)
    while not (_pays_out(day, policy.pay_days) if until == Until.PAY_DAY else is_business_day(day)):
        day += timedelta(days=1)
    return day_start(date_to_day(day)) + _HOUR


def _pays_out(day: date, pay_days: Iterable[int]) -> bool:
    """Whether it is the first working day from a pay day on."""
    if not is_business_day(day):
        return False
    nominal = day
    while not _is_pay_day(nominal, pay_days):
        nominal -= timedelta(days=1)
        if is_business_day(nominal):
            return False
    return True


def _is_pay_day(day: date, pay_days: Iterable[int]) -> bool:
    return any(day == in_month(day, one) for one in pay_days)
