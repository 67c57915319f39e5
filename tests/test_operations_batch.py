"""Refunds from a file: nothing of a bad one, all of an approved one, and it may be cut off anywhere."""

import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest, Moved, NotAllowed
from services.mirror.read_again import read_again
from services.operations import batches, journal
from services.operations.batches import DryRun
from services.store.engine import reading
from tests.operations_desk import MANAGER, SUPPORT, Desk

HEAD = "imp_uid,amount,reason,requester\n"
GOOD = HEAD + "".join(f"imp_{number},1000,단순 변심,customer\n" for number in range(3))


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    desk = Desk(sqlite_store)
    for number in range(3):
        read_again(desk.executor.gateway, desk.engine, f"imp_{number}")
    return desk


def dry(desk: Desk, text: str = GOOD, name: str = "refunds.csv") -> DryRun:
    with reading(desk.engine) as conn:
        return batches.dry_run(conn, name, text.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe", b"imp_uid,amount\n", HEAD.replace("reason", "why").encode(),
        (HEAD.strip() + ",mood\n").encode(), (HEAD + "imp_0,1,a,admin\n" * 5_001).encode(),
    ],
)  # fmt: skip
def test_a_file_that_is_none_of_ours_is_refused_as_a_whole(desk: Desk, content: bytes) -> None:
    with reading(desk.engine) as conn, pytest.raises(InvalidRequest):
        batches.dry_run(conn, "x.csv", content)


@pytest.mark.parametrize(
    "row",
    [
        "imp_9,1000,a,customer", "imp_0,,a,customer", "imp_0,0,a,customer", "imp_0,-5,a,customer",
        "imp_0,10001,a,customer", "imp_0,1e400,a,customer", "imp_0,NaN,a,customer", "imp_0,1000,,customer",
        "imp_0,1000,a,", "imp_0,1.5,a,customer", "imp_1,1000,a,customer",
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_sent_holds_back_the_file(desk: Desk, row: str) -> None:
    run = dry(desk, HEAD + "imp_1,1000,a,customer\n" + row + "\n")
    assert [line.problem is None for line in run.rows] == [True, False]
    with pytest.raises(InvalidRequest):
        batches.submit(desk.engine, run, SUPPORT, desk.times.ours())


def test_a_payment_that_is_worked_on_holds_back_the_file(desk: Desk) -> None:
    desk.refund(imp_uid="imp_1")
    assert not dry(desk).ready


def test_a_payment_taken_up_since_the_dry_run_holds_back_the_file(desk: Desk) -> None:
    run = dry(desk)
    desk.refund(imp_uid="imp_1")
    with pytest.raises(InvalidRequest):
        batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    with reading(desk.engine) as conn:
        assert batches.list_batches(conn) == []


def test_nobody_approves_their_own_file_nor_another_one(desk: Desk) -> None:
    run = dry(desk)
    batch = batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    with pytest.raises(NotAllowed):
        batches.approve(desk.engine, batch, run.digest, SUPPORT, desk.times.ours())
    with pytest.raises(Moved):
        batches.approve(desk.engine, batch, "0" * 64, MANAGER, desk.times.ours())
    desk.run(60)
    assert desk.gate.posts == 0


def test_a_row_is_not_approved_by_itself(desk: Desk) -> None:
    batch = batches.submit(desk.engine, dry(desk), SUPPORT, desk.times.ours())
    with reading(desk.engine) as conn:
        rows = batches.batch_operations(conn, batch)
    with pytest.raises(NotAllowed):
        journal.approve(desk.engine, rows[0].id or 0, MANAGER, desk.times.ours())


def test_a_file_is_brought_once(desk: Desk) -> None:
    run = dry(desk)
    batch = batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    batches.decline(desk.engine, batch, run.digest, MANAGER, "아직", desk.times.ours())
    with pytest.raises(InvalidRequest):
        batches.submit(desk.engine, run, SUPPORT, desk.times.ours())


def test_a_declined_file_sends_nothing(desk: Desk) -> None:
    run = dry(desk)
    batch = batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    batches.decline(desk.engine, batch, run.digest, MANAGER, "아직", desk.times.ours())
    desk.run(60)
    with reading(desk.engine) as conn:
        assert [one.state for one in batches.batch_operations(conn, batch)] == ["refused"] * 3
    assert desk.gate.posts == 0


def test_an_approved_file_is_carried_out_once_by_whoever_comes_after_a_crash(desk: Desk) -> None:
    run = dry(desk)
    batch = batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    batches.approve(desk.engine, batch, run.digest, MANAGER, desk.times.ours())
    desk.executor.due()
    desk.executor = desk.new_executor("elsewhere:2:2")
    desk.run(10)
    with reading(desk.engine) as conn:
        rows = batches.batch_operations(conn, batch)
    assert [(one.state, one.imp_uid) for one in rows] == [("succeeded", f"imp_{number}") for number in range(3)]
    assert [desk.sandbox.payments[f"imp_{number}"]["cancel_amount"] for number in range(3)] == [1_000] * 3
    assert desk.gate.wrong == []
