"""The forecast of subscription gross and its back-test: worked out after a sync that changed something, and kept.

A span comes to what is paid of it, what is booked from now on, and what is expected without a booking. Range: mean and
variance of independent charges and of what is charged without a booking; P10 and P90 by the quantiles of the
standardized errors of the back-test's days before, so that the coverage it shows is honest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist, quantiles
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from services.clock import day_of
from services.months import month_of_day, month_span, next_month, previous_month
from services.revenue.expectation import HORIZON, Expected, Past, expect_coming, expect_past, read_past
from services.revenue.forecast_reads import MADE_AT
from services.revenue.mrr import mrr_months
from services.store.engine import reading, writing
from services.store.lists.system import marks
from services.store.sql import column_names, fetch, in_dialect
from services.store.writes.sync import set_mark
from services.tables.revenue import Forecast, Span

DAYS, MONTHS = 62, 4
_EVERY = 3600
_BACK, _SPAN, _FIRST = 200, 400, 60
"""Days of the back-test, days that are read, and days that are needed before the first one that is tested."""
_ENOUGH, _RECENT = 40, 60
_USUAL = NormalDist().inv_cdf(0.1), NormalDist().inv_cdf(0.9)
_COLUMNS = column_names(Forecast)
_Row = tuple[object, ...]


class _Tested(NamedTuple):
    day: int
    expected: Expected
    error: float
    """Standardized."""


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What the days before today teach of one currency."""

    past: Past
    errors: Sequence[float]
    survival: float
    tested: Sequence[_Row]


def refresh_forecast(engine: Engine, now: float, *, changed: bool = False) -> bool:
    """Makes the forecast anew. Returns whether it did.

    What the past teaches is worked out where that is an hour old, or of another Seoul day; what is to come where
    something `changed` too.
    """
    with reading(engine) as conn:
        made_at = int(marks(conn).get(MADE_AT, 0))
        is_old = now - made_at >= _EVERY or day_of(made_at) != day_of(now)
        if not is_old and not changed:
            return False
    made_at = int(now) if is_old else made_at
    past = _learn(engine, made_at)
    with reading(engine) as conn:
        rows = [row for currency, of in past.items() for row in (*of.tested, *_coming(conn, currency, of, now))]
    with writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM forecast")
        if rows:
            sql = f"INSERT INTO forecast ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' for _ in _COLUMNS)})"
            conn.exec_driver_sql(in_dialect(conn, sql), rows)
        set_mark(conn, MADE_AT, str(made_at), int(now))
    return True


@lru_cache(1)
def _learn(engine: Engine, made_at: int) -> dict[str, _Learnt]:
    """By currency. It reads every booking of the past: too much to do after each sync."""
    today = day_of(made_at)
    with reading(engine) as conn:
        return {currency: _learn_of(conn, currency, today) for currency in _currencies(conn)}


def _currencies(conn: Connection) -> list[str]:
    return [row[0] for row in fetch(conn, "SELECT DISTINCT currency FROM mrr_total ORDER BY 1")]


def _learn_of(conn: Connection, currency: str, today: int) -> _Learnt:
    past = read_past(conn, max(today - _SPAN, _first_day(conn, currency)), today, currency)
    tested = _backtest(past)
    rows = []
    for place, one in enumerate(tested):
        # Of a day that was tested a week before it, the errors of that week were not known yet.
        known = _latest(tested[: max(place - HORIZON, 0)])
        if len(known) >= _ENOUGH:
            rows.append(_row(currency, Span.DAY, one.day, one.expected, known, past.actual.get(one.day, 0)))
    return _Learnt(past, _latest(tested), _survival(conn, currency, today), rows)


def _coming(conn: Connection, currency: str, learnt: _Learnt, now: float) -> Iterable[_Row]:
    """The days from today on, this month and the next ones."""
    today = learnt.past.today
    days = expect_coming(conn, learnt.past, _months_end(today), learnt.survival, currency, now)
    for day in range(today, today + DAYS):
        yield _row(currency, Span.DAY, day, days[day], learnt.errors, days[day].paid)
    month = month_of_day(today)
    for _one in range(MONTHS):
        first, last = month_span(month)
        whole = Expected()
        for day in range(first, last + 1):
            whole.take_in(days[day])
        yield _row(currency, Span.MONTH, first, whole, learnt.errors, whole.paid)
        month = next_month(month)


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


def _row(currency: str, span: Span, first_day: int, expected: Expected, errors: Sequence[float], actual: int) -> _Row:
    """The middle is what is expected, so that the parts come to it; nothing is below what is paid."""
    booked, renewals, rest = (round(part) for part in (expected.booked, expected.renewals, expected.rest))
    middle = expected.paid + booked + renewals + rest
    spread = sqrt(expected.variance)
    low, high = (cut * spread for cut in _cuts(span, errors))
    p10 = max(expected.paid, min(middle, round(expected.paid + expected.mean + low)))
    p90 = max(middle, round(expected.paid + expected.mean + high))
    return (currency, span.value, first_day, p10, middle, p90, booked, renewals, actual)


def _cuts(span: Span, errors: Sequence[float]) -> tuple[float, float]:
    """Where low and high are, in standard deviations from what is expected."""
    if len(errors) < _ENOUGH:
        return _USUAL
    if span == Span.DAY:
        cuts = quantiles(errors, n=10)
        return cuts[0], cuts[8]
    # Errors of many days are nearly normal, as wide as those of the back-test.
    scale = sqrt(sum(error * error for error in errors) / len(errors))
    return _USUAL[0] * scale, _USUAL[1] * scale


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
