"""F19: whoever holds the loops is killed, or stopped and let go on, under load; another one takes over."""

import random
import signal
import time
from collections.abc import Iterator
from itertools import count
from threading import Event, Thread

import pytest
import structlog
from sqlalchemy import Engine

from services.claimants import claimant_name
from services.gateway import Gateway
from services.operations.executor import Executor
from services.operations.journal import audit, journal
from services.operations.journal.states import OPEN
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from services.store.engine import reading
from services.store.lease import Lease, lease_of
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from tests.worlds.operations.invariants import all_operations
from tests.worlds.operations.machine import AMOUNT, SUPPORT, Machine, start
from tests.worlds.sandboxes import MovingClock
from tests.worlds.seeds import seeds

log = structlog.get_logger("jangbu.tests")
PAID = 10_000
MACHINES = 3
THIS = claimant_name().split(":")[0]
WITHIN = 20.0
"""Seconds in which another one has to hold the loops."""
_PATIENCE = 180.0


class House:
    """Three machines on one database; people click at any of them, and at the next where none answers."""

    def __init__(self, engine: Engine, address: str, sandbox: Sandbox) -> None:
        self.engine, self.address, self.sandbox = engine, address, sandbox
        self.database = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        self.names, self.chance = count(), random.Random(19)
        self.machines = [self.another() for _ in range(MACHINES)]
        self.clicks: dict[str, str] = {}
        """Payments by the token under which a refund of theirs was acknowledged."""

    def another(self) -> Machine:
        """A machine that joins."""
        number = next(self.names)
        # On this machine a dead process is seen at once, on another one its term has to be over.
        return start(self.database, self.address, THIS if number % 2 else f"machine-{number}")

    def lease(self) -> Lease:
        """As it stands in the database."""
        with reading(self.engine) as conn:
            return lease_of(conn)

    def holder(self) -> Machine:
        """Who holds the loops."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            lease = self.lease()
            for one in self.machines:
                if lease.is_held and lease.process == str(one.pid):
                    return one
            time.sleep(0.05)
        raise AssertionError("nobody holds the loops")

    def taken_over(self, before: Lease) -> float:
        """Seconds until another one holds the loops."""
        begun = time.monotonic()
        while self.lease().number == before.number:
            assert time.monotonic() - begun < _PATIENCE, "nobody takes over"
            time.sleep(0.02)
        return time.monotonic() - begun

    def people(self, stop: Event) -> None:
        """Somebody who clicks, again and again, until a click is acknowledged; then on another payment."""
        for number in count():
            if stop.is_set():
                return
            row = self.sandbox.add_payment(PAID, pg_provider="naverpay", pay_method="naverpay")
            token = f"click-{number}"
            until = time.monotonic() + _PATIENCE
            for machine in self._in_turn():
                assert time.monotonic() < until, "no machine takes a click"
                if machine.click(token, row["imp_uid"], PAID, patience=2.0) is not None:
                    break
            self.clicks[token] = row["imp_uid"]
            stop.wait(self.chance.random() * 2)

    def _in_turn(self) -> Iterator[Machine]:
        while True:
            yield self.chance.choice([one for one in self.machines if not one.is_stopped])

    def end(self) -> None:
        """Every machine is killed."""
        for machine in self.machines:
            machine.end()


@pytest.fixture
def house(postgres_store: Engine) -> Iterator[House]:
    sandbox = Sandbox(build_world(7, payments=20, until=time.time()))
    with served(sandbox) as address:
        house = House(postgres_store, address, sandbox)
        yield house
        house.end()


def at_rest(house: House) -> list[Operation]:
    """Every operation, once those machines have ended all that needs no person."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with reading(house.engine) as conn:
            found = all_operations(conn)
        if all(one.state not in OPEN or one.state in (State.UNKNOWN, State.NEEDS_PERSON) for one in found):
            return found
        time.sleep(0.2)
    raise AssertionError({one.state for one in found})


def settled_by_people(house: House) -> list[Operation]:
    """An hour later: what was killed between `sent` and the call needs a person, who has it sent once more."""
    clock = MovingClock(time.time())
    executor = Executor(house.engine, Gateway(house.address, IMP_KEY, IMP_SECRET), lambda _one: True, clock=clock)
    for _ in range(12):
        executor.turn()
        clock.at += 300
    with reading(house.engine) as conn:
        waiting = journal.in_state(conn, State.NEEDS_PERSON, limit=1_000)
    for operation in waiting:
        journal.send_again(house.engine, operation.id, SUPPORT, "다시 보냄", clock.at)
    while executor.turn():
        clock.at += 1
    with reading(house.engine) as conn:
        return all_operations(conn)


def test_no_click_is_lost_or_carried_out_twice_whatever_happens_to_whoever_holds_the_loops(house: House) -> None:
    stop, took = Event(), dict[signal.Signals, list[float]]()
    clicking = Thread(target=house.people, args=(stop,))
    clicking.start()
    each = seeds(50, least=2)
    for what in house.chance.sample([signal.SIGKILL, signal.SIGSTOP] * each, 2 * each):
        # Slow now and then, so that it falls before, into and after each request and each commit.
        house.sandbox.latency = house.chance.choice((0.0, 0.02, 0.1))
        machine, before = house.holder(), house.lease()
        time.sleep(1 + 5 * house.chance.random())
        machine.send(what)
        took.setdefault(what, []).append(house.taken_over(before))
        if what == signal.SIGSTOP:
            time.sleep(house.chance.random())
            machine.send(signal.SIGCONT)
        else:
            house.machines[house.machines.index(machine)] = house.another()
            machine.end()
    house.sandbox.latency = 0.0
    stop.set()
    clicking.join(_PATIENCE)
    assert not clicking.is_alive(), "the last click is not taken"
    by_itself = [one for one in at_rest(house) if one.state == State.SUCCEEDED]
    house.end()
    operations = {one.token: one for one in settled_by_people(house)}
    longest = {what.name: round(max(times), 1) for what, times in took.items()}
    log.info("F19", each=each, clicks=len(house.clicks), without_a_person=len(by_itself), **longest)
    assert max(max(times) for times in took.values()) <= WITHIN
    assert operations.keys() == house.clicks.keys()
    for token, imp_uid in house.clicks.items():
        made = [one["amount"] for one in house.sandbox.payments[imp_uid]["cancel_history"]]
        assert (token, operations[token].state, made) == (token, State.SUCCEEDED, [AMOUNT])
    with reading(house.engine) as conn:
        assert audit.verify(conn).broken_at is None
