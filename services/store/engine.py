"""The database: an engine for SQLite or PostgreSQL, short reads, and writes one after another."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, make_url

from services.personal import hide_persons
from services.store.file_identity import Standing

# At INFO it writes what is bound to statements, at DEBUG the rows that come back: both are buyers' data.
logging.getLogger("sqlalchemy").setLevel(logging.WARNING)

_BUSY_MS = 10_000
_TURN = 0.03
"""Seconds between two of many writes. SQLite queues nobody: in the first tenth of a second whoever waits for a lock
looks at it every 25 ms, and finds it taken again where the next write begins at once."""
_WRITE_LOCK = 0x6A616E67  # "jang": PostgreSQL's advisory lock of Jangbu's writers
_SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_CACHE_KIB, _STREAM_CACHE_KIB = 32_768, 2_048
LONGEST_READ = 900
"""Seconds that one long reading may take."""
_IDLE = 60
"""Seconds that a long reading may ask for nothing."""
_PLACE = "place"


def create_store(url: str) -> Engine:
    """An engine on `sqlite:///…` or `postgresql://…`. A relative SQLite path is taken from the current folder now."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        path = _absolute(target.database)
        return _sqlite(target.set(database=path), Standing(Path(path)), _CACHE_KIB)
    return create_engine(target.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)


def for_long_reads(engine: Engine) -> Engine:
    """A store's database without a pool: a reading that takes minutes keeps no connection that a screen needs."""
    if engine.dialect.name == "sqlite":
        return _sqlite(engine.url, engine.get_execution_options()[_PLACE], _STREAM_CACHE_KIB, poolclass=NullPool)
    found = create_engine(engine.url, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(found, "begin")
    def _limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{LONGEST_READ}s'")
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE}s'")

    return found


def is_made(engine: Engine) -> bool:
    """Whether there is a database with tables; looking makes none. Raises Displaced where there was one."""
    place = engine.get_execution_options().get(_PLACE)
    if place and place.opened is None and not place.path.is_file():
        return False
    return bool(inspect(engine).get_table_names())


def is_standing(engine: Engine) -> bool:
    """Whether the file that was opened still stands at its path; always so on PostgreSQL."""
    place = engine.get_execution_options().get(_PLACE)
    return place is None or place.holds()


def _absolute(database: str | None) -> str:
    return str(Path(database or "jangbu.db").absolute())


def _sqlite(url: Any, place: Standing, cache: int, **options: Any) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000}, hide_parameters=True, **options)
    engine.update_execution_options(**{_PLACE: place})

    @event.listens_for(engine, "do_connect")
    def _refuse_another(*_given: object) -> None:
        # SQLite would make a new, empty file where ours was deleted.
        place.require()

    @event.listens_for(engine, "engine_disposed")
    def _forget(_engine: Engine) -> None:
        # Nothing is open any more: the next one to connect says anew which file is meant.
        place.opened = None

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions by itself, or a migration could be left half done.
        connection.isolation_level = None
        connection.create_function("hide_persons", 1, hide_persons, deterministic=True)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            f"cache_size = -{cache}",
            # Pages of the log before it is copied back: new ids fall all over an index, and four times as
            # much at once meets each page of it less often.
            "wal_autocheckpoint = 8192",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        place.note()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("durable") is not None:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA synchronous = {'FULL' if options['durable'] else 'NORMAL'}")
        if (waits := options.get("waits", _BUSY_MS)) != connection.info.get("waits", _BUSY_MS):
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {waits}")
            connection.info["waits"] = waits
        connection.exec_driver_sql(f"BEGIN {'IMMEDIATE' if options.get('writes') else 'DEFERRED'}")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot to read from; keep it short."""
    # SQLite's every transaction is one; PostgreSQL would otherwise look anew at each statement.
    options = _SNAPSHOT if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, *, durable: bool = False, waits: int = _BUSY_MS) -> Iterator[Connection]:
    """The only writing transaction at this time; commits on leaving, undoes everything on an error.

    `durable` outlives a power cut: what was sent must not be forgotten, while a mirrored row is only read again.
    `waits`: milliseconds for the one before it.
    Raises Displaced where it would be written to a file that nobody will find again.
    """
    with (
        engine.connect().execution_options(writes=True, durable=durable, waits=waits) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            # As long as SQLite waits; without it a writer that hangs is waited for for ever.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {waits}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
        elif place := connection.get_execution_options().get(_PLACE):
            place.require()
        yield connection


@contextmanager
def writing_one_of_many(engine: Engine) -> Iterator[Connection]:
    """As `writing` does, for whoever writes one after another: a buyer's payment, a click, a webhook come between."""
    with writing(engine) as connection:
        yield connection
    let_others_write(engine)


def let_others_write(engine: Engine) -> None:
    """The gap between two of many writes."""
    if engine.dialect.name == "sqlite":
        time.sleep(_TURN)
