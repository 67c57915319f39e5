"""Whoever holds the loops: what it does where one of them breaks off, or the database keeps it waiting."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
import structlog
from sqlalchemy import Engine

from services.loops import hold
from services.loops.hold import Holder, Loop
from services.store import lease
from services.store.engine import writing
from services.store.writes.sync import set_mark

_PATIENCE = 60


@contextmanager
def held(store: Engine, *loops: Loop) -> Iterator[Holder]:
    """A process that holds these loops, for the length of a block."""
    holder, stop = Holder(store, loops), Event()
    running = Thread(target=holder.run, args=(stop,))
    running.start()
    try:
        yield holder
    finally:
        stop.set()
        running.join(_PATIENCE)
        assert not running.is_alive(), "it does not end"


def until(fulfilled: Callable[[], bool], why: str) -> None:
    ends = time.monotonic() + _PATIENCE
    while not fulfilled():
        assert time.monotonic() < ends, why
        time.sleep(0.02)


def test_a_loop_that_breaks_off_begins_anew_and_the_others_go_on(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold, "_AGAIN", 0.05)
    begun: list[str] = []

    def breaks_off(over: Event, own: Engine) -> None:
        begun.append("breaks off")
        if begun.count("breaks off") < 3:
            raise OSError("its folder cannot be written")
        with writing(own) as conn:
            set_mark(conn, "done", "", 0)
        over.wait(_PATIENCE)

    def goes_on(over: Event, _own: Engine) -> None:
        begun.append("goes on")
        over.wait(_PATIENCE)

    def has_nothing_to_do(_over: Event, _own: Engine) -> None:
        begun.append("has nothing to do")

    with held(sqlite_store, breaks_off, goes_on, has_nothing_to_do) as holder:
        until(lambda: begun.count("breaks off") == 3, "it does not begin anew")
        number = holder.number
        time.sleep(0.3)
        assert holder.number == number
    assert sorted(begun) == [*["breaks off"] * 3, "goes on", "has nothing to do"]


def test_a_long_write_of_somebody_else_stops_no_loop_on_sqlite(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold, "RENEWED_EVERY", 0.05)
    monkeypatch.setattr(hold, "TERM", 0.3)
    monkeypatch.setattr(lease, "_PATIENCE_MS", 50)
    begun: list[Engine] = []

    def loop(over: Event, own: Engine) -> None:
        begun.append(own)
        over.wait(_PATIENCE)

    with held(sqlite_store, loop) as holder:
        until(lambda: bool(begun), "it does not begin")
        number = holder.number
        with structlog.testing.capture_logs() as told, writing(sqlite_store) as conn:
            set_mark(conn, "long", "", 0)
            time.sleep(1)
        assert "the loops' term cannot be renewed" in {one["event"] for one in told}
        with writing(begun[0]) as conn:
            set_mark(conn, "after it", "", 0)
        assert (holder.number, len(begun)) == (number, 1)
