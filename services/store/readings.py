"""What is being read from the gateway, by whichever process: rows that live as long as the reading."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from services.claimants import claimant_name, may_live
from services.clock import system_clock
from services.errors import StoreError
from services.store.engine import writing
from services.store.sql import fetch, in_dialect, upsert

_LONGEST = 120
"""Seconds that a reading takes at most, with all its tries."""


@contextmanager
def noted(engine: Engine, name: str) -> Iterator[None]:
    """Told to the other processes for the length of a block; where it cannot be written they read it too."""
    note = upsert("being_read", ("name", "reader", "until"), ("name",))
    _write(engine, note, (name, claimant_name(), int(system_clock()) + _LONGEST))
    try:
        yield
    finally:
        _write(engine, "DELETE FROM being_read WHERE name = ? AND reader = ?", (name, claimant_name()))


def is_read_elsewhere(conn: Connection, name: str) -> bool:
    """Whether another process reads it at this moment."""
    row = fetch(conn, "SELECT reader FROM being_read WHERE name = ? AND until > ?", (name, int(system_clock())))
    return bool(row) and row[0][0] != claimant_name() and may_live(row[0][0], claimant_name())


def _write(engine: Engine, statement: str, values: tuple[str | int, ...]) -> None:
    with suppress(SQLAlchemyError, StoreError), writing(engine) as conn:
        conn.exec_driver_sql(in_dialect(conn, statement), values)
