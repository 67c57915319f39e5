"""A billing key's subscription and what it moved MRR by, worked out of its history (definitions: services/revenue)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.clock import day_of, day_start
from services.months import MONTH_DAYS, month_of_day, month_span, months_between
from services.store.writes.chains import History, Row
from services.subscriptions.cadence import SURE, Cadence
from services.subscriptions.grids import Grid
from services.subscriptions.lives import Life, lives_of
from services.subscriptions.regular import Attempt, regular_attempts
from services.tables.revenue import Movement

_FRACTION = 10_000
"""Parts of a day that the days of a month are a whole number of."""
NAME = 200
"""Characters of a plan's name that are kept."""


@dataclass(frozen=True, slots=True)
class Worked:
    """Rows of `subscription` and `mrr_movement`."""

    subscription: Row
    movements: list[Row]


class _Value(NamedTuple):
    monthly: int
    name: str


_NOTHING = _Value(0, "")


def subscription_of(uid: str, history: History, cadence: Cadence | None, now: float) -> Worked | None:
    """None where no rhythm is sure enough, or nothing was ever paid by it."""
    if cadence is None or cadence.confidence < SURE:
        return None
    currency = [one.currency for one in history.payments if one.paid_at][-1]
    attempts = regular_attempts(history.payments, cadence, currency)
    if not any(one.paid for one in attempts):
        return None
    lives, standing = lives_of(history, attempts, cadence, now)
    common = {
        "customer_uid": uid,
        "pg_provider": history.key.pg_provider,
        "sandbox": history.key.sandbox,
        "currency": currency,
    }
    last = attempts[-1]
    life = standing.life
    row = common | {
        "name": last.name[:NAME],
        "every": cadence.every,
        "unit": cadence.unit.value,
        "confidence": cadence.confidence,
        "price": last.amount,
        "monthly": monthly_price(last.amount, cadence.grid),
        "state": standing.state.value,
        "churn": life.churn.value if life.churn else None,
        "since": lives[0].began_at,
        "ended_at": life.ended_at,
        "review_at": standing.review_at,
    }
    return Worked(row, [common | one for one in _movements(attempts, lives, cadence.grid, now)])


def monthly_price(price: int, grid: Grid) -> int:
    """A cycle's price brought to 30.4375 days, half up."""
    if grid.day_of_month is not None:
        return (2 * price + grid.step) // (2 * grid.step)
    days = _FRACTION * grid.step
    return (2 * price * int(_FRACTION * MONTH_DAYS) + days) // (2 * days)


def _movements(attempts: Sequence[Attempt], lives: Sequence[Life], grid: Grid, now: float) -> list[Row]:
    first, last = month_of_day(day_of(lives[0].began_at)), month_of_day(day_of(now))
    before, cohort, found = _NOTHING, None, []
    for month in months_between(first, last):
        value = _at_the_end(month, attempts, lives, grid)
        if value.monthly != before.monthly:
            cohort = cohort or month
            found.append(_movement(month, before, value, lives, cohort))
        before = value
    return found


def _at_the_end(month: int, attempts: Sequence[Attempt], lives: Sequence[Life], grid: Grid) -> _Value:
    """What it adds to MRR at the end of a month."""
    end = _end(month)
    if not any(life.began_at < end and (life.ended_at is None or life.ended_at >= end) for life in lives):
        return _NOTHING
    tried = next(one for one in reversed(attempts) if one.at < end)
    return _Value(monthly_price(tried.amount, grid), tried.name[:NAME])


def _movement(month: int, before: _Value, value: _Value, lives: Sequence[Life], cohort: int) -> Row:
    kind = _kind(month, before, value, cohort)
    ended = [life for life in lives if life.ended_at is not None and life.ended_at < _end(month)]
    churn = ended[-1].churn if kind == Movement.CHURN and ended else None
    return {
        "month": month,
        "kind": kind.value,
        "churn": churn.value if churn else "",
        "amount": value.monthly - before.monthly,
        "subscribers": (value.monthly > 0) - (before.monthly > 0),
        "name": value.name or before.name,
        "cohort": cohort,
    }


def _kind(month: int, before: _Value, value: _Value, cohort: int) -> Movement:
    if not value.monthly:
        return Movement.CHURN
    if not before.monthly:
        return Movement.NEW if month == cohort else Movement.REACTIVATION
    return Movement.EXPANSION if value.monthly > before.monthly else Movement.CONTRACTION


def _end(month: int) -> int:
    """The UNIX time at which the month after begins."""
    return day_start(month_span(month)[1] + 1)
