"""What was recovered: failed schedules that were paid after all, by the Seoul month of that payment and by whom."""

from dataclasses import dataclass

from sqlalchemy import Connection

from services.store.sql import fetch
from services.tables.chains import RecoveredBy


@dataclass(frozen=True, slots=True)
class Recovered:
    """Of one month (like 202611): how many failed schedules were paid, and what that came to. Test rows are outside."""

    month: int
    by: RecoveredBy
    currency: str
    schedules: int
    amount: int


def recovered_by_month(conn: Connection, from_month: int, to_month: int) -> list[Recovered]:
    """Every month from the first to the last, both like 202611; a month without any has no row."""
    sql = (
        "SELECT period, what, currency, schedules, amount FROM failed_total "
        "WHERE kind = 'recovered' AND period BETWEEN ? AND ? AND schedules > 0 ORDER BY period, what, currency"
    )
    rows = fetch(conn, sql, (from_month, to_month))
    return [Recovered(row[0], RecoveredBy(row[1]), row[2], int(row[3]), int(row[4])) for row in rows]
