"""Revenue split by PG, method, product or card, and failures and refunds by their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from services.revenue.periods import Period
from services.revenue_models import Split
from services.store.sql import fetch
from services.store.totals import Share, breakdown

By = Literal["pg_provider", "pay_method", "name", "card_name"]


@dataclass(frozen=True, slots=True)
class Reason:
    """How many payments failed, or refunds were made, for a reason; `value` None: all beyond the limit."""

    value: str | None
    n: int
    amount: int


def split(conn: Connection, by: By, period: Period, *, currency: str = "KRW", limit: int = 20) -> list[Share]:
    """The largest gross first; what is beyond `limit` is one line without a value."""
    if by in ("pg_provider", "pay_method"):
        rows = breakdown(conn, by, period.from_day, period.to_day, currency=currency)
    else:
        found = _kept(conn, by, period, currency)
        rows = [Share(value, int(n), int(gross), int(back), int(gross - back)) for value, n, gross, back in found]
    return [*rows[:limit], *_others(rows[limit:])]


def reasons(
    conn: Connection,
    by: Literal[Split.FAIL_REASON, Split.REFUND_REASON],
    period: Period,
    *,
    currency: str = "KRW",
    limit: int = 20,
) -> list[Reason]:
    """The largest amount first, each in the words that came; what is beyond `limit` is one line without a value."""
    rows = [Reason(row[0], int(row[1]), int(row[2])) for row in _kept(conn, by.value, period, currency)]
    rest = rows[limit:]
    return [
        *rows[:limit],
        *([Reason(None, sum(row.n for row in rest), sum(row.amount for row in rest))] if rest else []),
    ]


def _kept(conn: Connection, field: str, period: Period, currency: str) -> list[tuple[str, int, int, int]]:
    sql = (
        "SELECT value, sum(payments), sum(gross), sum(refunds) FROM split_total "
        "WHERE field = ? AND currency = ? AND day BETWEEN ? AND ? GROUP BY value "
        "HAVING sum(payments) <> 0 OR sum(gross) <> 0 OR sum(refunds) <> 0 ORDER BY 3 DESC, 1"
    )
    return fetch(conn, sql, (field, currency, period.from_day, period.to_day))


def _others(rows: Sequence[Share]) -> list[Share]:
    if not rows:
        return []
    payments, gross, refunds = (sum(getattr(row, name) for row in rows) for name in ("payments", "gross", "refunds"))
    return [Share(None, payments, gross, refunds, gross - refunds)]
