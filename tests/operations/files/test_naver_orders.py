"""Many Naver Pay orders at once: each row is looked at, what was done is never done again, and 50 go by themselves."""

from datetime import date

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import InvalidRequest, Moved
from services.mirror.keep import read_again
from services.operations.actions.naver.confirmations import wanted_confirmation
from services.operations.actions.naver.due import due_orders
from services.operations.files import batches, naver_orders
from services.operations.files.naver_orders import Asking
from services.operations.files.run import PaymentRow, Run
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.tables.journal import OperationKind as Kind
from tests.worlds.operations.desk import FINANCE, Desk

SINCE = date(2026, 1, 1)
CONFIRM = Asking(Kind.NAVER_CONFIRM, SINCE, "admin")


def orders(desk: Desk, count: int) -> list[str]:
    """That many paid Naver Pay orders, at the gateway and in the mirror."""
    own = {"pg_provider": "naverpay", "pay_method": "naverpay", "paid_at": int(desk.times.at) - DAY}
    uids = [f"imp_9{number:03d}" for number in range(count)]
    for uid in uids:
        desk.sandbox.add_payment(10_000, imp_uid=uid, **own)
        read_again(desk.executor.gateway, desk.engine, uid)
    return uids


def dry(desk: Desk, uids: list[str], asking: Asking = CONFIRM, token: str = "t") -> Run[PaymentRow]:
    with reading(desk.engine) as conn:
        return naver_orders.dry_run(conn, token, "list", asking, naver_orders.selected(uids))


def problems(run: Run[PaymentRow]) -> list[str | None]:
    return [row.problem and str(row.problem) for row in run.rows]


def test_fifty_orders_are_confirmed_each_once_whatever_is_lost(desk: Desk) -> None:
    uids = orders(desk, 50)
    desk.call_faults = ["", "", Fault.LOST_AFTER]
    batch = batches.submit(desk.engine, dry(desk, uids), FINANCE, desk.times.ours())
    desk.run(120, every=1)
    with reading(desk.engine) as conn:
        states = [one.state for one in batches.batch_operations(conn, batch)]
        due = due_orders(conn, Kind.NAVER_CONFIRM, 0)
    assert (states.count("succeeded"), states.count("unknown"), desk.gate.posts) == (49, 1, 50)
    assert list(desk.sandbox.world.naver_confirmed) == uids
    assert not desk.gate.wrong
    assert not due.rows


def test_what_stands_in_a_rows_way_is_said(store: Engine) -> None:
    desk = Desk(store)
    first, second, third = orders(desk, 3)
    desk.ask(wanted_confirmation("t", desk.payment(first), "admin"))
    desk.run()
    desk.refund(imp_uid=second, token="u")
    assert problems(dry(desk, [first, second, third, third, "imp_nobody"])) == [
        f"It was done already: operation 1 on {first}.",
        "Another operation on this payment is not finished.",
        None,
        "This payment stands in the file twice.",
        "No such payment in the mirror.",
    ]
    late = Asking(Kind.NAVER_POINTS, date(2027, 1, 1))
    assert problems(dry(desk, [third], late)) == ["It was paid before 2027-01-01, from which on this is done here."]


def test_a_list_that_was_looked_at_before_somebody_was_faster_is_not_written_down(desk: Desk) -> None:
    (uid,) = orders(desk, 1)
    run = dry(desk, [uid])
    desk.ask(wanted_confirmation("u", desk.payment(uid), "customer"))
    desk.run()
    with pytest.raises(Moved, match=f"operation 1 on {uid}"):
        batches.submit(desk.engine, run, FINANCE, desk.times.ours())
    assert desk.gate.posts == 1


def test_what_is_due_is_what_nobody_did_or_is_at_the_one_paid_first_on_top(store: Engine) -> None:
    desk = Desk(store)
    uids = orders(desk, 4)
    desk.ask(wanted_confirmation("t", desk.payment(uids[0]), "admin"))
    desk.sandbox.refund(uids[1], 10_000, "환불")
    read_again(desk.executor.gateway, desk.engine, uids[1])
    with reading(desk.engine) as conn:
        found = due_orders(conn, Kind.NAVER_CONFIRM, 0)
        points = due_orders(conn, Kind.NAVER_POINTS, 0)
    assert {row.imp_uid for row in found.rows} == set(uids[2:])
    assert {row.imp_uid for row in points.rows} == {uids[0], *uids[2:]}
    assert not found.more


def test_a_file_has_one_column() -> None:
    assert naver_orders.read_file(b"imp_uid\nimp_1\nimp_2\n") == [(2, "imp_1"), (3, "imp_2")]
    with pytest.raises(InvalidRequest):
        naver_orders.read_file(b"imp_uid,amount\nimp_1,3\n")


def test_a_list_goes_without_a_second_person(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    (uid,) = orders(desk, 1)
    assert (dry(desk, [uid]).for_two, dry(desk, [uid]).amount) == (False, 10_000)
