"""The kept forecast, and what its back-test came to."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from services.clock import day_of
from services.months import month_of_day
from services.store.lists.system import marks
from services.store.sql import fetch
from services.tables.revenue import Span

MADE_AT = "forecast_at"
"""Mark: when the forecast was made as a whole; its first coming day is that day."""

_Kept = tuple[int, int, int, int, int, int, int]
_RANGE = "p10, p50, p90, coalesce(actual, 0), booked, renewals, first_day"


@dataclass(frozen=True, slots=True)
class Range:
    """Subscription gross that is expected, smallest unit: P50 is its middle, four times of five it is P10 to P90."""

    p10: int
    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class Expected(Range):
    """With its parts: what is paid already, what is booked, and what should come besides."""

    paid: int
    booked: int
    renewals: int
    """The part of `unbooked` that known subscriptions should bring."""

    @property
    def unbooked(self) -> int:
        """What is expected without a booking."""
        return self.p50 - self.paid - self.booked


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
    return [ForecastDay(*row) for row in _kept(conn, currency, Span.DAY, _today(conn))]


def forecast_months(conn: Connection, *, currency: str = "KRW") -> list[ForecastMonth]:
    """This month and the next ones."""
    return [ForecastMonth(*row[:-1], month_of_day(row[-1])) for row in _kept(conn, currency, Span.MONTH, 0)]


def backtest(conn: Connection, *, currency: str = "KRW") -> Backtest:
    """Past days with what had been expected of them."""
    sql = (
        "SELECT p10, p50, p90, actual, first_day FROM forecast "
        "WHERE currency = ? AND span = ? AND first_day < ? ORDER BY first_day"
    )
    return Backtest(tuple(BacktestDay(*row) for row in fetch(conn, sql, (currency, Span.DAY.value, _today(conn)))))


def _kept(conn: Connection, currency: str, span: Span, first_day: int) -> list[_Kept]:
    sql = f"SELECT {_RANGE} FROM forecast WHERE currency = ? AND span = ? AND first_day >= ? ORDER BY first_day"
    return fetch(conn, sql, (currency, span.value, first_day))


def _today(conn: Connection) -> int:
    """The day on which the forecast was made."""
    return day_of(int(marks(conn).get(MADE_AT, 0)))
