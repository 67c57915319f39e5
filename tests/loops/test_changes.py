"""Waiting for what another process wrote: it is told at once, and a database that is gone is noticed."""

import time
from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy import Engine

from services.operations.journal import audit
from services.store import changes
from services.store.changes import announce, watch_changes
from services.store.engine import reading, writing
from tests.worlds.operations.machine import SUPPORT

_PATIENCE = 60


def test_whoever_waits_is_told_of_what_another_process_wrote(store: Engine) -> None:
    told: list[str] = []
    stop = Event()
    watching = Thread(target=watch_changes, args=(stop, store, told.append))
    watching.start()
    _until(lambda: bool(told))
    told.clear()
    with writing(store) as conn:
        audit.append(conn, SUPPORT, "said", 0)
        announce(conn, "alarms")
    _until(lambda: bool(told))
    assert told == (["alarms"] if store.dialect.name == "postgresql" else [""])
    stop.set()
    watching.join(_PATIENCE)


def test_postgresql_is_asked_now_and_then_whether_it_is_there_and_what_it_says_meanwhile_is_told(
    postgres_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_LISTENED", 0.01)
    monkeypatch.setattr(changes, "_ASKED", 0.0)
    told: list[str] = []
    stop = Event()
    watching = Thread(target=watch_changes, args=(stop, postgres_store, told.append))
    watching.start()
    _until(lambda: told == [""])

    def asked_last() -> list[str]:
        with reading(postgres_store) as conn:
            sql = "SELECT query_start::text FROM pg_stat_activity WHERE query = 'SELECT 1' AND state = 'idle'"
            return [row[0] for row in conn.exec_driver_sql(sql)]

    _until(lambda: bool(asked_last()))
    before = asked_last()
    _until(lambda: bool(asked_last()) and asked_last() != before)
    names = [f"change{number}" for number in range(100)]
    for name in names:
        with postgres_store.connect() as conn, conn.begin():
            announce(conn, name)
    _until(lambda: sorted(told[1:]) == sorted(names))
    stop.set()
    watching.join(_PATIENCE)
    assert not watching.is_alive(), "it does not end"


def _until(fulfilled: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not fulfilled():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.02)
