"""Scripts of several people run one after another, and none is kept waiting by one that waits itself."""

import time
from collections.abc import Callable
from threading import Event, Thread

import pytest

from dashboard.kit import script_turns
from dashboard.kit.script_turns import script_turn

_PATIENCE = 30.0


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is, a run has to itself what it takes."""
    monkeypatch.setattr(script_turns, "_LONGEST", _PATIENCE)
    monkeypatch.setattr(script_turns, "_LEAST", -1.0)


def begun(work: Callable[[], None]) -> Thread:
    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


@pytest.mark.usefixtures("patient")
def test_two_runs_are_never_at_it_at_once() -> None:
    at_it, most = [0], [0]

    def run() -> None:
        for _ in range(20):
            with script_turn():
                at_it[0] += 1
                most[0] = max(most[0], at_it[0])
                time.sleep(0.001)  # in which any other one could begin
                at_it[0] -= 1

    threads = [begun(run) for _ in range(8)]
    for thread in threads:
        thread.join(_PATIENCE)
    assert (most, at_it) == ([1], [0])
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize(("other", "never"), [("_LONGEST", _PATIENCE), ("_LEAST", -1.0)])
def test_one_that_waits_or_takes_long_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, other: str, never: float
) -> None:
    monkeypatch.setattr(script_turns, other, never)  # each of the two is enough
    goes_on, came = Event(), Event()

    def waits() -> None:
        with script_turn():
            came.set()
            goes_on.wait(_PATIENCE)

    slow = begun(waits)
    assert came.wait(_PATIENCE)
    with script_turn():
        assert slow.is_alive(), "it still has its own"
    goes_on.set()
    slow.join(_PATIENCE)
    assert not slow.is_alive()


def comes() -> bool:
    """Whether another run has its turn."""
    came = Event()

    def run() -> None:
        with script_turn():
            came.set()

    begun(run)
    return came.wait(_PATIENCE)


@pytest.mark.usefixtures("patient")
def test_a_part_of_a_run_is_within_its_turn() -> None:
    with script_turn():
        with script_turn():
            pass
        came = Event()

        def run() -> None:
            with script_turn():
                came.set()

        begun(run)
        assert not came.wait(0.1), "the end of the part is not that of the run"
    assert came.wait(_PATIENCE)


def test_a_run_that_fails_gives_its_turn_back() -> None:
    with pytest.raises(LookupError), script_turn():
        raise LookupError
    assert comes()


def test_a_system_that_does_not_tell_what_a_thread_computes_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "pthread_getcpuclockid")
    with script_turn():
        assert comes(), "it has had its time"
