"""The kept forecast, and what its back-test came to."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from services.months import month_of_day
from services.store.sql import fetch
from services.tables.revenue import Span

_RANGE = "p10, p50, p90, booked, renewals, first_day"


@dataclass(frozen=True, slots=True)
class Range:
    """Subscription gross that is expected, smallest unit: half the time up to P50, four times of five P10 to P90."""

    p10: int
    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class Expected(Range):
    """With the parts of it that are booked, and that renewals should bring."""

    booked: int
    renewals: int


@dataclass(frozen=True, slots=True)
class ForecastDay(Expected):
    """What is expected of a Seoul day."""

    day: int


@dataclass(frozen=True, slots=True)
class ForecastMonth(Expected):
    """What is expected of a month like 202611."""

    month: int


@dataclass(frozen=True, slots=True)
class BacktestDay(Range):
    """What was expected of a past day a week before, and what it came to."""

    actual: int
    day: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """The days that were tested, oldest first."""

    days: tuple[BacktestDay, ...]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.days)

    @property
    def coverage(self) -> Decimal | None:
        """The part of the days that lay between P10 and P90; None without any."""
        within = sum(day.p10 <= day.actual <= day.p90 for day in self.days)
        return Decimal(within) / self.n if self.days else None


def forecast_days(conn: Connection, *, currency: str = "KRW") -> list[ForecastDay]:
    """The coming days, today first."""
    return [ForecastDay(*row) for row in _kept(conn, currency, Span.DAY)]


def forecast_months(conn: Connection, *, currency: str = "KRW") -> list[ForecastMonth]:
    """This month and the next ones."""
    return [ForecastMonth(*row[:-1], month_of_day(row[-1])) for row in _kept(conn, currency, Span.MONTH)]


def backtest(conn: Connection, *, currency: str = "KRW") -> Backtest:
    """Past days with what had been expected of them."""
    sql = (
        "SELECT p10, p50, p90, actual, first_day FROM forecast "
        "WHERE currency = ? AND span = ? AND actual IS NOT NULL ORDER BY first_day"
    )
    return Backtest(tuple(BacktestDay(*row) for row in fetch(conn, sql, (currency, Span.DAY.value))))


def _kept(conn: Connection, currency: str, span: Span) -> list[tuple[int, int, int, int, int, int]]:
    sql = f"SELECT {_RANGE} FROM forecast WHERE currency = ? AND span = ? AND actual IS NULL ORDER BY first_day"
    return fetch(conn, sql, (currency, span.value))
