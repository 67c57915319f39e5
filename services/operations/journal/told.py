"""Who told a buyer what, and when: read of the notes on their payments."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection

from services.store.sql import fetch, one_of
from services.tables.notes import Told


class Telling(NamedTuple):
    """That a buyer was told: by whom and when (UNIX seconds)."""

    by: str
    at: int


def told_since(conn: Connection, imp_uid: str, told: Told, since: int) -> Telling | None:
    """The latest time that the buyer of a payment was told this, not before `since`."""
    sql = (
        "SELECT written_by, written_at FROM note WHERE imp_uid = ? AND told = ? AND written_at >= ? "
        "ORDER BY id DESC LIMIT 1"
    )
    rows = fetch(conn, sql, (imp_uid, told.value, since))
    return Telling(*rows[0]) if rows else None


def told_of_orders(conn: Connection, orders: Collection[str], told: Told) -> dict[str, Telling]:
    """By order number: the latest time that its buyer was told this of any payment under it."""
    condition, bound = one_of(conn, "p.merchant_uid", orders)
    sql = (
        "SELECT p.merchant_uid, n.written_by, n.written_at FROM payment p JOIN note n ON n.imp_uid = p.imp_uid "
        f"WHERE {condition} AND n.told = ? ORDER BY n.id"
    )
    return {row[0]: Telling(*row[1:]) for row in fetch(conn, sql, (bound, told.value))}
