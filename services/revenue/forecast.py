"""The forecast of subscription gross and its back-test: worked out after a sync, at most once an hour, and kept.

Range: mean and variance of independent charges and of what is charged without a booking; P10, P50 and P90 by the
quantiles of the standardized errors of the back-test's days before, so that the coverage it shows is honest.
"""

from collections.abc import Iterable, Sequence
from math import sqrt
from statistics import NormalDist, quantiles
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from services.clock import day_of
from services.months import month_of_day, month_span, next_month, previous_month
from services.revenue.expectation import HORIZON, Expected, Past, expect_coming, expect_past, read_past
from services.revenue.mrr import mrr_months
from services.store.engine import reading, writing
from services.store.lists.system import marks
from services.store.sql import column_names, fetch, in_dialect
from services.store.writes.sync import set_mark
from services.tables.revenue import Forecast, Span

MADE_AT = "forecast_at"
"""Mark: when the forecast was made."""
DAYS, MONTHS = 62, 4
_EVERY = 3600
_BACK, _SPAN, _FIRST = 200, 400, 60
"""Days of the back-test, days that are read, and days that are needed before the first one that is tested."""
_ENOUGH, _RECENT = 40, 60
_USUAL = tuple(NormalDist().inv_cdf(p) for p in (0.1, 0.5, 0.9))
_COLUMNS = column_names(Forecast)


class _Tested(NamedTuple):
    day: int
    expected: Expected
    error: float
    """Standardized."""


def refresh_forecast(engine: Engine, now: float) -> bool:
    """Makes the forecast anew where the last one is an hour old, or of another Seoul day. Returns whether it did."""
    with reading(engine) as conn:
        made_at = int(marks(conn).get(MADE_AT, 0))
        if now - made_at < _EVERY and day_of(made_at) == day_of(now):
            return False
        rows = [row for currency in _currencies(conn) for row in _forecast(conn, currency, day_of(now))]
    with writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM forecast")
        if rows:
            sql = f"INSERT INTO forecast ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' for _ in _COLUMNS)})"
            conn.exec_driver_sql(in_dialect(conn, sql), rows)
        set_mark(conn, MADE_AT, str(int(now)), int(now))
    return True


def _currencies(conn: Connection) -> list[str]:
    return [row[0] for row in fetch(conn, "SELECT DISTINCT currency FROM mrr_total ORDER BY 1")]


def _forecast(conn: Connection, currency: str, today: int) -> Iterable[tuple[object, ...]]:
    past = read_past(conn, max(today - _SPAN, _first_day(conn, currency)), today, currency)
    tested = _backtest(past)
    for place, one in enumerate(tested):
        # Of a day that was tested a week before it, the errors of that week were not known yet.
        known = _latest(tested[: max(place - HORIZON, 0)])
        if len(known) >= _ENOUGH:
            ranges = _range(one.expected, known)
            yield _row(currency, Span.DAY, one.day, ranges, one.expected, past.actual.get(one.day, 0))
    errors = _latest(tested)
    last = _months_end(today)
    coming = expect_coming(conn, past, last, _survival(conn, currency, today), currency)
    for day in range(today, today + DAYS):
        yield _row(currency, Span.DAY, day, _range(coming[day], errors), coming[day], None)
    yield from _by_month(currency, today, past, coming, errors)


def _backtest(past: Past) -> list[_Tested]:
    begin = max(past.first_day + _FIRST, past.today - _BACK - _ENOUGH - HORIZON)
    found = []
    for day in range(begin, past.today):
        expected = expect_past(past, day)
        if expected.variance > 0:
            error = (past.actual.get(day, 0) - expected.mean) / sqrt(expected.variance)
            found.append(_Tested(day, expected, error))
    return found


def _latest(tested: Sequence[_Tested]) -> list[float]:
    """The errors of the last days: a merchant grows, and what was true of a smaller one is not of this one."""
    return [one.error for one in tested[-_RECENT:]]


def _range(expected: Expected, errors: Sequence[float]) -> tuple[int, int, int]:
    """P10, P50 and P90; never below nothing."""
    cuts = quantiles(errors, n=10) if len(errors) >= _ENOUGH else None
    low, middle, high = (cuts[0], cuts[4], cuts[8]) if cuts else _USUAL
    spread = sqrt(expected.variance)
    p10, p50, p90 = (max(0, round(expected.mean + cut * spread)) for cut in (low, middle, high))
    return p10, p50, p90


def _row(
    currency: str, span: Span, first_day: int, ranges: tuple[int, int, int], expected: Expected, actual: int | None
) -> tuple[object, ...]:
    parts = round(expected.booked), round(expected.renewals)
    return (currency, span.value, first_day, *ranges, *parts, actual)


def _by_month(
    currency: str, today: int, past: Past, coming: dict[int, Expected], errors: Sequence[float]
) -> Iterable[tuple[object, ...]]:
    """This month and the next ones; of this one, what it came to so far is certain."""
    month = month_of_day(today)
    for _one in range(MONTHS):
        first, last = month_span(month)
        whole = Expected(rest=float(sum(past.actual.get(day, 0) for day in range(first, today))))
        for day in range(max(first, today), last + 1):
            one = coming[day]
            whole.booked += one.booked
            whole.renewals += one.renewals
            whole.rest += one.rest
            whole.variance += one.variance
        yield _row(currency, Span.MONTH, first, _range_of_many(whole, errors), whole, None)
        month = next_month(month)


def _range_of_many(expected: Expected, errors: Sequence[float]) -> tuple[int, int, int]:
    """Errors of many days are nearly normal, as wide as those of the back-test and shifted as they are."""
    spread = sqrt(expected.variance)
    scale = sqrt(sum(error * error for error in errors) / len(errors)) if len(errors) >= _ENOUGH else 1.0
    p10, p50, p90 = (max(0, round(expected.mean + cut * scale * spread)) for cut in _USUAL)
    return p10, p50, p90


def _survival(conn: Connection, currency: str, today: int) -> float:
    """How many subscribers of a month's end still count a month later, over the last three months that are over."""
    last = previous_month(month_of_day(today))
    first = previous_month(previous_month(last))
    rates = [month.churn_rate for month in mrr_months(conn, first, last, currency=currency)]
    known = [float(rate) for rate in rates if rate is not None]
    return 1 - sum(known) / len(known) if known else 1.0


def _first_day(conn: Connection, currency: str) -> int:
    """The first day that anything was paid on; what lies before is not known, and no day without revenue."""
    sql = "SELECT min(day) FROM split_total WHERE field = 'name' AND currency = ?"
    day = fetch(conn, sql, (currency,))[0][0]
    return int(day) if day is not None else 0


def _months_end(today: int) -> int:
    month = month_of_day(today)
    for _one in range(MONTHS - 1):
        month = next_month(month)
    return max(month_span(month)[1], today + DAYS)
