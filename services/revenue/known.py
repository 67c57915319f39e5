"""What was known on a date, and what changed since: from the late news that the mirror wrote down."""

from dataclasses import dataclass

from sqlalchemy import Connection

from services.clock import day_of, day_start, day_to_date
from services.errors import InvalidRequest
from services.revenue.figures import figures
from services.revenue.periods import Period
from services.store.lists.system import marks
from services.store.sql import fetch
from services.store.writes.revenue import KNOWN_SINCE
from services.tables.revenue import What


@dataclass(frozen=True, slots=True)
class Known:
    """Sums of a period as they were known; one currency, smallest unit."""

    payments: int
    gross: int
    refund_count: int
    refunds: int

    @property
    def net(self) -> int:
        """Gross less refunds."""
        return self.gross - self.refunds


@dataclass(frozen=True, slots=True)
class Change:
    """What a past day's gross or refunds moved by, learnt later; `rows` more payments or refunds (or fewer)."""

    id: int
    learnt_at: int
    imp_uid: str
    what: What
    day: int
    currency: str
    rows: int
    amount: int


_CHANGE = "id, learnt_at, imp_uid, what, day, currency, rows, amount"


def as_known_on(conn: Connection, period: Period, day: int, *, currency: str = "KRW") -> Known:
    """A period as the mirror knew it when a Seoul day ended. Raises InvalidRequest for a day before it knew all."""
    since = marks(conn).get(KNOWN_SINCE)
    if since is None or day < day_of(int(since)):
        raise InvalidRequest(
            "Nothing is known of what was known that day: all payments were here for the first time on {day}.",
            field="known_on",
            day=str(day_to_date(day_of(int(since)))) if since else "–",
        )
    until = min(period.to_day, day)
    if until < period.from_day:
        return Known(0, 0, 0, 0)
    now = figures(conn, Period(period.from_day, until), currency=currency)
    sql = (
        "SELECT what, sum(rows), sum(amount) FROM revenue_change "
        "WHERE learnt_at >= ? AND day BETWEEN ? AND ? AND currency = ? GROUP BY what"
    )
    later = {
        What(row[0]): (int(row[1]), int(row[2]))
        for row in fetch(conn, sql, (day_start(day + 1), period.from_day, until, currency))
    }
    payments, gross = later.get(What.GROSS, (0, 0))
    refund_count, refunds = later.get(What.REFUNDS, (0, 0))
    return Known(now.payments - payments, now.gross - gross, now.refund_count - refund_count, now.refunds - refunds)


def changed_since(
    conn: Connection, period: Period, after: int, *, currency: str = "KRW", limit: int = 50
) -> list[Change]:
    """News of a period's days by their number; `after` is the last one that was in figures (`Closed.changes`) or seen.

    Numbers follow the order of writing, learnt_at that of reading: a page read before a closing may be stored after it.
    """
    sql = (
        f"SELECT {_CHANGE} FROM revenue_change WHERE day BETWEEN ? AND ? AND currency = ? AND id > ? "
        "ORDER BY id LIMIT ?"
    )
    rows = fetch(conn, sql, (period.from_day, period.to_day, currency, after, limit))
    return [Change(row[0], row[1], row[2], What(row[3]), *row[4:]) for row in rows]


def last_change(conn: Connection) -> int:
    """The number of the latest news; 0 where there is none."""
    return int(fetch(conn, "SELECT coalesce(max(id), 0) FROM revenue_change")[0][0])
