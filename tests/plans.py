"""How SQLite goes about what a piece of code reads."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection


def plans(conn: Connection, read: Callable[[], object]) -> list[str]:
    """The steps of EXPLAIN QUERY PLAN for every SELECT that `read` makes on a SQLite connection."""
    raw: Any = conn.connection.driver_connection
    seen: list[str] = []
    raw.set_trace_callback(seen.append)
    read()
    raw.set_trace_callback(None)
    selects = [sql for sql in seen if sql.startswith("SELECT")]
    return [row[3] for sql in selects for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}")]
