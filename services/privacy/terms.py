"""How long the law has records kept, and with them whose they are. Days in Korea.

Enforcement Decree of the Act on Consumer Protection in Electronic Commerce, article 6 (1): contracts and withdrawals,
payments and supply five years; complaints and disputes three.
"""

from datetime import date

from services.clock import date_to_day, day_start, seoul

LEAST_YEARS = 5
"""Payments and refunds: nobody may keep them shorter."""
NOTE_YEARS = 3
"""What was said with a buyer."""


def past_before(now: float, years: int) -> int:
    """The UNIX time before which so many years are over: what lies before it is kept no longer."""
    return day_start(date_to_day(_years_from(seoul(now).date(), -years)))


def last_day(at: float, years: int) -> date:
    """The last day on which something of that time has to be kept."""
    return _years_from(seoul(at).date(), years)


def _years_from(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
