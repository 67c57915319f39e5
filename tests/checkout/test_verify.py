"""What was paid under a link counts only when it was read back, and only where it is what was asked for."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from services.checkout import attempts, checkouts
from services.checkout.amount import register_amount
from services.checkout.loop import tidy, turn
from services.checkout.policy import ALTERED, CHECKOUT, SURPLUS, Refunds
from services.checkout.verify import verify
from services.gateway import Gateway
from services.mirror.keep import read_again
from services.operations.executor import Executor
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading, writing
from services.store.sql import read_all, table
from services.tables.checkouts import AttemptState, Checkout, CheckoutState
from services.tables.journal import Operation, OperationState
from tests.checkout.conftest import SUPPORT, Made, begun


class Shop:
    """A link's life with the gateway played by its sandbox."""

    def __init__(self, store: Engine, gateway: Gateway, sandbox: Sandbox, now: float) -> None:
        self.store, self.gateway, self.sandbox, self.now = store, gateway, sandbox, now

    def order(self, link: Checkout) -> str:
        return begun(self.store, link, self.now).merchant_uid

    def paid(self, order: str, amount: int = 12_000, **fields: Any) -> str:
        about = {"pg_provider": "naverpay", "pay_method": "naverpay", "merchant_uid": order} | fields
        return str(self.sandbox.add_payment(amount, **about)["imp_uid"])

    def read(self, order: str, imp_uid: str = "", refunds: Refunds | None = None) -> str:
        found = verify(self.gateway, self.store, order, self.now, imp_uid=imp_uid, refunds=refunds or Refunds())
        assert found is not None
        return found.state

    def key(self, uid: str) -> dict[str, Any]:
        known = next(iter(self.sandbox.world.billing_keys.values()))
        return known | {"customer_uid": uid, "pg_provider": "naverpay", "pg_id": "np_jangbu00001"}

    def link(self, link: Checkout) -> Checkout:
        with reading(self.store) as conn:
            return checkouts.get(conn, link.id)

    def operations(self) -> list[Operation]:
        with reading(self.store) as conn:
            return read_all(conn, Operation, select(table(Operation)).order_by(table(Operation).c.id))

    def carry_out(self) -> None:
        Executor(self.store, self.gateway, lambda _operation: True).turn()


@pytest.fixture
def shop(store: Engine, gateway: Gateway, sandbox: Sandbox, now: float) -> Shop:
    return Shop(store, gateway, sandbox, now)


def test_what_was_asked_for_and_paid_ends_the_link(shop: Shop, made: Made) -> None:
    link = made()
    order = shop.order(link)
    imp_uid = shop.paid(order)
    assert shop.read(order, imp_uid) == AttemptState.PAID
    assert shop.read(order, imp_uid) == AttemptState.PAID
    assert (shop.link(link).state, shop.link(link).used) == (CheckoutState.PAID, 1)
    assert shop.operations() == []


def test_an_order_is_found_without_the_id_of_its_payment(shop: Shop, made: Made) -> None:
    order = shop.order(made())
    shop.paid(order)
    assert shop.read(order) == AttemptState.PAID


def test_the_id_of_somebody_elses_payment_pays_nothing(shop: Shop, made: Made) -> None:
    first, second = shop.order(made()), shop.order(made())
    imp_uid = shop.paid(first)
    assert shop.read(second, imp_uid) == AttemptState.STARTED


@pytest.mark.parametrize(("amount", "currency"), [(11_999, "KRW"), (12_001, "KRW"), (100, "KRW")])
def test_an_altered_amount_goes_back_whole_and_the_link_is_closed(
    shop: Shop, made: Made, amount: int, currency: str
) -> None:
    link = made()
    order = shop.order(link)
    imp_uid = shop.paid(order, amount, currency=currency)
    assert shop.read(order, imp_uid) == AttemptState.MISMATCH
    assert shop.read(order, imp_uid) == AttemptState.MISMATCH
    shop.carry_out()
    [refund] = shop.operations()
    assert (refund.imp_uid, refund.amount, refund.reason, refund.asked_from) == (imp_uid, amount, ALTERED, CHECKOUT)
    assert refund.state == OperationState.SUCCEEDED
    assert shop.sandbox.payments[imp_uid]["cancel_amount"] == amount
    assert (shop.link(link).state, shop.link(link).used) == (CheckoutState.MISMATCH, 0)


@pytest.mark.parametrize("strange", [{"sandbox": True}, {"pg_provider": "kakaopay", "pay_method": "kakaopay"}])
def test_another_mode_or_channel_waits_for_a_person(shop: Shop, made: Made, strange: dict[str, Any]) -> None:
    link = made()
    order = shop.order(link)
    assert shop.read(order, shop.paid(order, **strange)) == AttemptState.MISMATCH
    assert shop.operations() == []
    # It is this order that is strange: who pays as was asked may.
    second = shop.order(link)
    assert shop.read(second, shop.paid(second)) == AttemptState.PAID


def test_of_two_payments_of_a_link_one_stands_and_the_other_goes_back(shop: Shop, made: Made) -> None:
    link = made()
    first, second = shop.order(link), shop.order(link)
    one, other = shop.paid(first), shop.paid(second)
    assert shop.read(second, other) == AttemptState.PAID
    assert shop.read(first, one) == AttemptState.SURPLUS
    shop.carry_out()
    assert [(it.imp_uid, it.amount, it.reason) for it in shop.operations()] == [(one, 12_000, SURPLUS)]
    assert (shop.sandbox.payments[one]["cancel_amount"], shop.sandbox.payments[other]["cancel_amount"]) == (12_000, 0)


def test_a_person_says_yes_first_where_that_is_set(shop: Shop, made: Made) -> None:
    order = shop.order(made())
    shop.read(order, shop.paid(order, 100), Refunds(wait_for_person=True))
    assert [it.state for it in shop.operations()] == [OperationState.AWAITING_APPROVAL]


def test_what_is_paid_after_the_withdrawal_goes_back(shop: Shop, made: Made) -> None:
    link = made()
    order = shop.order(link)
    with writing(shop.store) as conn:
        checkouts.withdraw(conn, link.id, SUPPORT, shop.now)
    assert shop.read(order, shop.paid(order)) == AttemptState.SURPLUS
    assert shop.link(link).state == CheckoutState.WITHDRAWN


def test_who_began_in_time_may_pay_after_the_end(shop: Shop, made: Made) -> None:
    link = made()
    order = shop.order(link)
    with writing(shop.store) as conn:
        checkouts.expire(conn, link.expires_at)
    assert shop.read(order, shop.paid(order)) == AttemptState.PAID
    assert shop.link(link).state == CheckoutState.PAID


def test_a_failure_keeps_the_gateways_words_and_may_be_tried_again(shop: Shop, made: Made) -> None:
    link, words = made(), "  <b>한도 초과</b>  [E-01] "
    order = shop.order(link)
    now = int(shop.now)
    shop.paid(order, status="failed", failed_at=now, fail_reason=words)
    assert shop.read(order) == AttemptState.FAILED
    with reading(shop.store) as conn:
        attempt = attempts.get(conn, order)
    assert attempt is not None
    assert attempt.fail_reason == words
    assert checkouts.may_open(shop.link(link), shop.now)


def test_a_closed_tab_is_found_by_looking(shop: Shop, made: Made) -> None:
    link = made()
    order = shop.order(link)
    shop.paid(order)
    assert turn(shop.gateway, shop.store, shop.now + 19, Refunds()) == 0
    assert turn(shop.gateway, shop.store, shop.now + 20, Refunds()) == 1
    assert shop.link(link).state == CheckoutState.PAID
    assert turn(shop.gateway, shop.store, shop.now + 100_000, Refunds()) == 0


def test_an_order_that_nobody_pays_is_looked_at_ever_less(shop: Shop, made: Made) -> None:
    shop.order(made(expires_at=int(shop.now) + 10 * 86_400))
    times = [*range(0, 7_200, 20), *range(7_200, 3 * 86_400, 1_800)]
    looked = [at for at in times if turn(shop.gateway, shop.store, shop.now + at, Refunds())]
    assert len(looked) == 7
    assert all(later - at > before for before, at, later in zip(looked, looked[1:], looked[2:], strict=False))


def test_a_key_registered_at_naver_moves_no_money(shop: Shop, made: Made) -> None:
    link = made(customer_uid="member_77", amount=1_000)
    order = shop.order(link)
    imp_uid = shop.paid(order, 1_000, customer_uid="member_77", customer_uid_usage="issue")
    # A payment that says so is not enough: the key has to be there.
    assert shop.read(order, imp_uid) == AttemptState.CHECKING
    shop.sandbox.world.billing_keys["member_77"] = shop.key("member_77")
    assert shop.read(order, imp_uid) == AttemptState.REGISTERED
    assert shop.link(link).state == CheckoutState.REGISTERED
    assert shop.operations() == []


def test_another_key_than_was_asked_for_waits_for_a_person(shop: Shop, made: Made) -> None:
    link = made(customer_uid="member_77", amount=1_000)
    order = shop.order(link)
    imp_uid = shop.paid(order, 1_000, customer_uid="member_78", customer_uid_usage="issue")
    assert shop.read(order, imp_uid) == AttemptState.MISMATCH
    assert shop.operations() == []


def test_the_amount_is_registered_before_the_window_opens(shop: Shop, made: Made) -> None:
    link = made()
    order = shop.order(link)
    register_amount(shop.gateway, order, link)
    register_amount(shop.gateway, order, link)
    assert shop.sandbox.world.prepared[order] == {"merchant_uid": order, "amount": 12_000, "currency": "KRW"}
    shop.sandbox.world.prepared[order]["amount"] = 1
    register_amount(shop.gateway, order, link)
    assert shop.sandbox.world.prepared[order]["amount"] == 12_000


def test_a_refund_that_ended_unsent_is_asked_for_again(shop: Shop, made: Made) -> None:
    order = shop.order(made())
    imp_uid = shop.paid(order, 100)
    shop.read(order, imp_uid)
    late = shop.now + 700
    Executor(shop.store, shop.gateway, lambda _operation: True, clock=lambda: late).turn()
    assert [it.state for it in shop.operations()] == [OperationState.EXPIRED]
    verify(shop.gateway, shop.store, order, late, refunds=Refunds())
    Executor(shop.store, shop.gateway, lambda _operation: True, clock=lambda: late).turn()
    assert [it.state for it in shop.operations()] == [OperationState.EXPIRED, OperationState.SUCCEEDED]
    assert shop.sandbox.payments[imp_uid]["cancel_amount"] == 100


def test_what_cannot_be_refunded_keeps_no_other_order_waiting(shop: Shop, made: Made) -> None:
    """A key registered twice took no money: there is nothing to give back."""
    twice, other = made(customer_uid="member_77", amount=1_000), made()
    fields = {"customer_uid": "member_77", "customer_uid_usage": "issue"}
    for order in [shop.order(twice), shop.order(twice)]:
        shop.sandbox.world.billing_keys["member_77"] = shop.key("member_77")
        shop.paid(order, 1_000, **fields)
    paid = shop.order(other)
    shop.paid(paid)
    turn(shop.gateway, shop.store, shop.now + 20, Refunds())
    assert shop.link(other).state == CheckoutState.PAID
    assert shop.link(twice).state == CheckoutState.REGISTERED
    assert shop.operations() == []


def test_who_reloads_the_page_uses_up_no_looks(shop: Shop, made: Made) -> None:
    link = made()
    order = shop.order(link)
    for _ in range(20):
        shop.read(order)
    shop.paid(order)
    turn(shop.gateway, shop.store, shop.now + 20, Refunds())
    assert shop.link(link).state == CheckoutState.PAID


def test_what_is_paid_days_later_is_found_by_the_mirror(shop: Shop, made: Made) -> None:
    link = made(expires_at=int(shop.now) + 10 * 86_400)
    order = shop.order(link)
    late = shop.now
    while turn(shop.gateway, shop.store, late := late + 90_000, Refunds()):
        pass
    imp_uid = shop.paid(order)
    read_again(shop.gateway, shop.store, imp_uid)
    tidy(shop.store, late)
    turn(shop.gateway, shop.store, late, Refunds())
    assert shop.link(link).state == CheckoutState.PAID


def test_another_mid_of_the_same_pg_waits_for_a_person(shop: Shop, made: Made) -> None:
    order = shop.order(made())
    assert shop.read(order, shop.paid(order, pg_id="np_other000001")) == AttemptState.MISMATCH
    assert shop.operations() == []
