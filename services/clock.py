"""Time: a clock that is passed in, UNIX seconds inside, Asia/Seoul for every "day"."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], float]
"""Answers the UNIX time in seconds."""

SEOUL = ZoneInfo("Asia/Seoul")
DAY = 86_400
SEOUL_OFFSET = 9 * 3600  # Korea has kept UTC+9 without daylight saving since 1988
_EPOCH = date(1970, 1, 1)

system_clock: Clock = time.time


def day_of(at: float) -> int:
    """The Seoul day of a UNIX time, counted from 1970-01-01."""
    return int(at + SEOUL_OFFSET) // DAY


def day_sql(time: str) -> str:
    """day_of() in SQL, of a column with UNIX seconds."""
    return f"({time} + {SEOUL_OFFSET}) / {DAY}"


def day_start(day: int) -> int:
    """The UNIX time at which a Seoul day begins."""
    return day * DAY - SEOUL_OFFSET


def day_to_date(day: int) -> date:
    """A Seoul day as a calendar date."""
    return _EPOCH + timedelta(days=day)


def date_to_day(value: date) -> int:
    """A calendar date as a Seoul day."""
    return (value - _EPOCH).days


def seoul(at: float) -> datetime:
    """A UNIX time as an aware datetime in Seoul."""
    return datetime.fromtimestamp(at, SEOUL)
