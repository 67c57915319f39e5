"""A write on PostgreSQL whose process was stopped in the middle of it, and one that only takes its time."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from sqlalchemy import Engine

from services.store import engine
from services.store.engine import reading, writing
from services.store.lease import renew, take
from services.store.writes.sync import set_mark

_PATIENCE = 60
_ENDS_AFTER = 1
_STOPPED = """
import os, signal, sys
from services.store.engine import create_store, writing

def rows():
    for number in range(100_000):
        if number == 10_000:
            os.kill(os.getpid(), signal.SIGSTOP)
        yield f"stopped {number}",

with writing(create_store(sys.argv[1])) as conn:
    cursor = conn.connection.driver_connection.cursor()
    cursor.executemany("INSERT INTO mark (name, value, at) VALUES (%s, '', 0)", rows())
"""


@pytest.fixture
def number(postgres_store: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    """That of the process which holds the loops, and ends hung writes."""
    monkeypatch.setattr(engine, "_IDLE_WRITE", _ENDS_AFTER)
    found = take(postgres_store, "another-machine:4711:life")
    assert found
    return found


def marks(store: Engine) -> list[str]:
    with reading(store) as conn:
        return [row[0] for row in conn.exec_driver_sql("SELECT name FROM mark WHERE name LIKE 'stopped%%' OR at = 7")]


def is_written(store: Engine) -> bool:
    with reading(store) as conn:
        return bool(conn.exec_driver_sql("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted").first())


def test_a_write_of_many_rows_is_ended_where_its_process_is_stopped(postgres_store: Engine, number: int) -> None:
    database = postgres_store.url.render_as_string(hide_password=False).replace("+psycopg", "")
    stopped = subprocess.Popen([sys.executable, "-c", _STOPPED, database])
    try:
        _pid, status = os.waitpid(stopped.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        until = time.monotonic() + _PATIENCE
        assert is_written(postgres_store)
        while is_written(postgres_store):
            assert renew(postgres_store, number)
            assert time.monotonic() < until, "nobody ends it"
            time.sleep(0.1)
        with writing(postgres_store) as conn:
            set_mark(conn, "next", "", 7)
        stopped.send_signal(signal.SIGCONT)
        assert stopped.wait(_PATIENCE) != 0
    finally:
        stopped.kill()
        stopped.wait()
    assert marks(postgres_store) == ["next"]


def test_a_restore_that_waits_for_its_file_is_left_alone(postgres_store: Engine, number: int) -> None:
    with writing(postgres_store) as conn:
        driver: Any = conn.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY mark (name, value, at) FROM STDIN") as out:
            out.write_row(("first", "", 7))
            time.sleep(2 * _ENDS_AFTER)
            assert renew(postgres_store, number)
            out.write_row(("second", "", 7))
    assert sorted(marks(postgres_store)) == ["first", "second"]
