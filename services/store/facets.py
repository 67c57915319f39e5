"""Facets: the few hundred combinations of what lists filter by; a payment points to its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.store.sql import in_dialect

FacetKey = tuple[str, bool, str, str, str, bool, str]
"""status, partly_refunded, pg_provider, pay_method, customer_uid_usage, sandbox, currency; null is ''"""

_COLUMNS = "status, partly_refunded, pg_provider, pay_method, customer_uid_usage, sandbox, currency"


def facet_key(values: Mapping[str, Any]) -> FacetKey:
    """The combination that a payment's values belong to."""
    partly = values["status"] == "paid" and values["cancel_amount"] > 0
    return (
        values["status"],
        partly,
        values["pg_provider"] or "",
        values["pay_method"] or "",
        values["customer_uid_usage"] or "",
        bool(values["sandbox"]),
        values["currency"],
    )


def facet_ids(conn: Connection, keys: Sequence[FacetKey]) -> dict[FacetKey, int]:
    """Ids of the combinations, new ones added."""
    known = _read(conn)
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        sql = in_dialect(conn, f"INSERT INTO facet ({_COLUMNS}, payments) VALUES (?, ?, ?, ?, ?, ?, ?, 0)")
        conn.exec_driver_sql(sql, missing)
        known = _read(conn)
    return known


def _read(conn: Connection) -> dict[FacetKey, int]:
    rows = conn.exec_driver_sql(f"SELECT id, {_COLUMNS} FROM facet")
    return {(row[1], bool(row[2]), row[3], row[4], row[5], bool(row[6]), row[7]): row[0] for row in rows}
