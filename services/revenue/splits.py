"""Revenue split by PG, method, product or card, and failures and refunds by their reasons."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from services.revenue.periods import Period
from services.stated import code_of
from services.store.lists.totals import Share, by_basis, shares_of
from services.store.sql import fetch
from services.tables.revenue import Split

TOP = 20
By = Literal["pg_provider", "pay_method", "name", "card_name"]


@dataclass(frozen=True, slots=True)
class Reason:
    """How many payments failed, or refunds were made, for a reason; `value` None: all beyond the limit."""

    value: str | None
    n: int
    amount: int


def split(conn: Connection, by: By, period: Period, *, currency: str = "KRW") -> list[Share]:
    """The largest gross first."""
    if by in ("pg_provider", "pay_method"):
        return shares_of(by_basis(conn, period.from_day, period.to_day, currency), by)
    found = _kept(conn, by, period, currency)
    return [Share(value, int(n), int(gross), int(back), int(gross - back)) for value, n, gross, back in found]


def reasons(
    conn: Connection,
    by: Literal[Split.FAIL_REASON, Split.REFUND_REASON],
    period: Period,
    *,
    currency: str = "KRW",
) -> list[Reason]:
    """The largest amount first: refunds by the code behind their reason where it has one, all else in its words."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for value, n, amount, _refunds in _kept(conn, by.value, period, currency):
        code = code_of(value) if by == Split.REFUND_REASON else None
        sums[code or value][0] += int(n)
        sums[code or value][1] += int(amount)
    rows = [Reason(value, n, amount) for value, (n, amount) in sums.items()]
    return sorted(rows, key=lambda row: (-row.amount, row.value or ""))


def top_shares(rows: Sequence[Share], limit: int = TOP) -> list[Share]:
    """The first of them; what is beyond `limit` is one line without a value."""
    rest = rows[limit:]
    if not rest:
        return list(rows)
    payments, gross, refunds = (sum(getattr(row, name) for row in rest) for name in ("payments", "gross", "refunds"))
    return [*rows[:limit], Share(None, payments, gross, refunds, gross - refunds)]


def top_reasons(rows: Sequence[Reason], limit: int = TOP) -> list[Reason]:
    """The first of some reasons; what is beyond `limit` is one line without a value."""
    rest = rows[limit:]
    others = [Reason(None, sum(row.n for row in rest), sum(row.amount for row in rest))] if rest else []
    return [*rows[:limit], *others]


def _kept(conn: Connection, field: str, period: Period, currency: str) -> list[tuple[str, int, int, int]]:
    sql = (
        "SELECT value, sum(payments), sum(gross), sum(refunds) FROM split_total "
        "WHERE field = ? AND currency = ? AND day BETWEEN ? AND ? GROUP BY value "
        "HAVING sum(payments) <> 0 OR sum(gross) <> 0 OR sum(refunds) <> 0 ORDER BY 3 DESC, 1"
    )
    return fetch(conn, sql, (field, currency, period.from_day, period.to_day))
