"""`jangbu key`: deleted for good, and only where nothing is booked; a subscription is ended in two steps."""

import time

import pytest

from services.clock import DAY
from services.sandbox.faults import Fault, Plan, calls
from tests.worlds.commands import Ended, Shop
from tests.worlds.operations.gate import put_booking

WHY = ("--reason", "회원 탈퇴", "--requester", "customer")


def key_of(shop: Shop, booked: int) -> str:
    """A new Naver Pay key with so many payments booked on it."""
    world = shop.sandbox.world
    pattern = next(key for key in world.billing_keys.values() if key["pg_provider"] == "naverpay")
    world.billing_keys["own"] = pattern | {"customer_uid": "own"}
    for number in range(booked):
        put_booking(shop.sandbox, f"own{number}", "own", time.time() + (number + 1) * 40 * DAY)
    return "own"


def revoked(shop: Shop) -> set[str]:
    """Order numbers that stand revoked at the gateway."""
    return {order for order, row in shop.sandbox.world.schedules.items() if row["schedule_status"] == "revoked"}


def run(shop: Shop, what: str, uid: str, *more: str) -> Ended:
    return shop.run("key", what, uid, *WHY, "--json", *more)


@pytest.mark.parametrize("missing", ["--reason", "--requester"])
@pytest.mark.parametrize("what", ["delete", "end"])
def test_who_asked_and_why_have_no_default(shop: Shop, what: str, missing: str) -> None:
    words = list(WHY)
    del words[words.index(missing) : words.index(missing) + 2]
    ended = shop.run("key", what, key_of(shop, 0), *words)
    assert (ended.status, missing in ended.stderr) == (1, True)
    assert "own" in shop.sandbox.world.billing_keys


def test_a_key_with_two_booked_payments_is_not_deleted(shop: Shop) -> None:
    ended = run(shop, "delete", key_of(shop, 2))
    said = "2 payments are booked on it: revoke them first, or end the subscription."
    assert (ended.status, ended.told) == (1, {"error": said})
    assert said in ended.stderr
    assert "own" in shop.sandbox.world.billing_keys


def test_a_key_is_deleted_and_told_as_one_object(shop: Shop) -> None:
    ended = run(shop, "delete", key_of(shop, 0))
    assert (ended.status, ended.told["state"], ended.told["customer_uid"]) == (0, "succeeded", "own")
    assert "own" not in shop.sandbox.world.billing_keys
    again = run(shop, "delete", "own")
    assert (again.status, again.told["operation"]) == (0, 1)


def test_one_that_is_gone_is_said(shop: Shop) -> None:
    ended = run(shop, "delete", "nobody")
    assert ended.status == 1
    assert "This billing key is gone" in ended.told["error"]
    assert "This billing key is gone" in ended.stderr


def test_ending_a_subscription_lists_and_cancels_exactly_what_is_booked_and_deletes_the_key(shop: Shop) -> None:
    before = revoked(shop)
    ended = run(shop, "end", key_of(shop, 2))
    assert (ended.status, ended.told["operation"], ended.told["after"], ended.told["state"]) == (0, 2, 1, "succeeded")
    assert [f"own{number} ·" in ended.stderr for number in range(2)] == [True, True]
    assert revoked(shop) == before | {"own0", "own1"}
    assert "own" not in shop.sandbox.world.billing_keys


def test_killed_between_the_two_steps_the_same_command_finishes(shop: Shop) -> None:
    before, uid = revoked(shop), key_of(shop, 2)
    shop.sandbox.plans = [Plan(Fault.SLOW, picks=calls("DELETE", "/subscribe/customers"), seconds=30)]
    running = shop.start("key", "end", uid, *WHY)
    shop.until(lambda: "own1" in revoked(shop))
    running.kill()
    assert uid in shop.sandbox.world.billing_keys
    shop.sandbox.plans = []
    ended = run(shop, "end", uid)
    assert (ended.status, ended.told["operation"], ended.told["state"]) == (0, 2, "succeeded")
    assert revoked(shop) == before | {"own0", "own1"}
    assert uid not in shop.sandbox.world.billing_keys


def test_while_the_first_step_is_unclear_the_second_waits_and_the_status_says_so(shop: Shop) -> None:
    uid = key_of(shop, 1)
    shop.sandbox.plans = [Plan(Fault.LOST_BEFORE, picks=calls("POST", "/subscribe/payments/unschedule"))]
    ended = run(shop, "end", uid, "--wait", "0")
    assert (ended.status, ended.told["state"]) == (3, "awaiting_approval")
    assert "jangbu operations resolve 1" in ended.stderr
    assert uid in shop.sandbox.world.billing_keys
