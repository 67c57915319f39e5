"""Days taken together where a chart has no room for each: by weeks from two months on, by months from seven."""

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from services.clock import day_to_date
from services.store.lists.totals import DayTotal


class Step(Enum):
    """What one bar stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_MOST_DAYS, _MOST_WEEKS = 62, 215
"""Days that are drawn one by one, and by the week."""


def step_of(n: int) -> Step:
    """What a bar of `n` days stands for."""
    return Step.DAY if n <= _MOST_DAYS else Step.WEEK if n <= _MOST_WEEKS else Step.MONTH


def step_starts(days: Sequence[DayTotal]) -> list[int]:
    """The places of the days with which a step begins, the first among them; weeks begin on Monday."""
    step = step_of(len(days))
    if step == Step.DAY:
        return list(range(len(days)))
    dates = [day_to_date(one.day) for one in days]
    begins = [date.weekday() == 0 if step == Step.WEEK else date.day == 1 for date in dates]
    return [place for place, one in enumerate(begins) if one or place == 0]


def in_steps(days: Sequence[DayTotal], starts: Sequence[int]) -> list[DayTotal]:
    """The sums of each step, under its first day; as many of them as the days reach."""
    within = [start for start in starts if start < len(days)]
    return [_together(days[start:end]) for start, end in pairwise([*within, len(days)])]


def _together(days: Sequence[DayTotal]) -> DayTotal:
    names = [name for name in DayTotal.__dataclass_fields__ if name != "day"]
    return DayTotal(day=days[0].day, **{name: sum(getattr(one, name) for one in days) for name in names})
