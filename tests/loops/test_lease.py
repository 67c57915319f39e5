"""The lease of the loops: who may take it and when, and what its number keeps from whoever held it before."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from services import claimants
from services.claimants import claimant_name, place_name
from services.errors import Superseded
from services.gateway import Gateway
from services.loops.hold import Holder
from services.operations.actions.by_kind import Action
from services.operations.executor import Executor
from services.operations.journal import audit, journal
from services.operations.journal.attempts import attempts_of
from services.operations.journal.replay import differing
from services.operations.outcomes import Outcome
from services.sandbox.sandbox import Sandbox
from services.store import engine
from services.store.engine import create_store, reading, writing
from services.store.fence import fenced, stands, unfenced
from services.store.lease import TERM, give_back, is_free, lease_of, renew, take
from services.store.readings import is_read_elsewhere
from services.store.writes.sync import set_mark
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from tests.worlds.operations.machine import asked
from tests.worlds.sandboxes import MovingClock

OURS, OTHERS, THIRD = claimant_name(), "another-machine:4711:life", "third-machine:4711:life"
_PATIENCE = 60


def term_is_over(engine: Engine) -> None:
    """As if nobody had renewed it for so long."""
    with writing(engine) as conn:
        conn.exec_driver_sql(f"UPDATE loop_lease SET until = until - {TERM * 1000 + 1}")


def marked(engine: Engine, name: str) -> bool:
    with reading(engine) as conn:
        return bool(conn.exec_driver_sql(f"SELECT 1 FROM mark WHERE name = '{name}'").fetchone())


def test_one_holds_it_until_it_is_given_back_or_its_term_is_over(store: Engine) -> None:
    first = take(store, OTHERS)
    assert first
    assert take(store, THIRD) is None
    give_back(store, first)
    second = take(store, THIRD)
    assert second
    assert second > first
    assert take(store, OTHERS) is None
    assert renew(store, second)
    assert not renew(store, first)
    term_is_over(store)
    assert renew(store, second), "nobody has taken over"
    term_is_over(store)
    assert take(store, OTHERS)
    assert not renew(store, second)


def test_one_that_died_on_this_machine_is_not_waited_for(store: Engine) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = OURS.split(":")[0]
    assert take(store, f"{host}:{ended.pid}:life")
    assert take(store, OURS)
    term_is_over(store)
    assert take(store, f"{host}:{os.getppid()}:life")
    assert take(store, OURS) is None, "it runs"


def test_a_clock_of_the_database_that_was_set_back_keeps_nobody_waiting(store: Engine) -> None:
    def set_back(seconds: int) -> None:
        with writing(store) as conn:
            conn.exec_driver_sql(f"UPDATE loop_lease SET until = until + {seconds * 1000}")

    first = take(store, OTHERS)
    assert first
    set_back(1)
    assert take(store, THIRD) is None, "a second is no reason to take it from one that lives"
    set_back(3_600)
    assert renew(store, first)
    assert take(store, THIRD) is None, "it lives, and has renewed it by the clock that is"
    set_back(3_600)
    second = take(store, THIRD)
    assert second
    assert second > first
    assert not renew(store, first)


def test_two_machines_or_containers_of_one_host_name_take_nothing_from_each_other(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [place_name("jangbu", boot, numbers) for boot, numbers in (("a", 1), ("b", 1), ("a", 2))]
    for other in names[1:]:
        # Each sees a process of its own, or none, under the other's number.
        for number in (1, os.getpid(), 4_194_304):
            term_is_over(store)
            assert take(store, f"{other}:{number}:life")
            with monkeypatch.context() as here:
                here.setattr(claimants, "_PLACE", names[0])
                assert take(store, claimant_name()) is None
    with reading(store) as conn:
        assert (lease_of(conn).machine, lease_of(conn).process) == ("jangbu", "4194304")


def test_a_number_is_never_given_twice_even_where_an_older_state_was_put_back(store: Engine) -> None:
    first = take(store, OTHERS)
    assert first
    with writing(store) as conn:
        conn.exec_driver_sql("UPDATE loop_lease SET number = 0, until = 0")
    time.sleep(0.01)
    again = take(store, OURS)
    assert again
    assert again > first


def test_a_write_under_an_older_number_is_refused(store: Engine) -> None:
    number = take(store, OTHERS)
    assert number
    own = fenced(store, number)
    with writing(own) as conn:
        set_mark(conn, "before", "", 0)
    with reading(own) as conn:
        assert stands(conn)
    term_is_over(store)
    assert take(store, OURS)
    with pytest.raises(Superseded), writing(own) as conn:
        set_mark(conn, "after", "", 0)
    with reading(own) as conn:
        assert not stands(conn)
    assert (marked(store, "before"), marked(store, "after")) == (True, False)


def test_taking_over_waits_for_a_write_that_is_under_way_and_renewing_does_not(postgres_store: Engine) -> None:
    number = take(postgres_store, OTHERS)
    assert number
    taken: list[int | None] = []
    taking = Thread(target=lambda: taken.append(take(postgres_store, OURS)))
    with writing(fenced(postgres_store, number)) as conn:
        set_mark(conn, "under way", "", 0)
        assert renew(postgres_store, number)
        with postgres_store.connect() as other, other.begin():
            other.exec_driver_sql("UPDATE loop_lease SET until = 0")
        taking.start()
        taking.join(1)
        assert taking.is_alive(), "somebody took over in the middle of a write"
    taking.join(_PATIENCE)
    assert taken != [None]
    assert taken
    assert marked(postgres_store, "under way")


def test_a_write_of_a_process_that_was_stopped_is_ended_though_postgresql_itself_does_not(
    postgres_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_IDLE_WRITE", 1)
    number = take(postgres_store, OTHERS)
    assert number

    def stopped() -> None:
        with writing(postgres_store) as conn:
            conn.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            set_mark(conn, "stopped", "", 0)
            time.sleep(2)
            assert renew(postgres_store, number)
            with writing(create_store(postgres_store.url.render_as_string(hide_password=False))) as other:
                set_mark(other, "next", "", 0)
            set_mark(conn, "too late", "", 0)

    with pytest.raises(DBAPIError):
        stopped()
    assert [marked(postgres_store, name) for name in ("stopped", "next", "too late")] == [False, True, False]


def test_whoever_held_the_loops_before_sends_nothing(store: Engine, gateway: Gateway, sandbox: Sandbox) -> None:
    row = sandbox.add_payment(10_000, pg_provider="naverpay", pay_method="naverpay")
    number = asked(store, "t", row["imp_uid"], 10_000)
    before = take(store, OTHERS)
    assert before
    term_is_over(store)
    now = take(store, OURS)
    assert now
    with pytest.raises(Superseded):
        Executor(fenced(store, before), gateway, lambda _operation: True).carry_out(number)
    assert sandbox.payments[row["imp_uid"]]["cancel_history"] == []
    done = Executor(fenced(store, now), gateway, lambda _operation: True).carry_out(number)
    assert (done.state, len(sandbox.payments[row["imp_uid"]]["cancel_history"])) == (State.SUCCEEDED, 1)


def test_what_was_sent_under_an_older_number_is_looked_for_at_once(
    store: Engine, gateway: Gateway, sandbox: Sandbox
) -> None:
    number, before = sent_before(store, sandbox)

    def die() -> None:
        raise Died

    with pytest.raises(Died):
        TakenOver(fenced(store, before), gateway, lambda _operation: True, name=OTHERS, then=die).carry_out(number)
    with reading(store) as conn:
        assert journal.get(conn, number).state == State.SENT
        now = lease_of(conn).number
    clock = MovingClock(time.time())
    executor = Executor(fenced(store, now), gateway, lambda _operation: True, clock=clock)
    executor.turn()
    clock.at += 5
    executor.turn()
    with reading(store) as conn:
        operation = journal.get(conn, number)
    assert operation.state == State.SUCCEEDED
    assert len(sandbox.payments[operation.imp_uid or ""]["cancel_history"]) == 1


@pytest.mark.parametrize("is_released", [False, True])
@pytest.mark.parametrize("is_refused", [False, True])
def test_an_answer_that_comes_after_another_one_has_taken_over_is_written_down(
    store: Engine, gateway: Gateway, sandbox: Sandbox, is_refused: bool, is_released: bool
) -> None:
    number, before = sent_before(store, sandbox)

    def release() -> None:
        if is_released:
            with reading(store) as conn:
                now = lease_of(conn).number
            Executor(fenced(store, now), gateway, lambda _operation: True).release()
            with reading(store) as conn:
                assert journal.get(conn, number).state == State.UNKNOWN

    executor = TakenOver(fenced(store, before), gateway, lambda _operation: True, name=OTHERS, then=release)
    executor.answer = (Outcome(State.REFUSED, "취소할 수 없는 상점"), "취소할 수 없는 상점") if is_refused else None
    done = executor.carry_out(number)
    with reading(store) as conn:
        operation, calls = journal.get(conn, number), attempts_of(conn, number)
        assert audit.verify(conn).broken_at is None
    assert done.state == operation.state == (State.REFUSED if is_refused else State.SUCCEEDED)
    assert operation.message == ("취소할 수 없는 상점" if is_refused else None)
    assert [one.outcome for one in calls] == [operation.state]


@pytest.mark.parametrize("is_released", [False, True])
def test_what_did_not_leave_before_another_one_took_over_is_sent_by_that_one(
    store: Engine, gateway: Gateway, sandbox: Sandbox, is_released: bool
) -> None:
    number, before = sent_before(store, sandbox)
    with reading(store) as conn:
        asked_at = journal.get(conn, number).asked_at

    def release() -> None:
        if is_released:
            with reading(store) as conn:
                now = lease_of(conn).number
            Executor(fenced(store, now), gateway, lambda _operation: True).release()

    executor = TakenOver(
        fenced(store, before), gateway, lambda _operation: True, name=OTHERS, pause=lambda _s: None, then=release
    )
    executor.answer = None, "no connection"
    again = executor.carry_out(number)
    assert (again.state, again.state_at, again.why) == (State.INTENT, asked_at, None)
    with reading(store) as conn:
        now = lease_of(conn).number
        assert list(differing(conn)) == []
    done = Executor(fenced(store, now), gateway, lambda _operation: True).carry_out(number)
    made = sandbox.payments[done.imp_uid or ""]["cancel_history"]
    assert (done.state, len(made)) == (State.SUCCEEDED, 1)
    with reading(store) as conn:
        assert audit.verify(conn).broken_at is None


class Died(BaseException):
    """The process ends here, and what it held is gone."""


@dataclass
class TakenOver(Executor):
    """Its process is stopped while the answer is on its way, and taken for dead."""

    then: Callable[[], None] = field(default=lambda: None, kw_only=True)
    answer: tuple[Outcome | None, str | None] | None = field(default=None, kw_only=True)
    """In place of the gateway's."""

    def _called(self, action: Action, operation: Operation) -> tuple[Outcome | None, str | None]:
        answer = self.answer or super()._called(action, operation)
        term_is_over(unfenced(self.engine))
        assert take(self.engine, OURS)
        self.then()
        return answer


def sent_before(store: Engine, sandbox: Sandbox) -> tuple[int, int]:
    """A refund that somebody asked for, and the number of the loops that another one is about to take over."""
    row = sandbox.add_payment(10_000, pg_provider="naverpay", pay_method="naverpay")
    before = take(store, OTHERS)
    assert before
    return asked(store, "t", row["imp_uid"], 10_000), before


def test_the_loops_run_in_one_and_in_another_as_soon_as_that_ends(store: Engine) -> None:
    runs: list[str] = []

    def loop(name: str, over: Event, _own: Engine) -> None:
        runs.append(name)
        over.wait(_PATIENCE)

    def first(over: Event, own: Engine) -> None:
        loop("first", over, own)

    def second(over: Event, own: Engine) -> None:
        loop("second", over, own)

    ends = [Event(), Event()]
    holders = [Holder(store, [one], name=f"machine-{one.__name__}:1:life") for one in (first, second)]
    threads = [Thread(target=holder.run, args=(end,)) for holder, end in zip(holders, ends, strict=True)]
    threads[0].start()
    _until(lambda: runs == ["first"])
    threads[1].start()
    time.sleep(0.5)
    assert [one.leads for one in holders] == [True, False]
    ends[0].set()
    _until(lambda: runs == ["first", "second"])
    ends[1].set()
    for thread in threads:
        thread.join(_PATIENCE)
    with reading(store) as conn:
        assert is_free(lease_of(conn), OURS)


def test_what_another_process_reads_is_known_here_as_long_as_it_may_run(store: Engine) -> None:
    def reads(reader: str, until: float) -> bool:
        with writing(store) as conn:
            conn.exec_driver_sql("DELETE FROM being_read")
            sql = f"INSERT INTO being_read (name, reader, until) VALUES ('imp_1', '{reader}', {int(until)})"
            conn.exec_driver_sql(sql)
        with reading(store) as conn:
            return is_read_elsewhere(conn, "imp_1")

    now = time.time()
    assert reads(OTHERS, now + 60)
    assert not reads(OTHERS, now - 1)
    assert not reads(OURS, now + 60)
    assert not reads(f"{OURS.split(':')[0]}:{os.getpid()}:of an earlier life", now + 60)


def _until(fulfilled: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE
    while not fulfilled():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.02)
