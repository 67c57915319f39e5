"""One consistent state of the store as a SQLite file of its own, while others go on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from services.backup.plain_tables import columns_of, plain_tables
from services.store.engine import create_store, reading
from services.store.lists.system import revision
from services.store.migrations import migrate

_ROWS = 2_000
"""Rows that are in memory at once."""


def take_snapshot(engine: Engine, path: Path) -> str:
    """Writes the store as it is at this moment to a new SQLite file; the revision it is at."""
    with reading(engine) as conn:
        # The first statement fixes what is read: on SQLite a transaction begins with it.
        found = revision(conn)
        if engine.dialect.name == "sqlite":
            driver: Any = conn.connection.driver_connection
            with closing(sqlite3.connect(path)) as copy:
                driver.backup(copy)
        else:
            _fill(conn, path, found)
    in_one_file(path)
    return found


def in_one_file(path: Path) -> None:
    """Folds SQLite's log into the file, and leaves none beside it."""
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")


def _fill(source: Connection, path: Path, at: str) -> None:
    made = create_store(f"sqlite:///{path}")
    migrate(made, at)
    made.dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute("BEGIN")
        with _without_triggers(copy):
            for table in plain_tables(copy):
                _copy_rows(source, copy, table)
        copy.execute("COMMIT")


def _copy_rows(source: Connection, copy: sqlite3.Connection, table: str) -> None:
    names = columns_of(copy, table)
    # What a revision put there itself comes again with the rows.
    copy.execute(f"DELETE FROM {table}")
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
    driver: Any = source.connection.driver_connection
    with driver.cursor(name=f"backup_{table}") as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {table}")
        while rows := cursor.fetchmany(_ROWS):
            copy.executemany(sql, rows)


@contextmanager
def _without_triggers(copy: sqlite3.Connection) -> Iterator[None]:
    """Rows come as they stood: nothing follows from them a second time, and no guard is in the way."""
    found = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in found:
        copy.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in found:
        copy.execute(sql)
