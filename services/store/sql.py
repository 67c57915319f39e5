"""Small differences between the databases, so that one statement serves both."""

from collections.abc import Iterable, Sequence
from json import dumps
from typing import Any

from sqlalchemy import Connection


def in_dialect(conn: Connection, statement: str) -> str:
    """A statement written with `?` in the driver's own place-holders; it must hold no other `?` or `%`."""
    return statement if conn.dialect.name == "sqlite" else statement.replace("?", "%s")


def fetch(conn: Connection, statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """All rows of a statement written with `?`, straight from the driver: a short read costs less than its result."""
    driver: Any = conn.connection.driver_connection
    rows: list[Any] = driver.execute(in_dialect(conn, statement), values).fetchall()
    return rows


def one_of(conn: Connection, column: str, values: Iterable[Any]) -> tuple[str, Any]:
    """A condition with one `?` for any number of values, and what to bind: no statement grows with its values."""
    if conn.dialect.name == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(?))", dumps(list(values))
    return f"{column} = ANY(?)", list(values)


def each(conn: Connection, values: Iterable[str]) -> tuple[str, Any]:
    """A source `j(value)` of texts with one `?`, and what to bind: a look-up for each instead of a search for all."""
    if conn.dialect.name == "sqlite":
        return "json_each(?) j", dumps(list(values))
    return "unnest(?::text[]) AS j(value)", list(values)


def upsert(table: str, columns: Sequence[str], key: Sequence[str], changes: Sequence[str] | None = None) -> str:
    """INSERT … ON CONFLICT DO UPDATE with `?`; by default every column but the key is set to the new value."""
    marks = ", ".join("?" for _ in columns)
    sets = changes or [f"{name} = excluded.{name}" for name in columns if name not in key]
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(sets)}"
    )
