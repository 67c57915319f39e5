"""Regular days: every n days, or every n months on one day of the month, as Seoul days (clock.day_of)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Self

from services.clock import date_to_day, day_to_date
from services.months import MONTH_DAYS

_EPOCH_YEAR = 1970
_DAYS_OF_400_YEARS = 146_097
MOST_WEEKS = 12
"""Longer than that, people count in days or months."""
_EARLY = 3
"""Days that a merchant draws a monthly charge forward, before a holiday."""


class Unit(StrEnum):
    """What a cadence counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


class Place(NamedTuple):
    """A day's cycle, and how many days after its regular day it is; negative: before it."""

    cycle: int
    late: int


@lru_cache(maxsize=4096)
def month_of(day: int) -> tuple[int, int]:
    """Months since 1970, and the day of the month."""
    when = day_to_date(day)
    return (when.year - _EPOCH_YEAR) * 12 + when.month - 1, when.day


@lru_cache(maxsize=4096)
def _month(index: int) -> tuple[int, int]:
    """The day before a month begins, and how many days it has; of any year, where dates end at 9999."""
    eras, years = divmod(index // 12, 400)
    first = date(_EPOCH_YEAR + years, index % 12 + 1, 1)
    return eras * _DAYS_OF_400_YEARS + date_to_day(first) - 1, monthrange(first.year, first.month)[1]


@dataclass(frozen=True, slots=True)
class Grid:
    """Regular days. `phase` is a day where they are counted in days, else a month (since 1970) in which one falls."""

    step: int
    phase: int
    day_of_month: int | None = None
    """None: counted in days; 31: always the last day of the month."""

    @classmethod
    def of(cls, every: int, unit: Unit, day: int, day_of_month: int | None = None) -> Self:
        """Every so many units, so that a day is regular; in months on that day of the month or on another one."""
        if unit in _DAYS:
            return cls(every * _DAYS[unit], day)
        month, own = month_of(day)
        return cls(every * _MONTHS[unit], month, day_of_month or own)

    @property
    def words(self) -> tuple[int, Unit]:
        """Every how many units it is, in the largest unit that people say."""
        if self.day_of_month is not None:
            return (self.step // 12, Unit.YEAR) if self.step % 12 == 0 else (self.step, Unit.MONTH)
        if self.step % 7 == 0 and self.step // 7 <= MOST_WEEKS:
            return self.step // 7, Unit.WEEK
        return self.step, Unit.DAY

    @property
    def period(self) -> float:
        """Days from one to the next, on average."""
        return self.step * MONTH_DAYS if self.day_of_month is not None else float(self.step)

    def day(self, cycle: int) -> int:
        """The regular day of a cycle; in a short month its last day."""
        at = self.phase + cycle * self.step
        if self.day_of_month is None:
            return at
        before, length = _month(at)
        return before + min(self.day_of_month, length)

    def place(self, day: int) -> Place:
        """The cycle that a day belongs to: it is in time, some days late, or a little early."""
        at = month_of(day)[0] if self.day_of_month is not None else day
        cycle = (at - self.phase) // self.step
        if (start := self.day(cycle)) > day:
            cycle, start = cycle - 1, self.day(cycle - 1)
        ahead = self.day(cycle + 1) - day
        early = _EARLY if self.day_of_month is not None else 1
        return Place(cycle + 1, -ahead) if ahead <= early and ahead < day - start else Place(cycle, day - start)

    def after(self, day: int) -> int:
        """The first regular day after a day."""
        cycle = self.place(day).cycle - 1
        while (found := self.day(cycle)) <= day:
            cycle += 1
        return found
