"""Charges of ours that were refused and paid after all: noted as the mirror sees them, shown until a person is done."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection

from services.store.sql import fetch, in_dialect, one_of

_COLUMNS = (
    "l.imp_uid, l.operation_id, l.customer_uid, l.seen_at, p.merchant_uid, p.paid_at, p.amount - p.cancel_amount, "
    "p.currency, p.name, o.message, o.asked_by, o.state_at"
)
# What was refunded whole is settled. They are few: SQLite would begin with every payment.
_OPEN = (
    "late_payment l CROSS JOIN payment p CROSS JOIN operation o WHERE p.imp_uid = l.imp_uid AND o.id = l.operation_id "
    "AND l.noted_at IS NULL AND p.status = 'paid'"
)
_OURS = "(p.customer_uid = o.customer_uid OR substr(o.merchant_uid, 1, 1) = 'J' AND length(o.merchant_uid) = 25)"
_JOINS = ("o.imp_uid = p.imp_uid", f"o.merchant_uid = p.merchant_uid AND o.kind = 'charge' AND {_OURS}")
"""A charge's order number is its own, or the shop's, which a buyer may have paid at the window meanwhile; a retry's is
the schedule's, which other payments may have."""
_LATE = (
    "p.status = 'paid' AND o.kind IN ('charge', 'retry') AND o.state IN ('refused', 'expired') "
    "AND o.customer_uid IS NOT NULL"
)


class Late(NamedTuple):
    """One of them; `amount` is what of it stands, `said` and `refused_at` what the gateway said when it refused."""

    imp_uid: str
    operation_id: int
    customer_uid: str
    seen_at: int
    merchant_uid: str
    paid_at: int
    amount: int
    currency: str
    name: str | None
    said: str | None
    asked_by: str
    refused_at: int


def note_late(conn: Connection, imp_uids: Collection[str], *, now: int) -> None:
    """Notes those of these payments that are paid although our charge of them was refused."""
    if not imp_uids:
        return
    condition, bound = one_of(conn, "p.imp_uid", imp_uids)
    for joined in _JOINS:
        sql = (
            "INSERT INTO late_payment (imp_uid, operation_id, customer_uid, seen_at) "
            "SELECT p.imp_uid, o.id, o.customer_uid, ? FROM payment p CROSS JOIN operation o "
            f"WHERE {condition} AND {joined} AND {_LATE} ON CONFLICT (imp_uid) DO NOTHING"
        )
        conn.exec_driver_sql(in_dialect(conn, sql), (now, bound))


def late_payments(conn: Connection, customer_uid: str | None = None, limit: int = 200) -> list[Late]:
    """Late payments that wait for a person, the oldest first; of one billing key where it is named."""
    mine, values = ("", ()) if customer_uid is None else (" AND l.customer_uid = ?", (customer_uid,))
    sql = f"SELECT {_COLUMNS} FROM {_OPEN}{mine} ORDER BY l.seen_at, l.imp_uid LIMIT ?"
    return [Late(*row) for row in fetch(conn, sql, (*values, limit))]


def late_of(conn: Connection, operation_id: int) -> Late | None:
    """The one of an operation that waits for a person."""
    rows = fetch(conn, f"SELECT {_COLUMNS} FROM {_OPEN} AND l.operation_id = ?", (operation_id,))
    return next((Late(*row) for row in rows), None)


def count_late(conn: Connection) -> int:
    """How many wait for a person."""
    return int(fetch(conn, f"SELECT count(*) FROM {_OPEN}", ())[0][0])


def let_stand(conn: Connection, imp_uid: str, who: str, note: str, *, now: int) -> bool:
    """A person lets it stand; False where somebody did before."""
    sql = "UPDATE late_payment SET noted_by = ?, noted_at = ?, note = ? WHERE imp_uid = ? AND noted_at IS NULL"
    return conn.exec_driver_sql(in_dialect(conn, sql), (who, now, note, imp_uid)).rowcount == 1
