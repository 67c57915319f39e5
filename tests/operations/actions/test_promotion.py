"""Refunds of which the PG gives another amount back than was asked for: a promotion, points, a PG that rounds."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from services.errors import NotShown
from services.mirror.keep import read_again
from services.operations.actions.promotions import discount_of, less_of
from services.operations.journal import journal
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.one import get_payment
from services.store.lists.refunds import search_refunds
from tests.worlds.operations.desk import FINANCE, Desk
from tests.worlds.operations.gate import Giving

CALL = 3
PROMOTION = {"id": "promotion-id-1", "discount": 600}


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    """An order of 6,000 won, of which a promotion paid 600."""
    desk = Desk(sqlite_store)
    own = {"pg_provider": "tosspayments", "pay_method": "card", "promotion": PROMOTION}
    desk.sandbox.add_payment(6_000, imp_uid="imp_p", **own)
    return desk


def giving(desk: Desk, skew: int) -> None:
    """From now on the PG gives that much less than it is asked for."""
    assert isinstance(desk.sandbox.world, Giving)
    desk.sandbox.world.skew = skew


def test_what_the_pg_made_of_it_is_the_refund(desk: Desk) -> None:
    """The case: 2,000 of an order with 10 % off give 1,800 back."""
    number = desk.refund(2_000, imp_uid="imp_p")
    desk.run()
    made = desk.get(number)
    assert (made.state, made.amount, made.refunded, made.cancel_amount) == ("succeeded", 2_000, 1_800, 1_800)
    with reading(desk.engine) as conn:
        row = search_refunds(conn, PaymentFilter(live=Live.ALL)).rows[0]
    assert (row.amount, row.asked, row.operation_id, row.asked_by) == (1_800, 2_000, number, made.asked_by)


def test_the_next_checksum_is_in_the_orders_amount(desk: Desk) -> None:
    """The vendor's guide: 20,000 with 10 % off, 10,000 refunded (9,000 back); the next checksum is 10,000."""
    desk.refund(2_000, imp_uid="imp_p")
    desk.run()
    with reading(desk.engine) as conn:
        payment = get_payment(conn, "imp_p")
        assert payment is not None
        less = less_of(conn, payment)
    assert (discount_of(payment), payment.amount - payment.cancel_amount - less) == (600, 4_000)
    number = desk.refund(4_000, imp_uid="imp_p", token="t2", balance=4_000, less=less)
    desk.run()
    assert [json.loads(body)["checksum"] for body in desk.bodies] == [6_000, 4_000]
    made = desk.get(number)
    assert (made.state, made.refunded, made.cancel_amount) == ("succeeded", 3_600, 5_400)
    assert desk.sandbox.payments["imp_p"]["status"] == "cancelled"


@pytest.mark.parametrize("skew", [1, 200, -30])
def test_any_pg_may_give_a_little_less_or_more(desk: Desk, skew: int) -> None:
    giving(desk, skew)
    number = desk.refund(4_000)
    desk.run()
    assert (desk.get(number).state, desk.get(number).refunded) == ("succeeded", 4_000 - skew)
    # Without a promotion what V1 shows as left is what its checksum counts.
    desk.refund(1_000, token="t2")
    desk.run()
    assert json.loads(desk.bodies[-1])["checksum"] == 6_000 + skew


def test_lost_and_read_back_it_is_known_by_its_reason_and_its_time(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store, {CALL: Fault.LOST_AFTER})
    giving(desk, 200)
    number = desk.refund(4_000)
    desk.run(10)
    made = desk.get(number)
    assert (made.state, made.refunded, [made.cancellation_id]) == ("succeeded", 3_800, desk.made(number))


@pytest.mark.parametrize(
    ("reason", "amounts", "later"),
    [
        ("콘솔에서 환불", [3_800], 0),  # another reason
        ("단순 변심", [3_800, 2_500], 0),  # two with ours
        ("단순 변심", [3_800], 600),  # with ours, long after
    ],
)
def test_what_the_console_refunded_is_not_taken_for_ours(
    sqlite_store: Engine, reason: str, amounts: list[int], later: int
) -> None:
    desk = Desk(sqlite_store, {CALL: Fault.LOST_BEFORE})
    number = desk.refund(4_000)
    desk.run()
    desk.wait(later)
    for amount in amounts:
        desk.sandbox.refund("imp_0", amount, reason)
    desk.run(1_500, every=60)
    assert (desk.get(number).state, desk.get(number).cancellation_id) == ("needs_person", None)


def test_paypals_new_entry_of_another_amount_is_not_ours_yet(desk: Desk) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_pp", pg_provider="paypal_v2", pay_method="paypal", currency="KRW")
    giving(desk, 200)
    number = desk.refund(4_000, imp_uid="imp_pp")
    desk.executor.turn()
    assert (desk.get(number).state, desk.get(number).why) == ("unknown", Why.STILL_PENDING)


def lost_and_shortened(engine: Engine) -> tuple[Desk, int]:
    """A refund that gave less back, whose answer was lost, at a PG that keeps two letters of a reason."""
    desk = Desk(engine, {CALL: Fault.LOST_AFTER})
    desk.gate.keeps = 2
    giving(desk, 200)
    number = desk.refund(4_000)
    desk.run(1_500, every=60)
    assert desk.get(number).state == "needs_person"
    return desk, number


def test_done_by_a_person_ties_it_too(sqlite_store: Engine) -> None:
    desk, number = lost_and_shortened(sqlite_store)
    desk.executor.settle_done(number, FINANCE, "콘솔에서 확인")
    made = desk.get(number)
    assert ([made.cancellation_id], made.refunded) == (desk.made(number), 3_800)


def test_done_by_a_person_ties_it_from_the_mirror_where_the_gateway_is_not_asked(sqlite_store: Engine) -> None:
    desk, number = lost_and_shortened(sqlite_store)
    read_again(desk.executor.gateway, desk.engine, "imp_0")
    journal.settle(desk.engine, number, FINANCE, done=True, note="확인", now=desk.times.ours())
    made = desk.get(number)
    assert ([made.cancellation_id], made.refunded) == (desk.made(number), 3_800)


def test_done_by_a_person_does_not_tie_what_may_be_the_consoles(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store, {CALL: Fault.LOST_BEFORE})
    number = desk.refund(4_000)
    desk.run(1_500, every=60)
    desk.sandbox.refund("imp_0", 3_800, "콘솔에서 환불")
    with pytest.raises(NotShown):
        desk.executor.settle_done(number, FINANCE, "?")


@pytest.mark.parametrize(
    ("extra", "discount"),
    [
        ({"promotion": PROMOTION}, 600),
        ({"promotion": {"id": "x", "discount": "600"}}, 600),
        ({"promotion": {"id": "x"}}, 0),
        ({"promotion": {"id": "x", "discount": "ten"}}, 0),
        ({"promotion": None}, None),
        ({"promotion": "yes"}, None),
        ({"other": 1}, None),
        (None, None),
    ],
)
def test_a_promotion_is_read_from_what_v1_says(desk: Desk, extra: Any, discount: int | None) -> None:
    assert discount_of(desk.payment(extra=json.dumps(extra) if extra else None)) == discount
