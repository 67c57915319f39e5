"""Payments under links that wait for a person: noted as verification finds them, shown until somebody is done."""

from typing import NamedTuple

from sqlalchemy import Connection

from services.store.sql import fetch, in_dialect
from services.tables.checkouts import AlarmKind

_COLUMNS = (
    "a.imp_uid, a.what, a.merchant_uid, a.checkout_id, a.why, a.seen_at, p.amount - p.cancel_amount, p.currency, "
    "p.paid_at, c.name, c.amount, c.currency"
)
# What was refunded whole is settled. They are few: SQLite would begin with every payment.
_OPEN = (
    "link_alarm a CROSS JOIN payment p CROSS JOIN checkout c WHERE p.imp_uid = a.imp_uid AND c.id = a.checkout_id "
    "AND a.noted_at IS NULL AND p.status = 'paid'"
)


class Alarm(NamedTuple):
    """One of them; `amount` is what of the payment stands, `asked` what the link asks for, in its own currency."""

    imp_uid: str
    what: str
    merchant_uid: str
    checkout_id: int
    why: str | None
    seen_at: int
    amount: int
    currency: str
    paid_at: int
    name: str
    asked: int
    asked_currency: str


def note_alarm(
    conn: Connection, imp_uid: str, what: AlarmKind, *, order: str, link: int, why: str | None = None, now: int
) -> bool:
    """Notes that a payment waits for a person; False where that is known, or was dealt with."""
    sql = (
        "INSERT INTO link_alarm (imp_uid, what, merchant_uid, checkout_id, why, seen_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (imp_uid, what) DO NOTHING"
    )
    values = (imp_uid, what.value, order, link, why, now)
    return conn.exec_driver_sql(in_dialect(conn, sql), values).rowcount == 1


def link_alarms(conn: Connection, limit: int = 200) -> list[Alarm]:
    """Those that wait, the oldest first."""
    sql = f"SELECT {_COLUMNS} FROM {_OPEN} ORDER BY a.seen_at, a.imp_uid LIMIT ?"
    return [Alarm(*row) for row in fetch(conn, sql, (limit,))]


def count_alarms(conn: Connection) -> int:
    """How many wait for a person."""
    return int(fetch(conn, f"SELECT count(*) FROM {_OPEN}", ())[0][0])


def end_alarm(conn: Connection, imp_uid: str, what: str, who: str, note: str, *, now: int) -> bool:
    """A person is done with it; False where somebody was before."""
    sql = (
        "UPDATE link_alarm SET noted_by = ?, noted_at = ?, note = ? WHERE imp_uid = ? AND what = ? AND noted_at IS NULL"
    )
    return conn.exec_driver_sql(in_dialect(conn, sql), (who, now, note, imp_uid, what)).rowcount == 1
