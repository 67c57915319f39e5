"""Small differences between the databases, so that one statement serves both."""

from collections.abc import Iterable, Sequence
from json import dumps
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table
from sqlmodel import SQLModel

_Model = TypeVar("_Model", bound=SQLModel)


def table(model: type[SQLModel]) -> Table:
    """The table of a model, for statements that read rows."""
    made: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it to each model with a table
    return made


def column_names(model: type[SQLModel], *without: str) -> tuple[str, ...]:
    """The names of a table's columns in its own order, but for those named."""
    return tuple(name for name in table(model).columns.keys() if name not in without)


def read_all(conn: Connection, model: type[_Model], wanted: Select[Any]) -> list[_Model]:
    """The rows of a statement over a model's table, as objects."""
    return [model(**row._mapping) for row in conn.execute(wanted)]


def read_one(conn: Connection, model: type[_Model], wanted: Select[Any]) -> _Model | None:
    """The first row of a statement over a model's table, as an object."""
    row = conn.execute(wanted).first()
    return model(**row._mapping) if row else None


def in_dialect(conn: Connection, statement: str) -> str:
    """A statement written with `?` in the driver's own place-holders; it must hold no other `?` or `%`."""
    return statement if conn.dialect.name == "sqlite" else statement.replace("?", "%s")


def fetch(conn: Connection, statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """All rows of a statement written with `?`, straight from the driver: a short read costs less than its result."""
    driver: Any = conn.connection.dbapi_connection
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


def upsert(into: str, columns: Sequence[str], key: Sequence[str], changes: Sequence[str] | None = None) -> str:
    """INSERT … ON CONFLICT DO UPDATE with `?`; by default every column but the key is set to the new value."""
    marks = ", ".join("?" for _ in columns)
    sets = changes or [f"{name} = excluded.{name}" for name in columns if name not in key]
    return (
        f"INSERT INTO {into} ({', '.join(columns)}) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(sets)}"
    )
