"""Waiting for a change of the store: PostgreSQL says so, SQLite is asked for a number that is nearly free."""

import time
from collections.abc import Callable
from select import select
from threading import Event
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

log = structlog.get_logger("jangbu.store")
_CHANNEL = "jangbu"
_JOURNAL = "SELECT value FROM mark WHERE name = 'audit_head'"
Told = Callable[[str], None]
_LOOK = 0.5
"""Seconds between two looks at SQLite's number, which costs less than a wake-up."""
_LISTENED = 2.0
"""Seconds for which PostgreSQL is listened to before somebody may have said that it is over."""
_ASKED = 30.0
"""Seconds after which PostgreSQL is asked whether it is still there: a network that is gone says nothing of itself."""
_AGAIN = 2.0


def announce(conn: Connection, what: str = "") -> None:
    """Says, once this transaction is through, that there is something to look at, to every process that waits."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"NOTIFY {_CHANNEL}, '{what}'")


def watch_changes(stop: Event, engine: Engine, told: Told) -> None:
    """Calls `told` with what was announced, and once at the beginning with nothing, until told to stop.

    SQLite announces nothing: it is called with nothing whenever the journal goes on.
    """
    look = _look if engine.dialect.name == "sqlite" else _listen
    while not stop.is_set():
        try:
            connection = engine.raw_connection()
            connection.detach()  # it is kept as long as the process: the pool's are for work
            try:
                look(stop, connection.dbapi_connection, told)
            finally:
                connection.close()
        except Exception as error:  # lost: whoever waits looks by itself now and then
            log.warning("changes cannot be waited for", error=type(error).__name__)
            stop.wait(_AGAIN)


def _look(stop: Event, driver: Any, told: Told) -> None:
    seen: int | None = None
    known: Any = None
    while not stop.is_set():
        (now,) = driver.execute("PRAGMA data_version").fetchone()
        if now != seen:
            # Most of what is written is the mirror's, or the term of the loops.
            seen, before = now, known
            known = driver.execute(_JOURNAL).fetchone()
            if known != before or before is None:
                told("")
        stop.wait(_LOOK)


def _listen(stop: Event, driver: Any, told: Told) -> None:
    found, heard = set[str](), time.monotonic()
    driver.autocommit = True
    # What comes while it answers something is told to a handler alone.
    driver.add_notify_handler(lambda notice: found.add(notice.payload))
    driver.execute(f"LISTEN {_CHANNEL}")
    told("")
    while not stop.is_set():
        # Not by the driver's own waiting, which wakes ten times a second.
        if select([driver.fileno()], [], [], _LISTENED)[0]:
            driver.pgconn.consume_input()
            heard = time.monotonic()
        elif time.monotonic() - heard > _ASKED:
            driver.execute("SELECT 1")
            heard = time.monotonic()
        while notice := driver.pgconn.notifies():
            found.add(notice.extra.decode())
        while found:
            told(found.pop())
