"""The engine: writers one after another, readers in one moment, and all of a transaction or nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from bench.rows import batches
from services.store.engine import reading, writing
from services.store.sql import in_dialect
from services.store.writes.payments import PaymentWrite, upsert_payments
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
