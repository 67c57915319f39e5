"""Refunds from a file: nothing of a bad one, all of an approved one, and it may be cut off anywhere."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

from services.errors import InvalidRequest, Moved, NotAllowed
from services.mirror.read_again import read_again
from services.models import Payment
from services.operations import audit, batches, journal
from services.operations.batches import DryRow, DryRun
from services.operations.refunds import RefundForm, wanted_refund
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


def statements(engine: Engine, do: Callable[[], object]) -> int:
    """How many statements the database is given."""
    count = [0]

    def one_more(*_told: object) -> None:
        count[0] += 1

    event.listen(engine, "before_cursor_execute", one_more)
    do()
    event.remove(engine, "before_cursor_execute", one_more)
    return count[0]


def large(desk: Desk, rows: int) -> DryRun:
    """A file of that many payments, one in ten paid to a virtual account."""
    account = {"refund_bank": "088", "refund_account": "110123456789", "refund_holder": "홍길동"}
    found = []
    for number in range(rows):
        paid = Payment(**(desk.payment().model_dump() | {"imp_uid": f"imp_x{number}"}))
        paid.pay_method = "naverpay" if number % 10 else "vbank"
        form = RefundForm(1_000, 10_000, "단순 변심", "customer", account={} if number % 10 else account)
        wanted = wanted_refund(f"batch:x:{number}", paid, form, approval_from=0)
        found.append(DryRow(number + 1, wanted.imp_uid or "", 1_000, "KRW", wanted, None))
    return DryRun("x", "x.csv", tuple(found))


def test_a_large_file_is_brought_and_declined_in_a_few_statements(store: Engine) -> None:
    desk = Desk(store)
    run = large(desk, 200)
    assert statements(store, lambda: batches.submit(store, run, SUPPORT, desk.times.ours())) < 20
    declined = statements(store, lambda: batches.decline(store, 1, "x", MANAGER, "아직", desk.times.ours()))
    assert declined < 20
    with reading(store) as conn:
        rows = batches.batch_operations(conn, 1)
        verdict = audit.verify(conn)
        told = audit.history(conn, rows[0].id or 0)
    assert [(one.state, one.why, one.batch_row) for one in rows] == [("refused", "declined", n + 1) for n in range(200)]
    assert not [one.request for one in rows if "110123456789" in one.request]
    assert (verdict.broken_at, verdict.entries) == (None, 402)
    assert [(one["action"], one["actor"]) for one in told] == [("asked", SUPPORT.name), ("declined", MANAGER.name)]


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
