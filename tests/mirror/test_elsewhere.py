"""The mirror of a gateway that is not the sandbox: same contract, other choices, same result."""

import random
import time
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.gateway import Gateway
from services.mirror import fresh, pages, schedules
from services.mirror.sync import sync
from tests.worlds.plain_reader import KEY, PAYMENT, REFUND, SCHEDULE, held
from tests.worlds.servers import v1_server
from tests.worlds.servers.v1_server import Row

NOW = int(time.time())


def payments(chance: random.Random, count: int) -> list[Row]:
    found = []
    for number in range(count):
        at, status = (
            NOW - chance.randrange(60, 300 * DAY),
            chance.choice(("ready", "paid", "paid", "cancelled", "failed")),
        )
        row = dict.fromkeys(PAYMENT) | {
            "imp_uid": f"imp_{number:05d}", "merchant_uid": f"order {number // 2}", "status": status, "currency": "KRW",
            "amount": chance.randrange(100, 10**9), "cancel_amount": 0, "started_at": at, "paid_at": 0, "failed_at": 0,
            "cancelled_at": 0, "buyer_name": chance.choice(("홍길동", "이몽룡", None)), "pg_provider": "naverpay",
            "customer_uid": f"key/{number % 40}" if number % 3 == 0 else None, "cancel_history": [],
        }  # fmt: skip
        if status in ("paid", "cancelled"):
            row["paid_at"] = at + 30
        if status == "failed":
            row |= {"failed_at": at + 30, "fail_reason": "한도 초과"}
        if status == "cancelled":
            refund(row, row["amount"], at + 50)
        found.append(row)
    return found


def refund(row: Row, amount: int, at: int) -> None:
    number = len(row["cancel_history"])
    entry = {"cancellation_id": f"c{number}", "pg_tid": "t", "amount": amount, "cancelled_at": at, "reason": "변심"}
    row["cancel_history"].append(entry)
    row["cancel_amount"] += amount
    if row["cancel_amount"] == row["amount"]:
        row |= {"status": "cancelled", "cancelled_at": at}


def booked(chance: random.Random, count: int) -> list[Row]:
    return [
        dict.fromkeys(SCHEDULE)
        | {"merchant_uid": f"s{number}", "customer_uid": f"key/{number % 50}", "amount": 9_900, "currency": "KRW",
           "schedule_at": NOW + chance.randrange(-200, 300) * DAY, "executed_at": 0, "revoked_at": 0,
           "schedule_status": "scheduled"}
        for number in range(count)
    ]  # fmt: skip


def expected(gateway: v1_server.Gateway) -> dict[str, dict[str, Any]]:
    def shape(row: Row) -> Row:
        refunds = [{name: one[name] for name in REFUND} for one in row["cancel_history"]]
        return {name: row[name] for name in PAYMENT} | {"refunds": refunds}

    return {
        "payments": {row["imp_uid"]: shape(row) for row in gateway.payments},
        "schedules": {row["merchant_uid"]: row for row in gateway.schedules},
        "billing_keys": gateway.keys,
    }


@pytest.mark.parametrize("small", [True, False])
def test_the_mirror_equals_a_gateway_of_other_but_legal_choices(
    store: Engine, small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if small:
        for module, name, size in ((pages, "PAGE", 50), (fresh, "_LOOK", 7), (schedules, "PAGE", 20)):
            monkeypatch.setattr(module, name, size)
    chance = random.Random(5)
    keys = [dict.fromkeys(KEY) | {"customer_uid": f"key/{number}", "card_name": "카드"} for number in range(45)]
    gateway = v1_server.Gateway(payments(chance, 600), booked(chance, 300), keys, lambda: int(time.time()))
    with v1_server.serving(gateway) as address:
        client = Gateway(address, v1_server.KEY, v1_server.SECRET)
        first = sync(client, store, days=320)
        assert held(store) == expected(gateway)
        assert (first.payments, first.changed, first.schedules) == (600, 600, 300)
        change(gateway, chance)
        sync(client, store, days=320)
        assert held(store) == expected(gateway)
        assert sync(client, store, days=320).changed == 0
        client.close()
    assert gateway.tokens > 1, "tokens must have ended on the way"


def change(gateway: v1_server.Gateway, chance: random.Random) -> None:
    """Refunds in part and in whole, more than one look shows."""
    paid = [row for row in gateway.payments if row["status"] == "paid"]
    for row in chance.sample(paid, 130):
        refund(row, chance.choice((50, row["amount"])), int(time.time()))
        gateway.payments.remove(row)
        gateway.payments.append(row)
