"""A series of payments: every n weeks or months at one time of day in Seoul, looked at before it is booked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.clock import SEOUL, seoul
from services.errors import InvalidRequest
from services.holidays import holiday_name, is_weekend
from services.months import LAST_DAY, in_month, month_after
from services.operations.actions.bookings import MOST, BookingForm

_MOST_EVERY = 52
_EVERY = re.compile(r"([0-9]{1,2})([wm])")


class Unit(StrEnum):
    """What a series counts in, as it is typed."""

    WEEK = "w"
    MONTH = "m"


@dataclass(frozen=True, slots=True)
class Series:
    """Begins at `first_at` (UNIX seconds) and ends after `count` payments, or with the last one by the day `until`."""

    first_at: int
    unit: Unit
    every: int
    count: int | None = None
    until: date | None = None
    month_day: int | None = None
    """1 to 31, the last day where a month has fewer; that of the first payment where None."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One payment of a series: its day in Seoul, when it is charged, and whether banks are closed that day."""

    day: date
    schedule_at: int
    weekend: bool
    holiday: str | None
    """Its name, a day in lieu too."""


def read_every(text: str) -> tuple[Unit, int]:
    """`2w`, `1m`: what a series counts in, and by how many. Raises InvalidRequest."""
    if not (found := _EVERY.fullmatch(text.strip().lower())):
        raise InvalidRequest("Every so many weeks or months is written 2w or 1m.", field="every")
    return Unit(found[2]), int(found[1])


def planned(series: Series, *, language: str = "ko") -> tuple[Planned, ...]:
    """The payments of a series, the first one first, holidays named in `ko` or `en`. Raises InvalidRequest."""
    _check(series)
    first = seoul(series.first_at)
    days: list[date] = []
    while len(days) <= MOST and len(days) != series.count:
        day = _day(series, first.date(), len(days))
        if series.until is not None and day > series.until:
            break
        days.append(day)
    if not 1 <= len(days) <= MOST:
        raise InvalidRequest("1 to {n} payments at once.", field="until", n=MOST)
    return tuple(_planned(day, first, language) for day in days)


def booking_forms(plan: Sequence[Planned], form: BookingForm, *, use_after: int | None = None) -> list[BookingForm]:
    """`form` once for each payment; with `use_after` Naver Pay's day of use comes so many days after the payment."""
    return [
        replace(
            form,
            schedule_at=one.schedule_at,
            naver_use_cfm=None if use_after is None else f"{one.day + timedelta(days=use_after):%Y%m%d}",
        )
        for one in plan
    ]


def _check(series: Series) -> None:
    if not 1 <= series.every <= _MOST_EVERY:
        raise InvalidRequest("Every 1 to {n} weeks or months.", field="every", n=_MOST_EVERY)
    if (series.count is None) == (series.until is None):
        raise InvalidRequest("A series has a number of payments, or a last day.", field="count")
    if series.count is not None and not 1 <= series.count <= MOST:
        raise InvalidRequest("1 to {n} payments at once.", field="count", n=MOST)
    if series.month_day is None:
        return
    first = seoul(series.first_at).date()
    if series.unit != Unit.MONTH or not 1 <= series.month_day <= LAST_DAY:
        raise InvalidRequest("A day of the month is 1 to 31, and goes with months.", field="month_day")
    if in_month(first, series.month_day) != first:
        raise InvalidRequest("The first payment has to fall on that day of its month.", field="month_day")


def _day(series: Series, first: date, number: int) -> date:
    if series.unit == Unit.WEEK:
        return first + timedelta(weeks=series.every * number)
    # Counted from the first payment, not from the one before: after a short month the 31st is the 31st again.
    return in_month(month_after(first, series.every * number), series.month_day or first.day)


def _planned(day: date, first: datetime, language: str) -> Planned:
    at = datetime.combine(day, first.time(), SEOUL)
    return Planned(day, int(at.timestamp()), is_weekend(day), holiday_name(day, language))
