"""Ending a subscription: exactly what was listed is revoked, then the key is deleted; cut off in between it goes on."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import Busy, InvalidRequest, NotAllowed
from services.operations.actions.key_deletions import end_subscription
from services.operations.actions.moves import wanted_move
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.states import Why
from services.sandbox.faults import Fault, Plan, calls
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from services.store.engine import reading
from services.tables.journal import Operation
from services.tables.v1 import BillingKey, Schedule
from tests.worlds.operations.desk import FINANCE, MANAGER, SUPPORT, Desk
from tests.worlds.operations.executor_process import serving
from tests.worlds.operations.gate import REFUSAL, put_booking, schedule_of
from tests.worlds.operations.invariants import all_operations
from tests.worlds.seeds import seeds
from tests.worlds.stores import new_store

KEY = BillingKey(customer_uid="key0", pg_provider="html5_inicis")


def end(engine: Engine, booked: list[Schedule], now: float, *, token: str = "t", **more: Any) -> Operation:
    given: dict[str, Any] = {"reason": "해지", "requester": "customer", "actor": SUPPORT, "now": now}
    return end_subscription(engine, token, more.pop("key", KEY), booked, **(given | more))


def operations(desk: Desk) -> list[tuple[str, str, str | None]]:
    with reading(desk.engine) as conn:
        return [(one.kind, one.state, one.why) for one in all_operations(conn)]


def states(sandbox: Sandbox) -> dict[str, str]:
    return {order: row["schedule_status"] for order, row in sandbox.world.schedules.items()}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"requester": None}, "requester"),
        ({"key": BillingKey(customer_uid="key0", deleted_at=1)}, "customer_uid"),
    ],
)
def test_what_cannot_be_ended_writes_nothing_down(desk: Desk, more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as told:
        end(desk.engine, [desk.booked()], desk.times.at, **more)
    assert (told.value.values["field"], operations(desk)) == (field, [])


def test_where_one_is_due_within_a_minute_nothing_is_written_down(desk: Desk) -> None:
    with pytest.raises(InvalidRequest):
        end(desk.engine, [desk.booked(), desk.booked("order1", after=59)], desk.times.at)
    assert operations(desk) == []


def test_where_somebody_is_at_one_of_them_neither_step_is_written_down(desk: Desk) -> None:
    first, second = desk.booked(), desk.booked("order1")
    desk.ask(wanted_move("m", second, int(desk.times.at) + 9_000, now=desk.times.at), who=FINANCE)
    with pytest.raises(Busy, match=FINANCE.name):
        end(desk.engine, [first, second], desk.times.at)
    assert [kind for kind, _state, _why in operations(desk)] == ["move"]


def test_exactly_what_was_listed_is_revoked_and_then_the_key_is_deleted(desk: Desk) -> None:
    booked = [desk.booked(), desk.booked("order1")]
    desk.booked("order9", key="key1")
    deletion = end(desk.engine, booked, desk.times.at)
    desk.run(5)
    assert desk.get(deletion.id).state == "succeeded"
    assert json.loads(desk.bodies[0]) == {"customer_uid": "key0", "merchant_uid": ["order0", "order1"]}
    assert states(desk.sandbox) == {"order0": "revoked", "order1": "revoked", "order9": "scheduled"}
    assert (list(desk.sandbox.world.billing_keys), desk.gate.posts, desk.gate.wrong) == (["key1"], 2, [])


def test_a_second_click_finds_what_the_first_one_made(desk: Desk) -> None:
    booked = [desk.booked()]
    first, second = (end(desk.engine, booked, desk.times.at) for _ in range(2))
    assert (first.id, len(operations(desk))) == (second.id, 2)


def test_without_anything_booked_it_is_a_deletion(desk: Desk) -> None:
    end(desk.engine, [], desk.times.at)
    desk.run()
    assert operations(desk) == [("delete_key", "succeeded", None)]


def test_nobody_lets_the_deletion_go_before_its_time(desk: Desk) -> None:
    deletion = end(desk.engine, [desk.booked()], desk.times.at)
    with pytest.raises(NotAllowed):
        journal.approve(desk.engine, deletion.id, MANAGER, desk.times.at)


def test_where_the_revocation_is_refused_the_key_stays(desk: Desk) -> None:
    end(desk.engine, [desk.booked(), desk.booked("order1")], desk.times.at)
    desk.call_faults = [REFUSAL]
    desk.run(5)
    assert operations(desk) == [("revoke", "refused", None), ("delete_key", "refused", Why.FIRST_STEP_FAILED)]
    assert set(states(desk.sandbox).values()) == {"scheduled"}
    assert "key0" in desk.sandbox.world.billing_keys


def test_where_one_ran_meanwhile_the_key_stays(desk: Desk) -> None:
    end(desk.engine, [desk.booked(after=70), desk.booked("order1")], desk.times.at)
    desk.wait(71)
    desk.run(5)
    assert [why for _kind, _state, why in operations(desk)] == [Why.EXECUTED_MEANWHILE, Why.FIRST_STEP_FAILED]
    assert states(desk.sandbox) == {"order0": "executed", "order1": "scheduled"}


def test_what_was_booked_in_between_keeps_the_key(desk: Desk) -> None:
    end(desk.engine, [desk.booked()], desk.times.at)
    desk.executor.carry_out(1)
    desk.booked("order9")
    desk.run(5)
    assert operations(desk)[1] == ("delete_key", "refused", Why.STILL_BOOKED)
    assert states(desk.sandbox) == {"order0": "revoked", "order9": "scheduled"}


def test_while_it_is_not_known_whether_they_are_revoked_the_key_stays(desk: Desk) -> None:
    end(desk.engine, [desk.booked(after=9_000)], desk.times.at)
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(3_000, every=50)
    assert [state for _kind, state, _why in operations(desk)] == ["needs_person", "awaiting_approval"]
    journal.send_again(desk.engine, 1, FINANCE, "다시", desk.times.at)
    desk.run(10)
    assert [state for _kind, state, _why in operations(desk)] == ["succeeded", "succeeded"]


@pytest.mark.parametrize("steps", range(4))
def test_cut_off_between_any_two_steps_the_next_executor_finishes(desk: Desk, steps: int) -> None:
    desk.booked("order9", key="key1")
    deletion = end(desk.engine, [desk.booked(), desk.booked("order1")], desk.times.at)
    for step in [desk.executor.due, lambda: desk.executor.carry_out(1), desk.executor.due][:steps]:
        step()
    desk.executor = desk.new_executor("elsewhere:2:2")
    desk.run(10)
    assert (desk.get(deletion.id).state, desk.gate.posts, desk.gate.wrong) == ("succeeded", 2, [])
    assert states(desk.sandbox) == {"order0": "revoked", "order1": "revoked", "order9": "scheduled"}


def test_killed_between_the_two_steps_and_started_again_it_finishes_and_revokes_nothing_else(tmp_path: Path) -> None:
    sandbox = Sandbox(build_world(7, payments=20, until=time.time()))
    keys = [f"own{number}" for number in range(seeds(50, least=2))]
    for uid in keys:
        key = {"customer_uid": uid, "pg_provider": "html5_inicis", "pg_id": "shop", "inserted": 1, "updated": 1}
        sandbox.world.billing_keys[uid] = key | {"sandbox": False}
        for number in range(2):
            put_booking(sandbox, f"{uid}n{number}", uid, time.time() + DAY)
    before = states(sandbox)
    engine = new_store(tmp_path / "journal.db")
    database = str(engine.url)
    with served(sandbox) as address:
        for uid in keys:
            booked = [schedule_of(sandbox.world, f"{uid}n{number}") for number in range(2)]
            how: dict[str, Any] = {"reason": "해지", "requester": "customer", "actor": Actor("s", "screen")}
            deletion = end_subscription(engine, uid, BillingKey(customer_uid=uid), booked, **how, now=time.time())
            # Nothing of the second step comes through before it is killed, however slow this machine is.
            sandbox.plans = [Plan(Fault.SLOW, picks=calls("GET", f"/subscribe/customers/{uid}"), seconds=5)]
            with serving(database, address):
                _until(lambda uid=uid: states(sandbox)[f"{uid}n1"] == "revoked")
            sandbox.plans = []
            assert uid in sandbox.world.billing_keys, "killed too late"
            with serving(database, address):
                _until(lambda uid=uid: uid not in sandbox.world.billing_keys)
                _until(lambda number=deletion.id: _state(engine, number or 0) == "succeeded")
    after = states(sandbox)
    changed = {order for order in before if before[order] != after[order]}
    assert changed == {f"{uid}n{number}" for uid in keys for number in range(2)}
    assert {after[order] for order in changed} == {"revoked"}
    engine.dispose()


def _state(engine: Engine, operation_id: int) -> str:
    with reading(engine) as conn:
        return journal.get(conn, operation_id).state


def _until(true: Any) -> None:
    for _ in range(6_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")
