"""Cohorts: subscriptions by the month they first counted, and how many of them still count."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import Connection

from services.months import months_between
from services.store.sql import fetch


@dataclass(frozen=True, slots=True)
class Cohort:
    """`kept` has (month, subscribers, mrr) at the end of each month from its own on; `subscribers`, `mrr`: at first."""

    month: int
    subscribers: int
    mrr: int
    kept: tuple[tuple[int, int, int], ...]


def cohorts(conn: Connection, from_month: int, to_month: int, *, currency: str = "KRW") -> list[Cohort]:
    """Cohorts that began within the span, each up to its end; a month that nothing began in has none."""
    rows = fetch(
        conn,
        "SELECT cohort, month, subscribers, amount FROM cohort_total "
        "WHERE currency = ? AND cohort BETWEEN ? AND ? AND month <= ?",
        (currency, from_month, to_month, to_month),
    )
    moved: defaultdict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for cohort, month, subscribers, amount in rows:
        if subscribers or amount:
            moved[cohort][month] = int(subscribers), int(amount)
    return [_cohort(month, moved[month], to_month) for month in sorted(moved) if month in moved[month]]


def _cohort(month: int, moved: dict[int, tuple[int, int]], to_month: int) -> Cohort:
    months = months_between(month, to_month)
    count, mrr = (list(accumulate(moved.get(one, (0, 0))[at] for one in months)) for at in (0, 1))
    return Cohort(month, count[0], mrr[0], tuple(zip(months, count, mrr, strict=True)))
