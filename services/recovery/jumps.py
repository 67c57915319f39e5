"""A PG that fails more than usual: told apart from customers whose cards fail.

The failures of the last hours are compared with what is usual of the PG in the four weeks before today. The test is
one-sided and exact: the probability of as many failures or more among as many charges, if each failed with the
usual rate. For that rate the upper end of its 95 % interval (Wilson) is taken, so that a PG of which little is known
is not blamed early. It is a jump below 1 in 1,000, shared among the PGs that are looked at, with five failures and
twice the usual rate at least. Charges on billing keys count, test rows do not.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

from sqlalchemy import Connection

from services.clock import day_of
from services.store.sql import fetch
from services.tables.v1 import Basis, CustomerUidUsage

HOURS = 3
_WEEKS = 4
_ALPHA = 0.001
_LEAST_FAILED = 5
_LEAST_RATIO = 2.0
_Z = 1.645
_POSITION_BITS = 20
_CHARGES = f"('{CustomerUidUsage.PAYMENT}', '{CustomerUidUsage.SCHEDULED}')"


@dataclass(frozen=True, slots=True)
class FailureRate:
    """Charges of one PG in the last hours beside what is usual of it."""

    pg_provider: str
    tried: int
    failed: int
    usual_tried: int
    usual_failed: int
    chance: float
    """How likely as many failures would be if all were as usual."""
    jumped: bool
    reasons: tuple[tuple[str, int], ...]
    """The failures' reasons, word for word, the most frequent first."""


def failure_rates(conn: Connection, now: float, hours: int = HOURS) -> list[FailureRate]:
    """Every PG with charges in the last hours, the least likely first."""
    recent, reasons = _recent(conn, int(now) - hours * 3600)
    usual = _usual(conn, day_of(now))
    found = []
    for pg, (paid, failed) in recent.items():
        usual_paid, usual_failed = usual.get(pg, (0, 0))
        chance = chance_of(failed, paid + failed, usual_failed, usual_paid + usual_failed)
        jumped = chance < _ALPHA / len(recent) and failed >= _LEAST_FAILED
        jumped = jumped and failed / (paid + failed) >= _LEAST_RATIO * usual_failed / max(usual_paid + usual_failed, 1)
        told = tuple(reasons[pg].most_common())
        row = FailureRate(pg, paid + failed, failed, usual_paid + usual_failed, usual_failed, chance, jumped, told)
        found.append(row)
    return sorted(found, key=lambda one: (one.chance, one.pg_provider))


def chance_of(failed: int, tried: int, usual_failed: int, usual_tried: int) -> float:
    """How likely it is that as many of `tried` fail or more, at the most that the usual rate may be."""
    rate = _upper_rate(usual_failed, usual_tried)
    if failed == 0 or rate >= 1:
        return 1.0
    logs = (
        lgamma(tried + 1) - lgamma(k + 1) - lgamma(tried - k + 1) + k * log(rate) + (tried - k) * log(1 - rate)
        for k in range(failed, tried + 1)
    )
    return min(1.0, sum(exp(one) for one in logs))


def _upper_rate(failed: int, tried: int) -> float:
    """The upper end of Wilson's interval; 1 where nothing is known."""
    if tried == 0:
        return 1.0
    rate, square = failed / tried, _Z * _Z
    half = _Z * sqrt(rate * (1 - rate) / tried + square / (4 * tried * tried))
    return float((rate + square / (2 * tried) + half) / (1 + square / tried))


def _recent(conn: Connection, since: int) -> tuple[dict[str, tuple[int, int]], dict[str, Counter[str]]]:
    sql = (
        "SELECT coalesce(pg_provider, ''), paid_at >= ?, coalesce(fail_reason, ''), count(*) FROM payment "
        f"WHERE position >= ? AND customer_uid_usage IN {_CHARGES} AND NOT sandbox "
        "AND (paid_at >= ? OR (paid_at = 0 AND failed_at >= ?)) GROUP BY 1, 2, 3"
    )
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pg, was_paid, reason, n in fetch(conn, sql, (since, since << _POSITION_BITS, since, since)):
        counts[pg][0 if was_paid else 1] += n
        if not was_paid:
            reasons[pg][reason] += n
    return {pg: (paid, failed) for pg, (paid, failed) in counts.items()}, reasons


def _usual(conn: Connection, today: int) -> dict[str, tuple[int, int]]:
    """Paid and failed charges by PG in the weeks before today, from the kept totals."""
    sql = (
        f"SELECT f.pg_provider, sum(CASE WHEN t.basis = '{Basis.PAID}' THEN t.payments ELSE 0 END), "
        f"sum(CASE WHEN t.basis = '{Basis.FAILED}' THEN t.payments ELSE 0 END) "
        "FROM daily_total t JOIN facet f ON f.id = t.facet_id "
        f"WHERE t.basis IN ('{Basis.PAID}', '{Basis.FAILED}') AND t.day >= ? AND t.day < ? "
        f"AND f.customer_uid_usage IN {_CHARGES} AND NOT f.sandbox GROUP BY 1"
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in fetch(conn, sql, (today - 7 * _WEEKS, today))}
