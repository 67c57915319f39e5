"""Many schedules at once: nothing of a bad list, each row once, a few at a time, and it may be cut off anywhere."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.process.executor import needs_approval
from services.clock import DAY, seoul
from services.errors import InvalidRequest, Moved, NotAllowed
from services.operations.actions.moves import wanted_move
from services.operations.actions.schedule_changes import Change
from services.operations.files import batches, bulk
from services.operations.files.bulk import BulkRow, Target, selected
from services.operations.files.run import Run
from services.store.engine import reading
from services.tables.journal import Operation, OperationKind
from tests.worlds.operations.desk import FINANCE, MANAGER, SUPPORT, Desk
from tests.worlds.operations.refusals import refused_at

ORDERS = [f"order{number}" for number in range(10)]


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    """Ten payments booked at the gateway, and known here."""
    desk = Desk(sqlite_store)
    for number, order in enumerate(ORDERS):
        desk.booked(order, after=DAY + number * 60)
    desk.mirrored(*ORDERS)
    return desk


def later(desk: Desk, days: float = 3) -> int:
    return int(desk.times.at + days * DAY)


def look(
    desk: Desk, kind: OperationKind, targets: Sequence[Target], *, token: str = "t", reason: str = "점검"
) -> Run[BulkRow]:
    with reading(desk.engine) as conn:
        return bulk.dry_run(conn, token, "점검", Change(kind, reason), targets, now=desk.times.at)


def submit(desk: Desk, run: Run[BulkRow]) -> int:
    return batches.submit(desk.engine, run, SUPPORT, desk.times.at)


def rows(desk: Desk, batch_id: int) -> list[Operation]:
    with reading(desk.engine) as conn:
        return batches.batch_operations(conn, batch_id)


def states(desk: Desk) -> list[str]:
    return [desk.sandbox.world.schedules[order]["schedule_status"] for order in ORDERS]


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"order\norder0\n", b"merchant_uid,mood\norder0,good\n", b"merchant_uid\n" + b"order0\n" * 5_001],
)
def test_a_file_that_is_none_of_ours_is_refused_as_a_whole(content: bytes) -> None:
    with refused_at("file"):
        bulk.read_file(content)


def test_a_selection_has_a_limit_too(desk: Desk) -> None:
    with pytest.raises(InvalidRequest, match="5000"):
        look(desk, OperationKind.RETRY, selected(f"order{number}" for number in range(5_001)))


@pytest.mark.parametrize(
    ("row", "kind", "field"),
    [
        ("none,2030-01-01 10:00", OperationKind.MOVE, "merchant_uid"),
        ("order1,2030-01-01 10:00", OperationKind.MOVE, "merchant_uid"),
        ("order0,", OperationKind.MOVE, "schedule_at"),
        ("order0,2030-01-01", OperationKind.MOVE, "schedule_at"),
        ("order0,soon", OperationKind.MOVE, "schedule_at"),
        ("order0,2020-01-01 10:00", OperationKind.MOVE, "schedule_at"),
        ("order0,2030-01-01 10:00", OperationKind.REBOOK, "merchant_uid"),
        ("order0,", OperationKind.RETRY, "merchant_uid"),
    ],
)
def test_a_row_that_cannot_be_sent_holds_back_the_list_and_names_its_field(
    desk: Desk, row: str, kind: OperationKind, field: str
) -> None:
    content = f"merchant_uid,schedule_at\norder1,2030-01-01 10:00\n{row}\n".encode()
    run = look(desk, kind, bulk.read_file(content))
    problem = run.rows[1].problem
    assert isinstance(problem, InvalidRequest)
    assert (problem.values["field"], run.ready) == (field, False)
    with pytest.raises(InvalidRequest):
        submit(desk, run)


def test_a_cancellation_of_many_has_a_reason(desk: Desk) -> None:
    run = look(desk, OperationKind.REVOKE, selected(ORDERS), reason=" ")
    assert {str(row.problem) for row in run.rows} == {"Say why."}


def test_a_payment_that_is_worked_on_is_told_and_the_rest_may_go(desk: Desk) -> None:
    kept = desk.kept("order3")
    assert kept is not None
    desk.ask(wanted_move("m", kept, later(desk, 9), now=desk.times.at), who=FINANCE)
    run = look(desk, OperationKind.MOVE, selected(ORDERS, later(desk)))
    assert [row.number for row in run.rows if row.problem] == [4]
    assert (run.fitting().ready, len(run.fitting().rows), dict(run.totals)) == (True, 9, {"KRW": 9 * 9_900})


def test_a_payment_taken_up_since_the_look_holds_back_the_list(desk: Desk) -> None:
    run, kept = look(desk, OperationKind.MOVE, selected(ORDERS, later(desk))), desk.kept("order3")
    assert kept is not None
    desk.ask(wanted_move("m", kept, later(desk, 9), now=desk.times.at), who=FINANCE)
    with pytest.raises(InvalidRequest):
        submit(desk, run)
    with reading(desk.engine) as conn:
        assert batches.list_batches(conn, kinds=list(OperationKind)) == []


def test_a_form_is_sent_once_and_a_new_one_again(desk: Desk) -> None:
    submit(desk, look(desk, OperationKind.MOVE, selected(ORDERS, later(desk))))
    desk.run(60)
    back = selected(ORDERS, later(desk, 5))
    with pytest.raises(InvalidRequest, match="brought before"):
        submit(desk, look(desk, OperationKind.MOVE, back))
    batch = submit(desk, look(desk, OperationKind.MOVE, back, token="u"))
    desk.run(60)
    assert {one.state for one in rows(desk, batch)} == {"succeeded"}


def test_moves_need_no_second_person_and_go_a_few_at_a_time(desk: Desk) -> None:
    batch = submit(desk, look(desk, OperationKind.MOVE, selected(ORDERS, later(desk))))
    assert len(desk.executor.due()) == 4
    desk.run(60)
    assert {one.state for one in rows(desk, batch)} == {"succeeded"}
    assert {row["schedule_at"] for row in desk.sandbox.world.schedules.values()} == {later(desk, 3) - 60}
    assert (desk.gate.posts, desk.gate.wrong) == (10, [])


def test_a_file_gives_each_its_own_time_in_korea(desk: Desk) -> None:
    content = "\ufeffmerchant_uid,schedule_at\norder0,2030-01-01 00:10\norder1,\n".encode()
    targets = bulk.read_file(content, later(desk))
    submit(desk, look(desk, OperationKind.MOVE, targets))
    desk.run(10)
    world = desk.sandbox.world.schedules
    assert f"{seoul(world['order0']['schedule_at']):%Y-%m-%d %H:%M}" == "2030-01-01 00:10"
    assert world["order1"]["schedule_at"] == targets[1].schedule_at


def test_cancelled_are_exactly_those_that_were_chosen(desk: Desk) -> None:
    batch = submit(desk, look(desk, OperationKind.REVOKE, selected(ORDERS[:7])))
    desk.run(60)
    assert states(desk) == ["revoked"] * 7 + ["scheduled"] * 3
    assert {(one.state, one.reason) for one in rows(desk, batch)} == {("succeeded", "점검")}


def test_failed_ones_are_booked_again(desk: Desk) -> None:
    _fail(desk)
    batch = submit(desk, look(desk, OperationKind.REBOOK, selected(ORDERS, later(desk))))
    desk.run(60)
    assert {one.state for one in rows(desk, batch)} == {"succeeded"}
    assert states(desk) == ["scheduled"] * 10


def test_charging_many_now_waits_for_a_second_person(desk: Desk) -> None:
    _fail(desk)
    run = look(desk, OperationKind.RETRY, selected(ORDERS))
    batch = submit(desk, run)
    desk.run(60)
    assert desk.gate.posts == 0
    with pytest.raises(NotAllowed):
        batches.approve(desk.engine, batch, run.digest, SUPPORT, desk.times.at)
    batches.approve(desk.engine, batch, run.digest, MANAGER, desk.times.at)
    desk.run(60)
    assert {one.state for one in rows(desk, batch)} == {"succeeded"}
    assert {one.approved_by for one in rows(desk, batch)} == {MANAGER.name}
    assert [len(desk.made(one.id)) for one in rows(desk, batch)] == [1] * 10


@pytest.mark.parametrize(
    ("kind", "batch_id", "needed"),
    [
        (OperationKind.RETRY, 1, True),
        (OperationKind.RETRY, None, False),
        (OperationKind.MOVE, 1, False),
        (OperationKind.REVOKE, 1, False),
        (OperationKind.REBOOK, 1, False),
        (OperationKind.REFUND, 1, True),
    ],
)
def test_the_executor_asks_for_the_second_person_too(kind: OperationKind, batch_id: int | None, needed: bool) -> None:
    row: dict[str, Any] = {"kind": kind.value, "batch_id": batch_id, "amount": 9_900, "currency": "KRW"}
    assert needs_approval(Operation(**row)) == needed


def test_what_was_not_let_go_yet_can_be_stopped(desk: Desk) -> None:
    batch = submit(desk, look(desk, OperationKind.MOVE, selected(ORDERS, later(desk))))
    desk.executor.due()
    assert batches.stop(desk.engine, batch, SUPPORT, "잘못 고름", desk.times.at) == 6
    desk.run(60)
    assert [one.state for one in rows(desk, batch)] == ["succeeded"] * 4 + ["refused"] * 6
    assert (desk.gate.posts, {one.why for one in rows(desk, batch)}) == (4, {None, "withdrawn"})
    with pytest.raises(Moved):
        batches.stop(desk.engine, batch, SUPPORT, "again", desk.times.at)


def test_one_that_ran_meanwhile_ends_with_its_payment_and_the_rest_goes_on(desk: Desk) -> None:
    desk.booked("order3", after=90)
    desk.mirrored("order3")
    batch = submit(desk, look(desk, OperationKind.MOVE, selected(ORDERS, later(desk))))
    desk.wait(91)
    desk.run(60)
    ended = rows(desk, batch)
    assert [one.state for one in ended] == ["succeeded"] * 3 + ["refused"] + ["succeeded"] * 6
    assert ended[3].imp_uid == desk.sandbox.world.schedules["order3"]["imp_uid"]


@pytest.mark.parametrize("turns", range(5))
def test_whoever_comes_after_a_crash_goes_on_with_the_list(desk: Desk, turns: int) -> None:
    batch = submit(desk, look(desk, OperationKind.REVOKE, selected(ORDERS)))
    for life in range(turns):
        due = desk.executor.due()
        for operation_id, work in due[: life % 4]:
            work(operation_id)
        desk.executor = desk.new_executor(f"elsewhere:{life}:{life}")
    desk.run(60)
    assert {one.state for one in rows(desk, batch)} == {"succeeded"}
    assert (desk.gate.posts, desk.gate.wrong, set(states(desk))) == (10, [], {"revoked"})


def test_lists_of_refunds_do_not_name_changes_of_schedules(desk: Desk) -> None:
    submit(desk, look(desk, OperationKind.MOVE, selected(ORDERS, later(desk))))
    with reading(desk.engine) as conn:
        assert batches.list_batches(conn) == []
        ((batch, counts),) = batches.list_batches(conn, kinds=[OperationKind.MOVE])
    assert (batch.kind, batch.rows, batch.approved_by, counts) == ("move", 10, None, {"awaiting_approval": 10})


def _fail(desk: Desk) -> None:
    """All ten run and fail; then the card works again."""
    world = desk.sandbox.world
    for order in ORDERS:
        row = world.schedules[order]
        failed = {"schedule_status": "executed", "payment_status": "failed", "imp_uid": None, "fail_reason": "잔액부족"}
        world.put_schedule(row | failed)
    desk.mirrored(*ORDERS)
