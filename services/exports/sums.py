"""What the rows of a file come to: by currency, and test rows apart; one statement."""

from dataclasses import dataclass

from sqlalchemy import Connection

from services.exports.query import ListFilter, source_of
from services.store.lists.refunds import MOVED
from services.store.lists.subscriptions import AMOUNTS
from services.store.sql import fetch

_GROSS = f"CASE WHEN {MOVED} THEN p.amount ELSE 0 END"
_BACK = f"CASE WHEN {MOVED} THEN p.cancel_amount ELSE 0 END"
SUMS: dict[str, dict[str, str]] = {
    "payments": {"gross": _GROSS, "cancel_amount": _BACK, "net": f"{_GROSS} - {_BACK}"},
    "refunds": {"amount": "c.amount"},
    "schedules": {"amount": "p.amount"},
    "billing-keys": {"booked_won": "p.booked_won"},
    "subscriptions": {"monthly": AMOUNTS["monthly"].sql},
    "operations": {},
    "receipts": {
        "amount": "CASE WHEN p.cancelled_at = 0 THEN p.amount ELSE 0 END",
        "vat": "CASE WHEN p.cancelled_at = 0 THEN p.vat ELSE 0 END",
    },
    "waiting": {"amount": "p.amount"},
}
"""What is added up of each kind, by the name of its heading. Of operations nothing: refunds and charges are no sum."""
COUNTED = {"payments": f"CASE WHEN {MOVED} THEN 1 ELSE 0 END"}
"""Rows that the sums are of, where they are not of all."""


@dataclass(frozen=True, slots=True)
class Total:
    """What the live rows, or the test rows, of one currency come to."""

    currency: str
    sandbox: bool
    counts: tuple[int, ...]
    """Its rows, and where the sums are not of all of them, of how many."""
    sums: tuple[int, ...]
    """In the smallest unit, in the order of SUMS."""


def totals_of(conn: Connection, kind: str, chosen: ListFilter) -> list[Total]:
    """A line for each currency and for its test rows; none for a kind of which nothing is added up."""
    sums = SUMS[kind]
    if not sums:
        return []
    found = source_of(conn, kind, chosen)
    currency = "'KRW'" if kind in ("billing-keys", "receipts") else "coalesce(p.currency, '')"
    counts = ["1", *([COUNTED[kind]] if kind in COUNTED else [])]
    figures = ", ".join(f"coalesce(sum({sql}), 0)" for sql in (*counts, *sums.values()))
    sql = f"SELECT {currency}, p.sandbox, {figures} FROM {found.source} WHERE {found.where} GROUP BY 1, 2 ORDER BY 2, 1"
    rows = [(currency, sandbox, tuple(map(int, own))) for currency, sandbox, *own in fetch(conn, sql, found.values)]
    return [Total(row[0], bool(row[1]), row[2][: len(counts)], row[2][len(counts) :]) for row in rows]
