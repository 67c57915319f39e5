"""Facets: the few hundred combinations of what lists filter by; a payment points to its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.payment_states import only_registered, state_of
from services.store.sql import in_dialect
from services.tables.v1 import FACET_COLUMNS

FacetKey = tuple[str | bool, ...]
"""The values of FACET_COLUMNS; a null is ''."""
_WORKED_OUT: dict[str, Callable[[Mapping[str, Any]], str | bool]] = {
    "state": state_of,
    "registered": only_registered,
    "sandbox": lambda values: bool(values["sandbox"]),
}
_NAMES = ", ".join(FACET_COLUMNS)


def facet_key(values: Mapping[str, Any]) -> FacetKey:
    """The combination that a payment's values belong to."""
    own = {name: work_out(values) for name, work_out in _WORKED_OUT.items()}
    return tuple(own[name] if name in own else values[name] or "" for name in FACET_COLUMNS)


def facet_ids(conn: Connection, keys: Sequence[FacetKey]) -> dict[FacetKey, int]:
    """Ids of the combinations, new ones added."""
    known = _read(conn)
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        marks = ", ".join("?" for _ in FACET_COLUMNS)
        conn.exec_driver_sql(in_dialect(conn, f"INSERT INTO facet ({_NAMES}, payments) VALUES ({marks}, 0)"), missing)
        known = _read(conn)
    return known


def _read(conn: Connection) -> dict[FacetKey, int]:
    rows = conn.exec_driver_sql(f"SELECT id, {_NAMES} FROM facet")
    return {tuple(row[1:]): row[0] for row in rows}
