"""What payments are made up of, as it is kept: which PGs tell it, whose is due, and the rows."""

import tomllib
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, select

from services.payment_states import money_moved
from services.store.sql import fetch, in_dialect, read_one, table, upsert
from services.tables.balances import PaymentBalance
from services.tables.v1 import Payment, PaymentStatus

_FILE = Path(__file__).with_name("pg_rules.toml")
_TABLE = table(PaymentBalance)
_ASKED = (PaymentStatus.PAID.value, PaymentStatus.CANCELLED.value)
_LOOKED_AT = 500
"""Of each kind of payment the latest so many: older ones are asked for when somebody opens them."""
_DUE = (
    "SELECT n.imp_uid FROM (SELECT p.imp_uid, p.cancel_amount, p.paid_at FROM payment p WHERE p.facet_id = ? "
    "ORDER BY p.position DESC LIMIT ?) n LEFT JOIN payment_balance b ON b.imp_uid = n.imp_uid "
    "WHERE n.paid_at > 0 AND (b.imp_uid IS NULL OR b.cancel_amount <> n.cancel_amount) LIMIT ?"
)


def tells_balance(payment: Payment) -> bool:
    """Whether V1 can say what a payment is made up of: its PG tells it, and money moved."""
    return payment.pg_provider in telling_pgs() and money_moved(payment.model_dump())


@cache
def telling_pgs() -> frozenset[str]:
    """PGs that tell it, by V1's codes."""
    return frozenset(tomllib.loads(_FILE.read_text(encoding="utf-8"))["balance"])


def keep_balance(conn: Connection, balance: PaymentBalance) -> None:
    """Stores what a payment is made up of; an older answer never wins."""
    row = balance.model_dump()
    changes = [f"{name} = excluded.{name}" for name in row if name != "imp_uid"]
    statement = upsert("payment_balance", list(row), ("imp_uid",), changes)
    statement += " WHERE excluded.read_at >= payment_balance.read_at"
    conn.exec_driver_sql(in_dialect(conn, statement), tuple(row.values()))


def balance_of(conn: Connection, imp_uid: str) -> PaymentBalance | None:
    """What is kept of a payment, out of date or not."""
    return read_one(conn, PaymentBalance, select(_TABLE).where(_TABLE.c.imp_uid == imp_uid))


def is_up_to_date(payment: Payment, balance: PaymentBalance) -> bool:
    """Whether nothing was refunded since it was read."""
    return balance.cancel_amount == payment.cancel_amount


def due_balances(conn: Connection, limit: int) -> list[str]:
    """Payments that were never asked for, or were refunded since; of the latest alone, over their index."""
    pgs = sorted(telling_pgs())
    marks = ", ".join("?" * len(pgs))
    facets = fetch(
        conn,
        f"SELECT id FROM facet WHERE pg_provider IN ({marks}) AND status IN (?, ?) AND NOT registered",
        (*pgs, *_ASKED),
    )
    found: list[str] = []
    for (facet,) in facets:
        if len(found) < limit:
            found += [uid for (uid,) in fetch(conn, _DUE, (facet, _LOOKED_AT, limit - len(found)))]
    return found
