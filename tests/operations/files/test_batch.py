"""Refunds from a file: nothing of a bad one, all of an approved one, and it may be cut off anywhere."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event

from services.errors import InvalidRequest, Moved, NotAllowed
from services.mirror.keep import read_again
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.files import batches
from services.operations.files.batches import DryRun
from services.operations.files.refund_lines import DryRow
from services.operations.journal import audit, journal, terms
from services.sandbox.faults import Fault
from services.store.engine import reading, writing
from services.store.lists.operations import needing_person
from services.tables.journal import Operation
from services.tables.v1 import Payment
from tests.worlds.operations.desk import MANAGER, SUPPORT, Desk

HEAD = "imp_uid,amount,reason,requester\n"
GOOD = HEAD + "".join(f"imp_{number},1000,단순 변심,customer\n" for number in range(3))


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    desk = Desk(sqlite_store)
    for number in range(3):
        read_again(desk.executor.gateway, desk.engine, f"imp_{number}")
    return desk


def approved(desk: Desk, run: DryRun) -> int:
    """A file brought by one person and approved by another; its number."""
    batch = batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    batches.approve(desk.engine, batch, run.digest, MANAGER, desk.times.ours())
    return batch


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


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        ("imp_9,12.000,,boss", ["imp_uid", "amount", "reason", "requester"]),
        ("imp_9,1000,a,customer", ["imp_uid"]),
        ("imp_9,0,a,boss", ["imp_uid", "amount", "requester"]),
        ("imp_0,12.000,,boss", ["amount", "reason", "requester"]),
        ("imp_0,10001,,customer", ["amount", "reason"]),
        ("imp_0,,a,", ["amount", "requester"]),
        ("imp_1,-5,,x", ["imp_uid", "amount", "reason", "requester"]),
        ("imp_0,1000,,customer", ["reason"]),
    ],
)
def test_a_row_tells_all_of_its_faults_and_keeps_what_was_typed(desk: Desk, row: str, fields: list[str]) -> None:
    (_good, bad) = dry(desk, HEAD + "imp_1,1000,a,customer\n" + row + "\n").rows
    assert [problem.values["field"] for problem in bad.problems] == fields
    assert list(bad.typed.values()) == row.split(",")
    assert bad.wanted is None


def test_taxes_and_accounts_are_among_the_faults_of_a_row(desk: Desk) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider="kcp", pay_method="vbank")
    read_again(desk.executor.gateway, desk.engine, "imp_v")
    head = HEAD.strip() + ",tax_free,refund_bank,refund_account,refund_holder\n"
    (bad,) = dry(desk, f"{head}imp_v,1000,,boss,2000,,,\n").rows
    told = {problem.values["field"] for problem in bad.problems}
    assert told == {"reason", "requester", "tax_free", "refund_bank", "refund_account", "refund_holder"}


@pytest.mark.parametrize(
    ("cell", "fields"), [("", []), ("no", []), ("yes", ["retain_promotion"]), ("x", ["retain_promotion"])]
)
def test_a_promotion_that_was_none_cannot_be_kept(desk: Desk, cell: str, fields: list[str]) -> None:
    (row,) = dry(desk, f"{HEAD.strip()},retain_promotion\nimp_0,1000,a,customer,{cell}\n").rows
    assert [problem.values["field"] for problem in row.problems] == fields


def test_a_file_names_banks_as_the_screen_does(desk: Desk) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider="kcp", pay_method="vbank")
    read_again(desk.executor.gateway, desk.engine, "imp_v")
    head = HEAD.strip() + ",refund_bank,refund_account,refund_holder\n"
    good, bad = (dry(desk, f"{head}imp_v,1000,변심,customer,{code},110123456789,홍길동\n") for code in ("088", "88"))
    assert [row.wanted.request["refund_bank"] for row in good.rows if row.wanted] == ["BK88"]
    assert [row.problem.values["field"] for row in bad.rows if row.problem] == ["refund_bank"]


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
        journal.approve(desk.engine, rows[0].id, MANAGER, desk.times.ours())


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


def large(desk: Desk, rows: int, *, vbank: bool = True) -> DryRun:
    """A file of that many payments, one in ten paid to a virtual account."""
    account = {"refund_bank": "088", "refund_account": "110123456789", "refund_holder": "홍길동"}
    found = []
    for number in range(rows):
        paid = Payment(**(desk.payment().model_dump() | {"imp_uid": f"imp_x{number}"}))
        to_account = vbank and number % 10 == 0
        paid.pay_method = "vbank" if to_account else "naverpay"
        form = RefundForm(1_000, 10_000, "단순 변심", "customer", account=account if to_account else {})
        wanted = wanted_refund(f"batch:x:{number}", paid, form, approval_from=0)
        found.append(DryRow(number + 1, wanted.imp_uid or "", 1_000, "KRW", wanted))
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
        told = audit.history(conn, rows[0].id)
    assert [(one.state, one.why, one.batch_row) for one in rows] == [("refused", "declined", n + 1) for n in range(200)]
    assert not [one.request for one in rows if "110123456789" in one.request]
    assert (verdict.broken_at, verdict.entries) == (None, 402)
    assert [(one["action"], one["actor"]) for one in told] == [("asked", SUPPORT.name), ("declined", MANAGER.name)]


def test_a_file_is_looked_at_in_as_many_statements_as_one_row(desk: Desk) -> None:
    counts = []
    for rows in (1, 3):
        with reading(desk.engine) as conn:
            raw: Any = conn.connection.driver_connection
            seen: list[str] = []
            raw.set_trace_callback(seen.append)
            run = batches.dry_run(conn, "x.csv", "".join(GOOD.splitlines(keepends=True)[: rows + 1]).encode())
            raw.set_trace_callback(None)
        counts.append((len(run.rows), len(seen)))
    assert counts == [(1, 3), (3, 3)]


def test_an_approved_file_is_carried_out_once_by_whoever_comes_after_a_crash(desk: Desk) -> None:
    batch = approved(desk, dry(desk))
    desk.executor.due()
    desk.executor = desk.new_executor("elsewhere:2:2")
    desk.run(10)
    with reading(desk.engine) as conn:
        rows = batches.batch_operations(conn, batch)
    assert [(one.state, one.imp_uid) for one in rows] == [("succeeded", f"imp_{number}") for number in range(3)]
    assert [desk.sandbox.payments[f"imp_{number}"]["cancel_amount"] for number in range(3)] == [1_000] * 3
    assert desk.gate.wrong == []


def many_approved(desk: Desk, rows: int = 30) -> int:
    """A file of that many refunds, approved by somebody else."""
    for number in range(rows):
        own = {"pg_provider": "naverpay", "pay_method": "naverpay", "paid_at": int(desk.times.at) - 60}
        desk.sandbox.add_payment(10_000, imp_uid=f"imp_x{number}", **own)
    return approved(desk, large(desk, rows, vbank=False))


def counts(desk: Desk) -> Counter[str]:
    """How many rows of the first file are in which state."""
    with reading(desk.engine) as conn:
        return Counter(one.state for one in batches.batch_operations(conn, 1))


def test_f22_a_file_waits_for_a_gateway_that_is_down_and_loses_none_of_its_rows(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    many_approved(desk)
    desk.faults = dict.fromkeys(range(100_000), Fault.BAD_GATEWAY)
    desk.run(3_600, every=60)
    assert counts(desk) == {"intent": 4, "awaiting_approval": 26}
    desk.faults = {}
    desk.run(60, every=3)
    assert counts(desk) == {"succeeded": 30}
    assert desk.gate.wrong == []


def test_where_no_answers_come_only_a_few_rows_of_a_file_become_unknown(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(sqlite_store)
    many_approved(desk)
    answer = desk.gate.answer

    def lost(request: httpx.Request, operation: Operation | None, _fault: str | None) -> httpx.Response:
        return answer(request, operation, Fault.LOST_AFTER if operation else None)

    monkeypatch.setattr(desk.gate, "answer", lost)
    desk.run()
    assert counts(desk) == {"unknown": 4, "awaiting_approval": 26}
    desk.run(120, every=3)
    assert counts(desk) == {"succeeded": 30}


def test_a_file_that_nobody_approves_in_a_week_ends_and_gives_its_payments_back(desk: Desk) -> None:
    run = dry(desk)
    batch = batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    desk.wait(terms.APPROVAL_LIVES + 1)
    with pytest.raises(Moved):
        batches.approve(desk.engine, batch, run.digest, MANAGER, desk.times.ours())
    desk.run()
    with reading(desk.engine) as conn:
        rows = batches.batch_operations(conn, batch)
        assert {(one.state, one.why) for one in rows} == {("expired", "not_approved_in_time")}
        assert (batches.waiting_batches(conn), needing_person(conn)) == ([], [])
    desk.refund(imp_uid="imp_1")


def test_a_file_whose_executor_comes_back_days_later_sends_nothing(desk: Desk) -> None:
    batch = approved(desk, dry(desk))
    desk.wait(terms.FILE_LIVES + 1)
    desk.run(60)
    with reading(desk.engine) as conn:
        rows = batches.batch_operations(conn, batch)
        assert {(one.state, one.why) for one in rows} == {("expired", "file_too_old")}
        assert len(needing_person(conn)) == 3
    assert desk.gate.posts == 0


def test_a_row_on_its_way_for_more_than_a_day_ends_too(desk: Desk) -> None:
    approved(desk, dry(desk))
    desk.executor.due()
    desk.wait(terms.FILE_LIVES + 1)
    with pytest.raises(Moved):
        desk.executor.carry_out(1)
    desk.run()
    assert (desk.get(1).state, desk.get(1).why, desk.gate.posts) == ("expired", "file_too_old", 0)


def test_a_file_that_waits_is_listed_however_many_came_after_it(desk: Desk) -> None:
    first = batches.submit(desk.engine, dry(desk), SUPPORT, desk.times.ours())
    with writing(desk.engine) as conn:
        for number in range(3):
            conn.exec_driver_sql(
                "INSERT INTO refund_batch (digest, name, rows, amount, asked_by, asked_at, declined_at) "
                f"VALUES ('later{number}', 'x.csv', 1, 1, 'kim', {int(desk.times.ours())}, 1)"
            )
    with reading(desk.engine) as conn:
        assert [batch.id for batch, _counts in batches.list_batches(conn, limit=2)] == [first, 4, 3]


def test_a_file_without_room_costs_no_writing(sqlite_store: Engine) -> None:
    desk, written = Desk(sqlite_store), []
    many_approved(desk)
    event.listen(sqlite_store, "begin", lambda conn: written.append(conn.get_execution_options().get("writes")))
    assert [batches.feed(desk.engine, SUPPORT, desk.times.ours()) for _ in range(3)] == [4, 0, 0]
    assert written.count(True) == 1
