"""The made-up merchant: repeatable, plausible, and true to itself."""

from collections import Counter
from decimal import Decimal
from hashlib import sha256

import pytest

from services.sandbox.world.build import build_world
from services.sandbox.world.plans import Cadence, Churn, cycle_start
from services.sandbox.world.world import World
from tests.worlds.sandboxes import DAY, UNTIL


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(1, payments=12_000, until=UNTIL)


def fingerprint(world: World) -> str:
    rows = [world.payments.encoded(uid) for uid in world.payments]
    rows += [world.schedules.encoded(order) for order in world.schedules]
    return sha256(b"".join(rows) + repr((world.billing_keys, world.subscriptions)).encode()).hexdigest()


def test_the_same_arguments_give_the_same_bytes() -> None:
    worlds = [build_world(seed, payments=700, until=UNTIL + 0.5) for seed in (5, 5, 6)]
    assert fingerprint(worlds[0]) == fingerprint(worlds[1])
    assert fingerprint(worlds[0]) != fingerprint(worlds[2])


@pytest.mark.parametrize("count", [1, 2, 10, 333])
def test_a_world_holds_as_many_payments_as_asked_for(count: int) -> None:
    world = build_world(1, payments=count, until=UNTIL)
    assert len(world.payments) == count
    assert "1234qwer" in world.attempts


def test_most_is_naver_pay_and_everything_else_is_there(world: World) -> None:
    rows = list(world.payments.values())
    pgs = Counter(row["pg_provider"] for row in rows)
    assert 0.65 < pgs["naverpay"] / len(rows) < 0.76
    assert pgs.keys() >= {"html5_inicis", "kakaopay", "tosspayments", "nice_v2", "payco", "danal", "paypal_v2"}
    assert Counter(row["status"] for row in rows).keys() == {"ready", "paid", "cancelled", "failed"}
    assert 0.005 < sum(row["sandbox"] for row in rows) / len(rows) < 0.03
    assert {row["currency"] for row in rows} == {"KRW", "USD"}
    assert len({row["buyer_name"] for row in rows}) > 500
    assert len({row["buyer_tel"] for row in rows}) > 1_500


def test_every_amount_and_time_is_consistent(world: World) -> None:
    for row in world.payments.values():
        history = row["cancel_history"]
        assert sum(entry["amount"] for entry in history) == row["cancel_amount"] <= row["amount"]
        assert (row["status"] == "cancelled") == (row["cancel_amount"] == row["amount"])
        assert all(row["paid_at"] < entry["cancelled_at"] < UNTIL for entry in history)
        assert row["started_at"] <= max(row["paid_at"], row["failed_at"], row["started_at"]) <= UNTIL
        assert (row["status"] == "failed") == bool(row["fail_reason"]) == bool(row["failed_at"])
        assert isinstance(row["amount"], int) or (row["currency"] == "USD" and isinstance(row["amount"], Decimal))


def test_there_are_partial_refunds_attempts_and_virtual_accounts(world: World) -> None:
    rows = list(world.payments.values())
    assert sum(row["status"] == "paid" and row["cancel_amount"] > 0 for row in rows) > 50
    assert any(len(row["cancel_history"]) > 1 for row in rows)
    assert sum(len(uids) > 1 for uids in world.attempts.values()) > 100
    assert {row["status"] for row in rows if row["vbank_num"]} >= {"ready", "paid"}


def test_the_payments_of_a_subscription_tell_its_truth(world: World) -> None:
    for truth in world.subscriptions:
        rows = [world.payments[uid] for uid in world.charges[truth.customer_uid]]
        charged = [row for row in rows if row["customer_uid_usage"] != "issue"]
        assert (charged[-1]["name"], charged[-1]["amount"]) == (truth.plan, truth.price)
        booked = [world.schedules[order] for order in world.bookings.get(truth.customer_uid, ())]
        future = [row for row in booked if row["schedule_status"] == "scheduled"]
        if truth.churn is None and charged[-1]["status"] != "failed":
            assert [row["amount"] for row in future] == [truth.price]
        elif truth.churn is not None:
            assert not future
        assert (truth.churn == Churn.KEY_DELETED) == (truth.customer_uid not in world.billing_keys)
        if truth.churn == Churn.FAILED:
            assert truth.customer_uid in world.broken_keys


def test_subscriptions_come_go_fail_recover_and_change(world: World) -> None:
    truths = world.subscriptions
    assert {truth.churn for truth in truths} == {None, *Churn}
    assert sum(truth.recoveries for truth in truths) > 20
    assert sum(bool(truth.prices) for truth in truths) > 20
    assert any(row["customer_uid_usage"] == "issue" for row in world.payments.values())
    assert any(row["schedule_status"] == "revoked" for row in world.schedules.values())


def test_a_monthly_cycle_keeps_its_day_and_falls_back_to_the_last() -> None:
    january_31 = 1_769_785_200  # 2026-01-31 00:00 in Seoul
    assert cycle_start(january_31, Cadence.MONTH, 1) - january_31 == 28 * DAY
    assert cycle_start(january_31, Cadence.MONTH, 2) - january_31 == 59 * DAY
    assert cycle_start(january_31, Cadence.YEAR, 1) - january_31 == 365 * DAY
    assert cycle_start(january_31, Cadence.WEEK, 3) - january_31 == 21 * DAY
