"""Regular days: every n days, or every n months on one day of the month, as Seoul days (clock.day_of)."""

from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from services.clock import day_to_date

_EPOCH_YEAR = 1970
_EARLY = 3
"""Days that a merchant draws a monthly charge forward, before a holiday."""


class Place(NamedTuple):
    """A day's cycle, and how many days after its regular day it is; negative: before it."""

    cycle: int
    late: int


@lru_cache(maxsize=4096)
def month_of(day: int) -> tuple[int, int]:
    """Months since 1970, and the day of the month."""
    date = day_to_date(day)
    return (date.year - _EPOCH_YEAR) * 12 + date.month - 1, date.day


@lru_cache(maxsize=4096)
def _month(index: int) -> tuple[int, int]:
    """The day before a month begins, and how many days it has."""
    year, month = _EPOCH_YEAR + index // 12, index % 12 + 1
    before = (year - _EPOCH_YEAR) * 365 + _leap_days(year) + sum(monthrange(year, one)[1] for one in range(1, month))
    return before - 1, monthrange(year, month)[1]


def _leap_days(year: int) -> int:
    last = year - 1
    return last // 4 - last // 100 + last // 400 - 477  # 477 until the end of 1969


@dataclass(frozen=True, slots=True)
class Grid:
    """Regular days. `phase` is a day where `months` is False, else a month (since 1970) in which one falls."""

    step: int
    phase: int
    day_of_month: int = 0
    """0: counted in days; 31: always the last day of the month."""

    @property
    def period(self) -> float:
        """Days from one to the next, on average."""
        return self.step * 30.4375 if self.day_of_month else float(self.step)

    def day(self, cycle: int) -> int:
        """The regular day of a cycle; in a short month its last day."""
        at = self.phase + cycle * self.step
        if not self.day_of_month:
            return at
        before, length = _month(at)
        return before + min(self.day_of_month, length)

    def place(self, day: int) -> Place:
        """The cycle that a day belongs to: it is in time, some days late, or a little early."""
        at = month_of(day)[0] if self.day_of_month else day
        cycle = (at - self.phase) // self.step
        if (start := self.day(cycle)) > day:
            cycle, start = cycle - 1, self.day(cycle - 1)
        ahead = self.day(cycle + 1) - day
        early = _EARLY if self.day_of_month else 1
        return Place(cycle + 1, -ahead) if ahead <= early and ahead < day - start else Place(cycle, day - start)

    def after(self, day: int) -> int:
        """The first regular day after a day."""
        cycle = self.place(day).cycle - 1
        while (found := self.day(cycle)) <= day:
            cycle += 1
        return found
