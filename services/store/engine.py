"""The database: an engine for SQLite or PostgreSQL, short reads, and writes one after another."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, make_url

from services.personal import hide_persons
from services.store.fence import require_own
from services.store.file_identity import Standing
from services.store.turns import Turns

# At INFO it writes what is bound to statements, at DEBUG the rows that come back: both are buyers' data.
logging.getLogger("sqlalchemy").setLevel(logging.WARNING)

_BUSY_MS = 10_000
_TURN = 0.03
"""Seconds between two of many writes. SQLite queues nobody: in the first tenth of a second whoever waits for a lock
looks at it every 25 ms, and finds it taken again where the next write begins at once."""
_LOOKS = 100
"""Milliseconds for which SQLite waits in one go for whoever writes."""
_WRITES = "BEGIN IMMEDIATE"
_WRITE_LOCK = 0x6A616E67  # "jang": PostgreSQL's advisory lock of Jangbu's writers
_SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_CACHE_KIB, _STREAM_CACHE_KIB = 32_768, 2_048
LONGEST_READ = 900
"""Seconds that one long reading may take."""
_IDLE = 60
"""Seconds that a long reading may ask for nothing."""
_IDLE_WRITE = 8
"""Seconds that a write may ask for nothing: PostgreSQL ends the one of a process that was stopped, or whose machine is
gone, before those that wait for it give up."""
_POOL_WAIT = 5
"""Seconds that whoever needs a connection waits for one that is free."""
_REACHED = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""Limits of PostgreSQL's driver, in seconds and the last in milliseconds: a machine or a network that is gone says
nothing, and the kernel would wait for a quarter of an hour and more."""
_PLACE, _TURNS = "place", "turns"


def create_store(url: str) -> Engine:
    """An engine on `sqlite:///…` or `postgresql://…`. A relative SQLite path is taken from the current folder now."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        path = _absolute(target.database)
        return _sqlite(target.set(database=path), Standing(Path(path)), _CACHE_KIB)
    engine = create_engine(
        target.set(drivername="postgresql+psycopg"),
        connect_args=_reached(target),
        pool_pre_ping=True,
        pool_timeout=_POOL_WAIT,
        hide_parameters=True,
    )
    engine.update_execution_options(**{_TURNS: Turns()})
    return engine


def for_long_reads(engine: Engine) -> Engine:
    """A store's database without a pool: a reading that takes minutes keeps no connection that a screen needs."""
    if engine.dialect.name == "sqlite":
        return _sqlite(engine.url, engine.get_execution_options()[_PLACE], _STREAM_CACHE_KIB, poolclass=NullPool)
    found = create_engine(engine.url, connect_args=_reached(engine.url), poolclass=NullPool, hide_parameters=True)

    @event.listens_for(found, "begin")
    def _limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{LONGEST_READ}s'")
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE}s'")

    return found


def _reached(url: URL) -> dict[str, Any]:
    """The limits, but for those that the address of the database names itself."""
    return {name: limit for name, limit in _REACHED.items() if name not in url.query}


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
            # What is erased is overwritten, whatever the library was built with.
            "secure_delete = ON",
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
        waits = options.get("waits", _BUSY_MS)
        if options.get("writes"):
            _begin_to_write(connection, waits)
        else:
            _be_patient(connection, waits)
            connection.exec_driver_sql("BEGIN DEFERRED")

    return engine


def _begin_to_write(connection: Connection, waits: int) -> None:
    """Once it is its turn. SQLite looks often only at first, and later on misses the gaps that are left: so it waits
    anew each tenth of a second."""
    driver: Any = connection.connection.driver_connection
    ends = time.monotonic() + waits / 1000
    _be_patient(connection, min(_LOOKS, waits))
    while True:
        try:
            driver.execute(_WRITES)
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY and time.monotonic() < ends:
                continue
        connection.exec_driver_sql(_WRITES)  # says why not
        break
    _be_patient(connection, waits)


def _be_patient(connection: Connection, waits: int) -> None:
    if waits != connection.info.get("waits", _BUSY_MS):
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {waits}")
        connection.info["waits"] = waits


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
    Raises Displaced where it would be written to a file that nobody will find again, Superseded where it is a loop's
    whose process does not hold them any more.
    """
    with (
        _turn(engine, waits / 1000),
        engine.connect().execution_options(writes=True, durable=durable, waits=waits) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            # As long as SQLite waits; without it a writer that hangs is waited for for ever.
            _limit(connection, waits, 0 if waits > _BUSY_MS else _IDLE_WRITE)
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
        elif place := connection.get_execution_options().get(_PLACE):
            place.require()
        require_own(connection)
        yield connection


@contextmanager
def claiming(engine: Engine, *, waits: int = _BUSY_MS) -> Iterator[Connection]:
    """A write to the one row of the loops' lease: on PostgreSQL it waits for no other writer, but who needs the row."""
    with engine.connect().execution_options(writes=True, durable=False, waits=waits) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            _limit(connection, waits, _IDLE_WRITE)
        yield connection


def end_hung_write(conn: Connection) -> None:
    """Ends the write of a process that was stopped in it; PostgreSQL's own time-out misses some, as of many rows.

    A COPY stays: a restore waits for its file in the middle of one, and somebody is there who sees it.
    """
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(
            "SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
            f"WHERE l.locktype = 'advisory' AND l.objid = {_WRITE_LOCK} AND l.granted "
            "AND a.datname = current_database() AND a.usename = current_user AND a.wait_event = 'ClientRead' "
            "AND a.query NOT ILIKE 'copy%%' "
            f"AND a.state_change < clock_timestamp() - interval '{_IDLE_WRITE} seconds'"
        )


def _turn(engine: Engine, seconds: float) -> AbstractContextManager[None]:
    turns: Turns | None = engine.get_execution_options().get(_TURNS)
    return turns.one(seconds) if turns else nullcontext()


def _limit(connection: Connection, waits: int, idle: int) -> None:
    connection.exec_driver_sql(
        f"SET LOCAL lock_timeout = {waits}; SET LOCAL idle_in_transaction_session_timeout = '{idle}s'"
    )


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
