"""F3, F4: the serving process is killed at any moment of a refund; the next one settles it, and nothing is doubled."""

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.errors import Busy
from services.gateway import Gateway
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.executor import Executor
from services.operations.journal import audit, journal
from services.operations.journal.audit import Actor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from services.store.engine import reading
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment
from tests.worlds.operations.executor_process import serving
from tests.worlds.operations.invariants import all_operations
from tests.worlds.sandboxes import MovingClock
from tests.worlds.seeds import seeds
from tests.worlds.stores import new_store

SUPPORT = Actor("support@shop.example", "screen")
_PATIENCE = 180.0


def ask(engine: Engine, sandbox: Sandbox, imp_uid: str, token: str) -> int:
    """A refund of 1,000 won of a payment as it is now."""
    row = sandbox.payments[imp_uid]
    fields = {name: row[name] for name in ("imp_uid", "merchant_uid", "currency", "pay_method", "status", "amount")}
    form = RefundForm(1_000, row["amount"] - row["cancel_amount"], "단순 변심", "customer")
    wanted = wanted_refund(token, Payment(cancel_amount=row["cancel_amount"], **fields), form, approval_from=None)
    return journal.record(engine, wanted, SUPPORT, time.time()).id


def ended(engine: Engine) -> list[Operation]:
    """Every operation, once all have ended or only a person can end them."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with reading(engine) as conn:
            found = all_operations(conn)
        if all(one.state in ("succeeded", "refused", "expired", "unknown") for one in found):
            break
        time.sleep(0.1)
    return found


def test_a_killed_process_doubles_nothing_and_loses_nothing(tmp_path: Path) -> None:
    sandbox, chance = Sandbox(build_world(7, payments=20, until=time.time())), random.Random(3)
    engine = new_store(tmp_path / "journal.db")
    database = str(engine.url)
    asked = []
    with served(sandbox) as address:
        for number in range(seeds(300, least=4)):
            row = sandbox.add_payment(10_000, pg_provider="naverpay", pay_method="naverpay")
            # Slow now and then, so that the moment falls before, into and after each request and each commit.
            sandbox.latency = chance.choice((0.0, 0.02, 0.1))
            with serving(database, address):
                asked.append((ask(engine, sandbox, row["imp_uid"], f"t{number}"), row["imp_uid"]))
                time.sleep(chance.random() * (0.55 + 8 * sandbox.latency))
        sandbox.latency = 0.0
        with serving(database, address):
            ended(engine)
        operations = {one.id: one for one in settled_by_people(engine, address)}
    for operation_id, imp_uid in asked:
        made = [one["amount"] for one in sandbox.payments[imp_uid]["cancel_history"]]
        assert (operations[operation_id].state, made) == ("succeeded", [1_000])
    with reading(engine) as conn:
        assert audit.verify(conn).broken_at is None
    engine.dispose()


def settled_by_people(engine: Engine, address: str) -> list[Operation]:
    """An hour later: what was killed between `sent` and the call needs a person, who has it sent once more."""
    clock = MovingClock(time.time())
    executor = Executor(engine, Gateway(address, IMP_KEY, IMP_SECRET), lambda _operation: True, clock=clock)
    for _ in range(12):
        executor.turn()
        clock.at += 300
    with reading(engine) as conn:
        waiting = journal.in_state(conn, State.NEEDS_PERSON, limit=1_000)
    for operation in waiting:
        journal.send_again(engine, operation.id, SUPPORT, "다시 보냄", clock.at)
    while executor.turn():
        clock.at += 1
    with reading(engine) as conn:
        return all_operations(conn)


def test_what_was_asked_while_nobody_served_is_carried_out_once(tmp_path: Path) -> None:
    sandbox = Sandbox(build_world(7, payments=20, until=time.time()))
    engine = new_store(tmp_path / "journal.db")
    database = str(engine.url)
    row = sandbox.add_payment(10_000, pg_provider="naverpay", pay_method="naverpay")
    ask(engine, sandbox, row["imp_uid"], "t1")
    with pytest.raises(Busy):
        ask(engine, sandbox, row["imp_uid"], "t2")
    with served(sandbox) as address, serving(database, address), serving(database, address):
        (operation,) = ended(engine)
    assert operation.state == "succeeded"
    assert len(sandbox.payments[row["imp_uid"]]["cancel_history"]) == 1
    engine.dispose()
