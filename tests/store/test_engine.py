"""The engine: writers one after another, readers in one moment, and all of a transaction or nothing."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from bench.rows import batches
from services.store.engine import create_store, for_long_reads, reading, writing, writing_one_of_many
from services.store.sql import in_dialect
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.sync import set_mark
from tests.worlds.recount import index_kept

_ADD_ONE = "UPDATE mark SET value = ? WHERE name = 'count'"


def count(conn: Connection, table: str = "payment") -> int:
    return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def add(engine: Engine, writes: list[PaymentWrite], as_of: int = 1) -> None:
    with writing(engine) as conn:
        upsert_payments(conn, writes, as_of=as_of)


def _write_and_fail(conn: Connection) -> None:
    upsert_payments(conn, next(batches(50)), as_of=1)
    raise ZeroDivisionError


def test_an_error_undoes_the_whole_transaction(store: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(store) as conn:
        _write_and_fail(conn)
    with reading(store) as conn:
        assert [count(conn, table) for table in ("payment", "daily_total", "facet")] == [0, 0, 0]
    assert index_kept(store) == {}


def test_a_read_sees_one_moment_whatever_is_written_meanwhile(store: Engine) -> None:
    first, second = batches(2_000)
    add(store, first)
    with reading(store) as conn:
        before = count(conn)
        add(store, second)
        assert count(conn) == before
    with reading(store) as conn:
        assert count(conn) == before * 2


def test_writers_never_read_what_another_is_about_to_change(store: Engine) -> None:
    with writing(store) as conn:
        conn.exec_driver_sql("INSERT INTO mark (name, value, at) VALUES ('count', '0', 0)")

    def add_one(_turn: int) -> None:
        with writing(store) as conn:
            seen = int(conn.exec_driver_sql("SELECT value FROM mark WHERE name = 'count'").scalar_one())
            conn.exec_driver_sql(in_dialect(conn, _ADD_ONE), (str(seen + 1),))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, range(100)))
    with reading(store) as conn:
        assert conn.exec_driver_sql("SELECT value FROM mark WHERE name = 'count'").scalar_one() == "100"


_KILLED = """
import os, signal, sys
from bench.rows import batches
from services.store.engine import create_store, writing
from services.store.writes.payments import upsert_payments
old, new = batches(2_000)
with writing(create_store(sys.argv[1])) as conn:
    changed = [type(w)(w.values | {"amount": 1}, w.cancellations, b"new") for w in old]
    upsert_payments(conn, [*changed, *new], as_of=2)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def everything(engine: Engine) -> list[Any]:
    with reading(engine) as conn:
        payments = conn.exec_driver_sql("SELECT imp_uid, position, amount, digest FROM payment ORDER BY imp_uid")
        totals = conn.exec_driver_sql("SELECT * FROM daily_total ORDER BY basis, day, facet_id")
        return [*payments.fetchall(), *totals.fetchall()]


def test_a_writer_killed_before_its_commit_leaves_what_was_before(store: Engine) -> None:
    add(store, next(batches(1_000)))
    before, index = everything(store), index_kept(store)
    url = store.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", _KILLED, url], cwd=Path(__file__).parents[2])
    assert done.returncode == -9
    assert (everything(store), index_kept(store)) == (before, index)
    add(store, next(batches(1_000, seed=2)), as_of=3)


def test_whoever_waits_for_many_writes_takes_the_next_gap(sqlite_store: Engine) -> None:
    """SQLite itself looks ever more seldom, and would be passed over by four writes of half a second in a row."""
    stop, latest = threading.Event(), [0]

    def write_on_and_on() -> None:
        while not stop.is_set():
            with writing_one_of_many(sqlite_store) as conn:
                set_mark(conn, "many", "", latest[0])
                stop.wait(0.5)
            latest[0] += 1

    writer = threading.Thread(target=write_on_and_on)
    writer.start()
    try:
        passed = 0
        for number in range(6):
            begun = latest[0]
            with writing(sqlite_store, waits=30_000) as conn:
                set_mark(conn, f"one {number}", "", number)
                passed += latest[0] - begun
            stop.wait(0.05)
    finally:
        stop.set()
        writer.join(60)
    # One was under way each time; and one gap of two may be missed where the machine is at work.
    assert passed <= 12


def driver_parameters(engine: Engine) -> dict[str, str]:
    with engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        found: dict[str, str] = driver.info.get_parameters()
    return found


def test_a_machine_or_network_that_is_gone_is_not_waited_for_as_long_as_the_kernel_would(postgres_url: str) -> None:
    engine = create_store(postgres_url)
    for one in (engine, for_long_reads(engine)):
        given = driver_parameters(one)
        limits = ("connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
        assert [given[name] for name in limits] == ["5", "30", "5", "3", "10000"]
    own = create_store(f"{postgres_url}{'&' if '?' in postgres_url else '?'}connect_timeout=9")
    assert driver_parameters(own)["connect_timeout"] == "9"
    engine.dispose()
    own.dispose()
