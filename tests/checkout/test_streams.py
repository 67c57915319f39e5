"""Whatever is said in whatever order, or not at all: the mirror ends as the gateway is, and money moves back only where
something else was paid than was asked for, or a second time."""

import random
import threading
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, select

from services.checkout import checkouts
from services.checkout.loop import turn
from services.checkout.policy import CHECKOUT, Refunds
from services.checkout.verify import verify
from services.checkout.webhooks import Said, take
from services.gateway import Gateway
from services.operations.executor import Executor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.build import build_world
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.sql import read_all, table
from services.tables.checkouts import CheckoutState
from services.tables.journal import Operation
from tests.checkout.conftest import Made, begun
from tests.worlds.seeds import seeds
from tests.worlds.stores import new_store

ASKED = 12_000
NAVER = {"pg_provider": "naverpay", "pay_method": "naverpay"}
STREAMS = seeds(5_000, least=6)
RACES = seeds(200, least=6)


@pytest.fixture
def shop_gateway(now: float) -> tuple[Sandbox, Gateway]:
    sandbox = Sandbox(build_world(3, payments=5, days=10, until=int(now)))
    return sandbox, Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    """One database: what both make of the statements is shown by the other tests."""
    return new_store(tmp_path / "streams.db")


def operations(store: Engine) -> list[Operation]:
    with reading(store) as conn:
        return read_all(conn, Operation, select(table(Operation)))


def carry_out(store: Engine, gateway: Gateway, now: float) -> None:
    """What the journal holds, at that time."""
    Executor(store, gateway, lambda _operation: True, clock=lambda: now).turn()


def test_shuffled_doubled_forged_and_lost_webhooks_end_where_the_gateway_is(
    store: Engine, shop_gateway: tuple[Sandbox, Gateway], made: Made, now: float
) -> None:
    sandbox, gateway = shop_gateway
    for seed in range(STREAMS):
        chance = random.Random(seed)
        link = made(expires_at=int(now) + 10 * 86_400)
        orders = [begun(store, link, now).merchant_uid for _ in range(chance.randint(1, 3))]
        paid = {}
        for order in orders:
            amount = chance.choice([None, ASKED, ASKED, ASKED, 100])
            if amount:
                paid[sandbox.add_payment(amount, merchant_uid=order, **NAVER)["imp_uid"]] = (order, amount)
        elsewhere = [sandbox.add_payment(5_000)["imp_uid"] for _ in range(2)]
        calls = [Said(uid, chance.choice([order, "", "forged", orders[0]]), chance.choice(["paid", "failed", "x"]))
                 for uid, (order, _amount) in paid.items()]  # fmt: skip
        calls += [Said(uid, "", "paid") for uid in elsewhere]
        calls += [Said(f"imp_forged{seed}_{n}", chance.choice(orders), "paid") for n in range(3)]
        calls = chance.sample(calls, chance.randint(1, len(calls))) * chance.choice([1, 2])
        chance.shuffle(calls)
        at = now
        for said in calls:
            with writing(store) as conn:
                take(conn, said, at)
            if chance.random() < 0.3:
                turn(gateway, store, at, Refunds())
                carry_out(store, gateway, at)
            at += 61
        for wait in (61, 400, 4_000, 90_000):
            turn(gateway, store, at + wait, Refunds())
            carry_out(store, gateway, at + wait)
        right = [uid for uid, (_order, amount) in paid.items() if amount == ASKED]
        held = sorted(sandbox.payments[uid]["amount"] - sandbox.payments[uid]["cancel_amount"] for uid in paid)
        with reading(store) as conn:
            ended = checkouts.get(conn, link.id)
            for uid, (order, _amount) in paid.items():
                known = get_payment(conn, uid)
                assert known is not None, (seed, order)
                assert known.cancel_amount == sandbox.payments[uid]["cancel_amount"], seed
        # One payment stands where any was right; all others went back whole.
        assert held == [0] * (len(paid) - ended.used) + [ASKED] * ended.used, seed
        assert ended.used == min(1, len(right)), seed
        altered = CheckoutState.MISMATCH if paid else CheckoutState.STARTED
        assert ended.state == (CheckoutState.PAID if right else altered), seed
    assert {(one.kind, one.asked_from) for one in operations(store)} <= {("refund", CHECKOUT)}
    assert len({one.imp_uid for one in operations(store)}) == len(operations(store))


def test_two_browsers_that_pay_one_link_at_once_leave_one_payment(
    store: Engine, shop_gateway: tuple[Sandbox, Gateway], made: Made, now: float
) -> None:
    sandbox, gateway = shop_gateway
    for trial in range(RACES):
        link = made()
        orders = [begun(store, link, now).merchant_uid for _ in range(2)]
        paid = [sandbox.add_payment(ASKED, merchant_uid=order, **NAVER)["imp_uid"] for order in orders]
        both = [
            threading.Thread(target=verify, args=(gateway, store, order, now), kwargs={"refunds": Refunds()})
            for order in orders
        ]
        for one in both:
            one.start()
        for one in both:
            one.join()
        carry_out(store, gateway, now)
        left = sorted(sandbox.payments[uid]["amount"] - sandbox.payments[uid]["cancel_amount"] for uid in paid)
        assert left == [0, ASKED], trial
        with reading(store) as conn:
            assert (checkouts.get(conn, link.id).used, checkouts.get(conn, link.id).state) == (1, CheckoutState.PAID)
