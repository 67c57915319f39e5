"""Cards that were refused, points too, and paid after all: told like a billing key's charge, and only if it is ours."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from services.mirror.keep import read_again
from services.store.engine import reading
from services.store.lists.operations import count_needing_person
from services.store.writes.late_payments import late_of, late_payments
from tests.operations.cards.desks import BROKE, UNSURE, card, charge
from tests.operations.identity.desks import pay, peopled
from tests.worlds.operations.desk import Desk

LIMIT = "[한도초과] 카드 이용한도를 초과하였습니다."


@pytest.fixture
def desk(store: Engine) -> Desk:
    return peopled(Desk(store))


def turn_paid(desk: Desk, imp_uid: str) -> None:
    """The PG has thought better of it, and the mirror sees it."""
    paid = {"status": "paid", "paid_at": int(desk.times.at), "failed_at": 0, "fail_reason": None}
    desk.sandbox.world.put_payment(desk.sandbox.payments[imp_uid] | paid)
    seen(desk, imp_uid)


def seen(desk: Desk, imp_uid: str) -> None:
    desk.wait(1)
    read_again(desk.executor.gateway, desk.engine, imp_uid)


def told_late(desk: Desk) -> list[tuple[int, str]]:
    with reading(desk.engine) as conn:
        return [(one.operation_id, one.imp_uid) for one in late_payments(conn)]


@pytest.mark.parametrize(("uid", "order"), [("", ""), ("", "PHONE-1"), ("phone1", "")])
def test_a_refused_card_that_is_paid_after_all_waits_for_a_person(desk: Desk, uid: str, order: str) -> None:
    number = charge(desk, of=card(BROKE), customer_uid=uid, merchant_uid=order)
    desk.run()
    refused = desk.get(number)
    assert (refused.state, refused.message, told_late(desk)) == ("refused", LIMIT, [])
    imp_uid = refused.imp_uid or next(one for one in desk.sandbox.payments if one.startswith("imp_9"))
    turn_paid(desk, imp_uid)
    with reading(desk.engine) as conn:
        late = late_of(conn, number)
        assert late is not None
        assert (late.imp_uid, late.amount, late.customer_uid, late.said) == (imp_uid, 60_000, uid, LIMIT)
        assert count_needing_person(conn) == 1


@pytest.mark.parametrize("ask", [lambda desk: charge(desk, of=card(UNSURE)), lambda desk: pay(desk, password="?")])
def test_one_that_left_no_payment_is_found_by_the_order_number_made_for_it(
    desk: Desk, ask: Callable[[Desk], int]
) -> None:
    number = ask(desk)
    desk.run()
    refused = desk.get(number)
    assert (refused.state, refused.imp_uid) == ("refused", None)
    desk.sandbox.add_payment(9_900, imp_uid="imp_after", merchant_uid=refused.merchant_uid, status="paid",
                             paid_at=int(desk.times.at))  # fmt: skip
    seen(desk, "imp_after")
    assert told_late(desk) == [(number, "imp_after")]


@pytest.mark.parametrize("how", [{"channel": "mobile"}, {"channel": "api", "amount": 50_000}])
def test_what_was_paid_otherwise_under_the_shops_order_number_is_not_the_card(
    desk: Desk, how: dict[str, int | str]
) -> None:
    number = charge(desk, of=card(UNSURE), merchant_uid="PHONE-1")
    desk.run()
    assert desk.get(number).state == "refused"
    fields = {"amount": 60_000, "status": "paid", "paid_at": int(desk.times.at)} | how
    desk.sandbox.add_payment(imp_uid="imp_other", merchant_uid="PHONE-1", **fields)
    seen(desk, "imp_other")
    assert told_late(desk) == []
