"""A backup put back: cards that were charged and points that paid since stand in the journal again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.operations.journal.replay import differing
from services.operations.journal.states import Why
from services.store.engine import reading
from services.store.sql import read_all, table
from services.tables.journal import Operation
from tests.operations.cards.desks import charge
from tests.operations.identity.desks import pay, peopled
from tests.operations.journal.test_restored_naver import copied, put_back
from tests.worlds.operations.desk import Desk

Ask = Callable[[Desk], int]


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    return peopled(Desk(sqlite_store))


def operations(desk: Desk) -> list[Operation]:
    with reading(desk.engine) as conn:
        assert list(differing(conn)) == []
        return read_all(conn, Operation, table(Operation).select().order_by(table(Operation).c.id))


def kept_as_key(desk: Desk) -> int:
    return charge(desk, customer_uid="phone1")


@pytest.mark.parametrize(
    ("ask", "kind", "amount", "end"),
    [
        (charge, "card_charge", 60_000, "1234"),
        (kept_as_key, "card_charge", 60_000, "1234"),
        (pay, "benepia_payment", 9_900, None),
    ],
)
def test_what_was_paid_since_the_backup_is_found_by_its_order_number(
    desk: Desk, tmp_path: Path, ask: Ask, kind: str, amount: int, end: str | None
) -> None:
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    number = ask(desk)
    desk.run()
    made = desk.get(number)
    put_back(desk, kept, read=[made.imp_uid or ""], found=1)
    (found,) = operations(desk)
    assert (found.kind, found.state, found.why, found.asked_from) == (kind, "succeeded", Why.FOUND, "gateway")
    assert (found.subject, found.merchant_uid, found.customer_uid, found.imp_uid, found.amount) == (
        made.subject, made.merchant_uid, made.customer_uid, made.imp_uid, amount,
    )  # fmt: skip
    assert json.loads(found.request).get("card_end") == end


@pytest.mark.parametrize("ask", [charge, pay])
def test_what_waited_in_the_backup_and_was_paid_since_is_settled(desk: Desk, tmp_path: Path, ask: Ask) -> None:
    number = ask(desk)
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    desk.run()
    imp_uid = desk.get(number).imp_uid or ""
    put_back(desk, kept, read=[imp_uid], found=1)
    desk.run()
    (one,) = operations(desk)
    assert (one.id, one.state, one.imp_uid, desk.gate.posts) == (number, "succeeded", imp_uid, 1)


def test_of_two_payments_under_one_order_number_the_first_settles_what_waited(desk: Desk, tmp_path: Path) -> None:
    number = charge(desk)
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    desk.run()
    made = desk.get(number)
    second = {"merchant_uid": made.merchant_uid, "status": "cancelled", "paid_at": int(desk.times.at) + 60}
    desk.sandbox.add_payment(made.amount, imp_uid="imp_second", pay_method="card", channel="api", **second)
    put_back(desk, kept, read=["imp_second", made.imp_uid or ""], found=1)
    (one,) = operations(desk)
    assert (one.state, one.imp_uid) == ("succeeded", made.imp_uid)


def test_what_buyers_paid_under_numbers_like_ours_is_not_taken_for_ours(desk: Desk, tmp_path: Path) -> None:
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    charge(desk)
    desk.run()
    orders = {"imp_window": f"C{'1' * 24}", "imp_kcp": f"J{'1' * 24}", "imp_other": f"C{'2' * 23}"}
    for imp_uid, order in orders.items():
        desk.sandbox.add_payment(9_900, imp_uid=imp_uid, merchant_uid=order, pg_provider="kcp", pay_method="card",
                                 channel="mobile", status="paid", paid_at=int(desk.times.at))  # fmt: skip
    put_back(desk, kept, read=list(orders))
    assert operations(desk) == []
