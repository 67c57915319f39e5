"""Payments of ours that were refused, and paid after all: noted as the mirror sees them, shown until a person acts."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

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
_WINDOWS = ("pc", "mobile")
"""V1's `channel` of a payment that a buyer made."""
_FIRST, _LENGTH = ("C", "J"), 25
"""Of order numbers that an operation made."""
_KINDS = "('charge', 'retry', 'card_charge', 'benepia_payment')"
_BY_ORDER = "('charge', 'card_charge', 'benepia_payment')"
_OURS = (
    "(p.customer_uid = o.customer_uid "
    f"OR substr(o.merchant_uid, 1, 1) IN {_FIRST} AND length(o.merchant_uid) = {_LENGTH} "
    "OR o.kind = 'card_charge' AND o.customer_uid IS NULL AND p.customer_uid IS NULL AND p.amount = o.amount "
    f"AND coalesce(p.channel, '') NOT IN {_WINDOWS})"
)
_JOINS = (
    "o.imp_uid = p.imp_uid",
    f"o.merchant_uid = p.merchant_uid AND o.tier = p.tier AND o.kind IN {_BY_ORDER} AND {_OURS}",
)
"""An order number is the operation's own, or the shop's, which a buyer may have paid at the window meanwhile; a retry's
is the schedule's, which other payments may have."""
_LATE = f"p.status = 'paid' AND o.kind IN {_KINDS} AND o.state IN ('refused', 'expired')"


class Late(NamedTuple):
    """One of them; `amount` is what of it stands, `said` and `refused_at` what the gateway said when it refused."""

    imp_uid: str
    operation_id: int
    customer_uid: str
    """The billing key; empty where none was charged."""
    seen_at: int
    merchant_uid: str
    paid_at: int
    amount: int
    currency: str
    name: str | None
    said: str | None
    asked_by: str
    refused_at: int


def may_be_ours(payment: Mapping[str, Any]) -> bool:
    """Whether one of _KINDS may have made it: a buyer's own at a window is not even looked for."""
    order: str = payment["merchant_uid"]
    made = order.startswith(_FIRST) and len(order) == _LENGTH
    return bool(payment["customer_uid"]) or made or payment["channel"] not in _WINDOWS


def note_late(conn: Connection, imp_uids: Collection[str], *, now: int) -> None:
    """Notes those of these payments that are paid although we were refused them."""
    if not imp_uids:
        return
    condition, bound = one_of(conn, "p.imp_uid", imp_uids)
    for joined in _JOINS:
        sql = (
            "INSERT INTO late_payment (imp_uid, operation_id, customer_uid, seen_at) "
            "SELECT p.imp_uid, o.id, coalesce(o.customer_uid, ''), ? FROM payment p CROSS JOIN operation o "
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
