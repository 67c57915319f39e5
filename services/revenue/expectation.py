"""What a day's subscription gross is expected to be, from what was known when: bookings, renewals, and the rest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, pvariance
from typing import NamedTuple

from sqlalchemy import Connection

from services.clock import DAY, day_sql, day_start
from services.months import MONTH_DAYS, month_of_day, month_span
from services.revenue.figures import daily
from services.revenue.periods import Period
from services.revenue.success import Success, band_sql
from services.store.positions import position_of
from services.store.sql import fetch
from services.subscriptions.grids import Grid, Unit
from services.tables.revenue import SubscriptionState
from services.tables.v1 import ScheduleStatus

HORIZON = 7
"""Days before, when the back-test looks."""
_RATES, _REST = 180, 90
"""Days that success, and what is charged without a booking, are observed over."""
_DAY = day_sql("s.schedule_at")
_BOOKED = (
    f"SELECT {_DAY}, coalesce(s.pg_provider, ''), {band_sql('s.amount')}, "
    "CASE WHEN s.schedule_status = 'revoked' THEN CASE WHEN s.revoked_at < s.schedule_at - ? THEN 2 ELSE 1 END "
    "ELSE 0 END, s.schedule_status, CASE WHEN f.merchant_uid IS NULL THEN 0 ELSE 1 END, coalesce(f.tries, 0), "
    "CASE WHEN s.payment_status IN ('paid', 'cancelled') THEN 1 ELSE 0 END, "
    "count(*), sum(s.amount), sum(s.amount * s.amount) "
    "FROM schedule s LEFT JOIN failed_schedule f ON f.merchant_uid = s.merchant_uid "
    "WHERE s.position >= ? AND s.position < ? AND s.currency = ? AND NOT s.sandbox GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
)
_EVER = 2**63 - 1
# Those without a booking are charged without one, if at all: what usually comes so has them already.
_RENEWING = (
    f"SELECT c.every, c.unit, c.day_of_month, {day_sql('c.next_at')}, c.pg_provider, {band_sql('c.amount')}, "
    "sum(c.amount), sum(c.amount * c.amount) FROM subscription s "
    "JOIN chain c ON c.customer_uid = s.customer_uid "
    f"WHERE s.state <> '{SubscriptionState.ENDED}' AND s.currency = ? AND NOT s.sandbox "
    "AND c.next_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6"
)


class _Group(NamedTuple):
    """Booked charges of one day and sort."""

    pg_provider: str
    band: int
    left: int
    """Taken back: 0 not, 1 within the horizon, 2 before it."""
    status: str
    failed: bool
    tries: int
    paid: bool
    n: int
    amount: int
    squares: int


@dataclass(slots=True)
class Expected:
    """Mean and variance of what is to come, and the parts of the mean; smallest unit."""

    paid: int = 0
    """What came already: certain, and no part of the mean."""
    booked: float = 0.0
    renewals: float = 0.0
    rest: float = 0.0
    variance: float = 0.0

    @property
    def mean(self) -> float:
        return self.booked + self.renewals + self.rest

    def take_in(self, day: "Expected") -> None:
        """Adds a day to a span of several."""
        self.paid += day.paid
        self.booked += day.booked
        self.renewals += day.renewals
        self.rest += day.rest
        self.variance += day.variance

    def add(self, part: str, rate: float, amount: float, squares: float) -> None:
        """Charges that succeed with a rate, each by itself."""
        setattr(self, part, getattr(self, part) + rate * amount)
        self.variance += rate * (1 - rate) * squares


@dataclass(slots=True)
class Past:
    """What happened and was booked by Seoul day before today, in one currency."""

    first_day: int
    today: int
    booked: Mapping[int, Sequence[_Group]]
    actual: Mapping[int, int]
    rest: Mapping[int, int] = field(default_factory=dict)

    def success(self, day: int) -> Success:
        """The rates observed in the days before one."""
        found = Success()
        for past in range(max(day - _RATES, self.first_day), day):
            for one in self.booked.get(past, ()):
                if one.status == ScheduleStatus.EXECUTED:
                    found.count(one.pg_provider, one.band, 1, tried=one.n, paid=0 if one.failed else one.n)
                    if one.failed:
                        tries = one.n * one.tries + one.n * one.paid
                        found.count(one.pg_provider, one.band, 2, tried=tries, paid=one.n * one.paid)
        return found

    def usual_rest(self, day: int) -> tuple[float, float]:
        """Mean and variance of what was charged without a booking in the days before one."""
        days = range(max(day - _REST, self.first_day), day)
        values = [self.rest.get(one, 0) for one in days]
        return (fmean(values), pvariance(values)) if len(values) > 1 else (0.0, 0.0)


def read_past(conn: Connection, first_day: int, today: int, currency: str) -> Past:
    """The days before today, from grouped schedules and the kept daily totals; nothing of it grows with payments."""
    booked = _read_booked(conn, position_of(day_start(first_day)), position_of(day_start(today)), currency)
    actual = _came(conn, Period(first_day, today - 1), currency)
    rest = {day: gross - _paid_as_booked(booked.get(day, ())) for day, gross in actual.items()}
    return Past(first_day, today, booked, actual, rest)


def _read_booked(conn: Connection, first: int, end: int, currency: str) -> dict[int, list[_Group]]:
    """By the day that they are due, from one position of schedules to another."""
    found: defaultdict[int, list[_Group]] = defaultdict(list)
    for day, *group in fetch(conn, _BOOKED, (HORIZON * DAY, first, end, currency)):
        numbers = [int(one) for one in group[6:]]
        found[int(day)].append(
            _Group(group[0], group[1], group[2], group[3], bool(group[4]), group[5], bool(numbers[0]), *numbers[1:])
        )
    return found


def _came(conn: Connection, period: Period, currency: str) -> dict[int, int]:
    return {one.day: one.recurring_gross for one in daily(conn, period, currency=currency)}


def _paid_as_booked(groups: Iterable[_Group]) -> int:
    return sum(one.amount for one in groups if one.paid and not one.failed)


def expect_past(past: Past, day: int) -> Expected:
    """What was expected of a day that is over, HORIZON days before it."""
    known = day - HORIZON
    success = past.success(known)
    found = Expected()
    for one in past.booked.get(day, ()):
        if one.left < 2:
            found.add("booked", success.rate(one.pg_provider, one.band), one.amount, one.squares)
    found.rest, variance = past.usual_rest(known)
    found.variance += variance
    return found


def expect_coming(
    conn: Connection, past: Past, last_day: int, survival: float, currency: str, now: float
) -> dict[int, Expected]:
    """What came and is to come from the month's first day on; `survival`: how many subscriptions live on for a month.

    What is paid is what the days come to up to this moment, today's own too; all else is to come from now on, and of
    what comes without a booking today brings no more than the part of the day that is left.
    """
    today, success = past.today, past.success(past.today)
    first = month_span(month_of_day(today))[0]
    came = _came(conn, Period(first, today), currency)
    booked = _read_booked(conn, position_of(day_start(today)), _EVER, currency)
    found = {day: Expected(paid=came.get(day, 0)) for day in range(first, last_day + 1)}
    coming = {day: found[day] for day in range(today, last_day + 1)}
    for day, expected in coming.items():
        for one in booked.get(day, ()):
            if one.status == ScheduleStatus.SCHEDULED:
                rate = success.rate(one.pg_provider, one.band, one.tries + 2 if one.failed else 1)
                expected.add("booked", rate, one.amount, one.squares)
    for row in fetch(conn, _RENEWING, (currency,)):
        _renew(coming, tuple(row), success, survival, now)
    mean, variance = past.usual_rest(today)
    for day, expected in coming.items():
        left = _left_of(day, now)
        expected.rest = left * mean
        expected.variance += left * variance
    return found


def _left_of(day: int, now: float) -> float:
    """The part of a Seoul day that is to come: 1 of a later one."""
    return min(1.0, 1 - (now - day_start(day)) / DAY)


def _renew(
    found: Mapping[int, Expected], row: tuple[int, str, int | None, int, str, int, int, int],
    success: Success, survival: float, now: float,
) -> None:  # fmt: skip
    """Adds the cycles behind the one that is booked."""
    every, unit, day_of_month, next_day, pg_provider, band, amount, squares = row
    today, last = min(found), max(found)
    grid = Grid.of(every, Unit(unit), int(next_day), day_of_month)
    day = grid.after(int(next_day))
    while day <= last:
        if day >= today:
            rate = success.rate(pg_provider, band) * survival ** ((day - today) / MONTH_DAYS) * _left_of(day, now)
            found[day].add("renewals", rate, float(amount), float(squares))
        day = grid.after(day)
