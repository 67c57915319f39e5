"""How often a customer is charged, inferred from what was paid and booked on one billing key: V1 knows no plan.

Every regular pattern that the gaps suggest is laid over the dates. Its fit is the share of its cycles in which there
was something, times the share of the dates that it explains: in time, some days late (a retry) or drawn forward.
A date of which neither amount nor name occurs again counts little: a one-off. Confidence is the fit, less where few
cycles follow each other (two dates are one interval), where the pattern is unusual, or where another one does as well.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.clock import day_of, day_to_date
from services.months import MONTH_DAYS
from services.subscriptions.grids import MOST_WEEKS, Grid, Place, Unit, month_of


class Charge(NamedTuple):
    """A payment that was paid, or a booking whatever became of it. `at` in UNIX seconds, the amount in won or cents."""

    at: int
    amount: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every `every` units. Days are Seoul days (clock.day_of)."""

    every: int
    unit: Unit
    grid: Grid
    confidence: float
    """0 to 1."""
    evidence: tuple[date, ...]
    """The dates that it rests on, oldest first."""
    last: Charge
    """The latest of them: what is charged now."""
    paid_day: int | None
    """The regular day of the last cycle that was paid."""

    @property
    def day_of_month(self) -> int | None:
        """On which day of the month, 31 standing for the last; None where it is counted in days or weeks."""
        return self.grid.day_of_month


class _Date(NamedTuple):
    day: int
    weight: float
    paid: bool


@dataclass(frozen=True, slots=True)
class _Fit:
    grid: Grid
    prior: float
    share: float
    intervals: int
    explained: frozenset[int]
    paid_cycle: int | None


SURE = 0.3
"""From this confidence on it is relied on: two dates a month, a week or a year apart have it."""
_LATEST = 16
"""Dates that are looked at: a cadence of long ago says nothing of today."""
_ONE_OFF = 0.25
_IN_TIME, _A_DAY_OFF, _LATE = 1.0, 0.8, 0.6
LONGEST_LATE = 10
LATE_SHARE = 0.75
_USUAL, _SOMETIMES, _RARE, _IN_DAYS = 1.0, 0.8, 0.6, 0.5
_PERIODS, _PHASES = 10, 3
_MOST_DAYS = 400


def infer_cadence(paid: Sequence[Charge], booked: Sequence[Charge]) -> Cadence | None:
    """What fits best; None where there are no two dates that anything fits. Both oldest first."""
    dates = _dates(paid, booked)
    if len(dates) < 2:
        return None
    fits = [_fit(grid, prior, dates) for grid, prior in _grids(dates)]
    ranked = sorted((_rank(fit, len(dates)), -number) for number, fit in enumerate(fits) if fit.intervals)
    if not ranked:
        return None
    score, number = ranked[-1]
    best = fits[-number]
    rival = max((one for one, other in ranked if _differs(fits[-other].grid, best.grid)), default=0.0)
    certain = best.prior * best.share * (1 - 0.5**best.intervals) * (1 - 0.5 * rival / score)
    return _cadence(best, certain, paid, booked)


def _dates(paid: Sequence[Charge], booked: Sequence[Charge]) -> list[_Date]:
    """One a day, the latest ones; light where nothing else is like it."""
    every = [*((one, True) for one in paid[-_LATEST:]), *((one, False) for one in booked[-_LATEST:])]
    days: dict[int, bool] = {}
    like: dict[int, set[object]] = {}
    for one, was_paid in every:
        day = day_of(one.at)
        days[day] = days.get(day, False) or was_paid
        like.setdefault(day, set()).update({one.amount, one.name or one.amount})
    times = Counter(key for keys in like.values() for key in keys)
    shared = {day for day in days if any(times[key] > 1 for key in like[day])} or days.keys()
    found = [_Date(day, 1.0 if day in shared else _ONE_OFF, was_paid) for day, was_paid in days.items()]
    return sorted(found)[-_LATEST:]


def _grids(dates: Sequence[_Date]) -> Iterator[tuple[Grid, float]]:
    """Patterns that the gaps suggest, the usual ones first, each from the places where most of the dates are."""
    for (step, monthly), prior in _periods([one.day for one in dates]).items():
        places: Counter[tuple[int, int | None]] = Counter()
        for one in reversed(dates):
            month, day_of_month = month_of(one.day)
            places[(month % step, day_of_month) if monthly else (one.day % step, None)] += 1
        for (phase, own), _times in places.most_common(_PHASES):
            yield Grid(step, phase, own), prior


def _periods(days: Sequence[int]) -> dict[tuple[int, bool], float]:
    """(step, in months) and how usual it is."""
    gaps = Counter(later - days[at] for lag in (1, 2, 3) for at, later in enumerate(days[lag:]))
    found: Counter[tuple[int, bool]] = Counter()
    for gap, times in gaps.items():
        months = round(gap / MONTH_DAYS)
        if months and abs(gap - months * MONTH_DAYS) <= LONGEST_LATE:
            found[months, True] += times
        if gap <= _MOST_DAYS:
            found[gap, False] += times
        if gap % 7 in (1, 6) and gap > 6:
            found[round(gap / 7) * 7, False] += times
    chosen = dict.fromkeys(key for key, _times in found.most_common(_PERIODS))
    return {key: _prior(*key) for key in sorted(chosen, key=lambda key: -_prior(*key))}


def _prior(step: int, monthly: bool) -> float:
    """How usual it is to charge like that."""
    if not monthly and (step % 7 or step // 7 > MOST_WEEKS):
        return _IN_DAYS
    every, usual, sometimes = (step, (1, 12), (2, 3, 6)) if monthly else (step // 7, (1,), (2, 4))
    return _USUAL if every in usual else _SOMETIMES if every in sometimes else _RARE


def _fit(grid: Grid, prior: float, dates: Sequence[_Date]) -> _Fit:
    places = [grid.place(one.day) for one in dates]
    explained = _explained(grid, dates, places)
    if not explained:
        return _Fit(grid, prior, 0, 0, frozenset(), None)
    cycles: dict[int, float] = {}
    for number, credit in explained.items():
        cycle = places[number].cycle
        cycles[cycle] = max(cycles.get(cycle, 0), credit)
    filled = sum(cycles.values()) / (max(cycles) - min(cycles) + 1)
    told = sum(dates[number].weight * credit for number, credit in explained.items())
    share = filled * told / sum(one.weight for one in dates)
    paid = [places[number].cycle for number in explained if dates[number].paid]
    intervals = sum(cycle + 1 in cycles for cycle in cycles)
    days = frozenset(dates[number].day for number in explained)
    return _Fit(grid, prior, share, intervals, days, max(paid, default=None))


def _explained(grid: Grid, dates: Sequence[_Date], places: Sequence[Place]) -> dict[int, float]:
    """Which dates a grid explains, by their number, and how well; what is like no other date, on its day alone."""
    longest = min(LONGEST_LATE, int(grid.period * LATE_SHARE))
    in_time = {number: _in_time(place) for number, place in enumerate(places) if abs(place.late) <= 1}
    found = {number: credit for number, credit in in_time.items() if dates[number].weight == 1}
    paid = {places[number].cycle for number in found if dates[number].paid}
    for number, place in enumerate(places):
        # After a payment in time another one is no retry.
        if number not in in_time and place.late <= longest and place.cycle not in paid and dates[number].weight == 1:
            found[number] = _LATE
    cycles = {places[number].cycle for number in found}
    for number, credit in in_time.items():
        # Something else on the very day is another plan where the cycle before or after is there, else chance.
        if number not in found and {places[number].cycle - 1, places[number].cycle + 1} & cycles:
            found[number] = credit
    return found


def _in_time(place: Place) -> float:
    return _A_DAY_OFF if place.late else _IN_TIME


def _rank(fit: _Fit, dates: int) -> float:
    """The more dates there are, the more a worse fit counts against the more usual pattern."""
    return float(fit.prior * fit.share ** (dates - 1))


def _differs(one: Grid, other: Grid) -> bool:
    return (one.step, one.day_of_month is None) != (other.step, other.day_of_month is None)


def _cadence(fit: _Fit, confidence: float, paid: Iterable[Charge], booked: Iterable[Charge]) -> Cadence:
    every, unit = fit.grid.words
    rests_on = [one for one in (*paid, *booked) if day_of(one.at) in fit.explained]
    return Cadence(
        every=every,
        unit=unit,
        grid=fit.grid,
        confidence=round(confidence, 4),
        evidence=tuple(day_to_date(day) for day in sorted(fit.explained)),
        last=max(rests_on, key=lambda one: one.at),
        paid_day=None if fit.paid_cycle is None else fit.grid.day(fit.paid_cycle),
    )
