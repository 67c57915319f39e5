"""Webhooks: which events are told, where, when and how often."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from services.sandbox.window.switches import Switches, Webhook
from tests.sandbox.window.windows import Shop, naver_key, naver_payment, open_shop, opened, press, query_of
from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as found:
        yield found


def telling(shop: Shop, **more: Any) -> Caller:
    return make_caller(10, switches=Switches(webhook_url=f"{shop.url}/hook", **({"webhook_after": 0} | more)))


def pay(caller: Caller, order: str = "order-1", webhook: str = "after", act: str = "approve", **more: Any) -> str:
    found = opened(caller, naver_payment(order, **more))
    return query_of(press(caller, found, act, webhook=webhook, words="x", seconds=0))["imp_uid"]


def nothing_more(caller: Caller, shop: Shop, count: int) -> None:
    """They go out one after another: the next one shows that none came between."""
    last = caller.sandbox.add_payment(1_000)
    assert shop.wait_for(count + 1)[count]["imp_uid"] == last["imp_uid"]


def test_a_payment_is_told_as_json_or_as_a_form(shop: Shop) -> None:
    for form, kind in ((False, "application/json"), (True, "application/x-www-form-urlencoded")):
        imp_uid = pay(telling(shop, webhook_form=form))
        told = {"imp_uid": imp_uid, "merchant_uid": "order-1", "status": "paid"}
        assert shop.wait_for(1) == [told]
        assert shop.heard.pop()[:2] == ("/hook", kind)


def test_a_payments_own_addresses_take_the_place_of_the_consoles(shop: Shop) -> None:
    caller = telling(shop)
    own = [f"{shop.url}/one", f"{shop.url}/two"]
    imp_uid = pay(caller, notice_url=own)
    shop.wait_for(2)
    assert {path for path, _kind, _body in shop.heard} == {"/one", "/two"}
    caller.sandbox.refund(imp_uid, 1_000, "콘솔에서 취소")
    shop.wait_for(4)
    assert {path for path, _kind, _body in shop.heard[2:]} == {"/one", "/two"}
    body = {"customer_uid": "member-1", "merchant_uid": "c-1", "amount": 9_900, "name": "구독"}
    press(caller, opened(caller, naver_key()), "approve")
    caller.post("/subscribe/payments/again", body | {"notice_url": f"{shop.url}/three"})
    shop.wait_for(5)
    assert shop.heard[4][0] == "/three"


def test_it_comes_before_the_browser_returns_twice_or_never(shop: Shop) -> None:
    caller = telling(shop)
    pay(caller, "before", "before")
    assert [body["merchant_uid"] for _path, _kind, body in shop.heard] == ["before"]
    pay(caller, "never", "never")
    pay(caller, "twice", "twice")
    assert [body["merchant_uid"] for body in shop.wait_for(3)] == ["before", "twice", "twice"]


def test_after_is_after_the_browser_has_its_answer(shop: Shop) -> None:
    pay(telling(shop, webhook_after=0.5))
    assert not shop.heard
    shop.wait_for(1)


def test_what_fails_in_the_window_is_not_told(shop: Shop) -> None:
    caller = telling(shop)
    pay(caller, "o-1", act="cancel")
    pay(caller, "o-2", act="fail")
    opened(caller, naver_payment("o-3"))
    query_of(press(caller, opened(caller, naver_key()), "approve"))
    nothing_more(caller, shop, 0)


def test_a_registration_is_told_where_it_is_switched_on(shop: Shop) -> None:
    caller = telling(shop, registration_webhook=True)
    press(caller, opened(caller, naver_key("r-1")), "approve")
    assert shop.wait_for(1)[0]["merchant_uid"] == "r-1"


def test_a_late_approval_is_told_by_itself(shop: Shop) -> None:
    caller = telling(shop)
    imp_uid = pay(caller, act="late")
    assert shop.wait_for(1) == [{"imp_uid": imp_uid, "merchant_uid": "order-1", "status": "paid"}]


def test_refunds_of_the_console_are_told_and_those_of_the_api_where_they_ask_for_it(shop: Shop) -> None:
    caller = telling(shop)
    imp_uid = pay(caller, webhook="before")
    row = caller.sandbox.refund(imp_uid, 1_000, "콘솔에서 취소")
    told = {"imp_uid": imp_uid, "merchant_uid": "order-1", "status": "cancelled"}
    told["cancellation_id"] = row["cancel_history"][0]["cancellation_id"]
    assert shop.wait_for(2)[1] == told
    body = {"imp_uid": imp_uid, "amount": 1_000, "reason": "변심", "extra": {"requester": "customer"}}
    assert caller.post("/payments/cancel", body)[1] == 0
    history = caller.post("/payments/cancel", body | {"enable_webhook": True})[3]["cancel_history"]
    assert shop.wait_for(3)[2]["cancellation_id"] == history[2]["cancellation_id"]


def test_schedules_are_told_whether_they_are_paid_or_fail(shop: Shop) -> None:
    caller = telling(shop)
    press(caller, opened(caller, naver_key()), "approve")
    entries = [
        {"merchant_uid": order, "schedule_at": UNTIL + day * DAY, "amount": 9_900, "name": "구독"}
        for day, order in enumerate(("s-1", "s-2"), 1)
    ]
    assert caller.post("/subscribe/payments/schedule", {"customer_uid": "member-1", "schedules": entries})[1] == 0
    caller.clock.at += DAY
    caller.sandbox.tick()
    caller.world.broken_keys["member-1"] = "[잔액부족] 출금 가능 잔액이 부족합니다."
    caller.clock.at += DAY
    caller.sandbox.tick()
    told = [(body["merchant_uid"], body["status"]) for body in shop.wait_for(2)]
    assert told == [("s-1", "paid"), ("s-2", "failed")]


def test_a_virtual_account_is_told_when_it_is_issued_and_when_it_is_paid(shop: Shop) -> None:
    caller = telling(shop)
    asked = {"channelKey": "channel-key-tosspayments-payment", "pay_method": "vbank", "merchant_uid": "v-1"}
    found = opened(caller, asked | {"name": "사과", "amount": 1_000})
    press(caller, found, "approve", webhook="before")
    caller.sandbox.deposit(found["window"].removeprefix("/window/"))
    assert [body["status"] for body in shop.wait_for(2)] == ["ready", "paid"]


@pytest.mark.parametrize(
    ("status", "repeats", "posts"),
    [(500, 0, 1), (404, 5, 1), (503, 5, 6), (200, 5, 1)],
)
def test_only_what_met_an_error_of_the_shop_is_repeated_and_only_where_switched_on(
    shop: Shop, status: int, repeats: int, posts: int
) -> None:
    shop.answers["/hook"] = (status, b"")
    caller = telling(shop, webhook_repeats=repeats, webhook_repeat_after=0.01)
    pay(caller)
    shop.wait_for(posts)
    time.sleep(0.1)
    nothing_more(caller, shop, posts)


def test_a_shop_that_is_not_there_is_status_0(shop: Shop) -> None:
    caller = make_caller(10, switches=Switches(webhook_url="http://127.0.0.1:1/hook", webhook=Webhook.BEFORE))
    press(caller, opened(caller, naver_payment()), "approve")
    assert [delivery.status for delivery in caller.sandbox.webhooks.log] == [0]


def test_the_consoles_test_call_names_what_does_not_exist(shop: Shop) -> None:
    caller = telling(shop)
    assert caller.sandbox.webhooks.test().status == 200
    assert caller.get(f"/payments/{shop.heard[0][2]['imp_uid']}")[0] == 404
