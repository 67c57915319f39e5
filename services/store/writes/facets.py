"""Facets: the few hundred combinations of what lists filter by; a payment points to its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.payment_states import only_registered, state_of
from services.store.sql import in_dialect

FacetKey = tuple[str, str, str, str, str, bool, bool, str]
"""status, state, pg_provider, pay_method, customer_uid_usage, registered, sandbox, currency; null is ''"""

_COLUMNS = "status, state, pg_provider, pay_method, customer_uid_usage, registered, sandbox, currency"


def facet_key(values: Mapping[str, Any]) -> FacetKey:
    """The combination that a payment's values belong to."""
    return (
        values["status"],
        state_of(values),
        values["pg_provider"] or "",
        values["pay_method"] or "",
        values["customer_uid_usage"] or "",
        only_registered(values),
        bool(values["sandbox"]),
        values["currency"],
    )


def facet_ids(conn: Connection, keys: Sequence[FacetKey]) -> dict[FacetKey, int]:
    """Ids of the combinations, new ones added."""
    known = _read(conn)
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        sql = in_dialect(conn, f"INSERT INTO facet ({_COLUMNS}, payments) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)")
        conn.exec_driver_sql(sql, missing)
        known = _read(conn)
    return known


def _read(conn: Connection) -> dict[FacetKey, int]:
    rows = conn.exec_driver_sql(f"SELECT id, {_COLUMNS} FROM facet")
    return {(*row[1:6], bool(row[6]), bool(row[7]), row[8]): row[0] for row in rows}
