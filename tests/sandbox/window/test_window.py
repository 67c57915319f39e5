"""The buttons of the window: what the shop's page is told, and what V1 answers from then on."""

import html
import json
import re
import threading
from typing import Any

import httpx
import pytest

from services.sandbox.window.pages import FAIL_WORDS
from services.sandbox.window.switches import Switches
from tests.sandbox.window.windows import BACK, NAVER_TEST, naver_key, naver_payment, open_shop, opened, press, query_of
from tests.worlds.sandboxes import UNTIL, Caller, make_caller


@pytest.fixture
def caller() -> Caller:
    return make_caller(10)


def told_of(response: httpx.Response) -> dict[str, Any]:
    """What the window's page tells the one that opened it."""
    found = re.search(r"const told = (.*);", response.text)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def imp_uid_of(found: dict[str, Any]) -> str:
    return str(found["window"]).removeprefix("/window/")


@pytest.mark.parametrize("path", ["/v1/iamport.js", "/js/iamport.payment-1.2.0.js"])
def test_the_sdk_is_at_the_documented_addresses(caller: Caller, path: str) -> None:
    found = caller.http.get(path)
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("text/javascript")


def test_every_shop_may_ask_from_its_page(caller: Caller) -> None:
    asked = caller.http.options("/window", headers={"origin": BACK, "access-control-request-method": "POST"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert asked.headers["access-control-allow-headers"] == "content-type"
    found = caller.http.post("/window", json={})
    assert found.headers["access-control-allow-origin"] == "*"


def test_an_approved_payment_is_what_v1_answers(caller: Caller) -> None:
    asked = naver_payment(custom_data={"table": 7}, tax_free=9_000, buyer_email="hong@example.com")
    found = opened(caller, asked)
    page = caller.http.get(found["window"])
    assert "39,000원" in page.text
    assert "유기농 사과 5kg" in page.text
    back = query_of(press(caller, found, "approve"))
    assert back == {"table": "7", "imp_uid": imp_uid_of(found), "merchant_uid": "order-1"}
    row = caller.get(f"/payments/{back['imp_uid']}")[1]
    expected = {
        "status": "paid", "amount": 39_000, "paid_at": UNTIL, "currency": "KRW", "pg_provider": "naverpay",
        "pay_method": "naverpay", "sandbox": False, "name": "유기농 사과 5kg", "buyer_name": "홍길동", "failed_at": 0,
        "buyer_email": "hong@example.com", "custom_data": '{"table":7}', "customer_uid": None, "channel": "pc",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert caller.get("/payments/status/paid", sorting="-updated", limit=1)[1]["list"] == [row]
    refund = {"imp_uid": row["imp_uid"], "amount": 9_000, "checksum": 39_000, "tax_free": 9_000, "reason": "변심"}
    assert caller.post("/payments/cancel", refund | {"extra": {"requester": "customer"}})[1] == 0
    assert opened(caller, naver_payment())["answer"]["error_code"] == "F1002"


def test_a_test_channel_makes_a_test_payment(caller: Caller) -> None:
    found = opened(caller, naver_payment(channelKey=NAVER_TEST))
    imp_uid = query_of(press(caller, found, "approve"))["imp_uid"]
    assert caller.get(f"/payments/{imp_uid}")[0] == 404
    assert caller.get(f"/payments/{imp_uid}", include_sandbox="true")[1]["sandbox"] is True


def test_a_registration_makes_a_key_and_a_payment_that_took_nothing(caller: Caller) -> None:
    found = opened(caller, naver_key())
    assert "청구하지 않습니다" in caller.http.get(found["window"]).text
    row = caller.get(f"/payments/{query_of(press(caller, found, 'approve'))['imp_uid']}")[1]
    assert (row["status"], row["customer_uid"], row["customer_uid_usage"]) == ("paid", "member-1", "issue")
    key = caller.get("/subscribe/customers/member-1")[1]
    assert (key["pg_provider"], key["customer_name"], key["inserted"]) == ("naverpay", "홍길동", UNTIL)
    refund = {"imp_uid": row["imp_uid"], "reason": "변심", "extra": {"requester": "admin"}}
    assert caller.post("/payments/cancel", refund)[1] == 1
    charge = {"customer_uid": "member-1", "merchant_uid": "c-1", "amount": 9_900, "name": "구독"}
    assert caller.post("/subscribe/payments/again", charge)[3]["status"] == "paid"


def test_kakao_pay_charges_a_registration_with_an_amount(caller: Caller) -> None:
    kakao = {"channelKey": "channel-key-kakaopay-payment", "merchant_uid": "k-1", "name": "구독", "amount": 5_900}
    found = opened(caller, kakao | {"customer_uid": "member-2"})
    row = told_of(press(caller, found, "approve"))["answers"][0]
    assert caller.post("/payments/cancel", {"imp_uid": row["imp_uid"], "reason": "변심"})[1] == 0


def test_a_popup_tells_the_page_that_opened_it(caller: Caller) -> None:
    found = opened(caller, naver_payment(naverPopupMode=True))
    assert found["popup"] is True
    told = told_of(press(caller, found, "approve"))
    answer = {"imp_uid": imp_uid_of(found), "merchant_uid": "order-1"}
    assert (told["window"], told["origin"], told["answers"]) == (found["window"], "https://shop.example.com", [answer])
    old = opened(caller, naver_payment("order-2", naverPopupMode=True, pg="naverpay"), old=True)
    told = told_of(press(caller, old, "approve"))["answers"][0]
    assert (told["success"], told["paid_amount"], told["status"]) == (True, 39_000, "paid")
    old = opened(caller, naver_payment("order-3", pg="naverpay"), old=True)
    assert query_of(press(caller, old, "approve"))["imp_success"] == "true"


def test_what_is_cancelled_or_fails_is_told_word_for_word(caller: Caller) -> None:
    found = opened(caller, naver_payment())
    back = query_of(press(caller, found, "cancel"))
    words = f"F0005:결제가 중단되었습니다({imp_uid_of(found)}).|사용자가 결제를 취소 하였습니다."
    assert (back["error_code"], back["error_msg"]) == ("F0005", words)
    found = opened(caller, naver_payment())
    assert FAIL_WORDS in html.unescape(caller.http.get(found["window"]).text)
    back = query_of(press(caller, found, "fail", code="4001", words=FAIL_WORDS))
    assert (back["error_code"], back["error_msg"]) == ("4001", FAIL_WORDS)
    row = caller.get(f"/payments/{back['imp_uid']}")[1]
    assert (row["status"], row["fail_reason"], row["failed_at"]) == ("failed", FAIL_WORDS, UNTIL)


@pytest.mark.parametrize(("first", "status"), [("failed", "failed"), ("ready", "ready")])
def test_a_late_approval_comes_by_the_clock(caller: Caller, first: str, status: str) -> None:
    found = opened(caller, naver_payment())
    back = query_of(press(caller, found, "late", first=first, seconds=60))
    assert ("error_msg" in back) is (first == "failed")
    assert caller.get(f"/payments/{back['imp_uid']}")[1]["status"] == status
    caller.clock.at += 59
    assert caller.get(f"/payments/{back['imp_uid']}")[1]["status"] == status
    caller.clock.at += 1
    row = caller.get(f"/payments/{back['imp_uid']}")[1]
    assert (row["status"], row["paid_at"], row["fail_reason"]) == ("paid", UNTIL + 60, None)


def test_odd_ways_back(caller: Caller) -> None:
    found = opened(caller, naver_payment("o-1"))
    back = query_of(press(caller, found, "other_amount", amount="1000"))
    assert caller.get(f"/payments/{back['imp_uid']}")[1]["amount"] == 1_000
    assert "imp_uid" not in query_of(press(caller, opened(caller, naver_payment("o-2")), "no_imp_uid"))
    found = opened(caller, naver_payment("o-3"))
    silent = press(caller, found, "silent")
    assert silent.status_code == 200
    assert "example.com" not in silent.text
    assert caller.get(f"/payments/{imp_uid_of(found)}")[1]["status"] == "paid"
    assert "merchant_uid=o-4" in press(caller, opened(caller, naver_payment("o-4")), "twice").text
    found = opened(caller, naver_payment("o-5", naverPopupMode=True))
    first, second = told_of(press(caller, found, "twice"))["answers"]
    assert first == second


def test_a_window_is_used_once_and_offers_what_fits(caller: Caller) -> None:
    found = opened(caller, naver_payment())
    assert press(caller, found, "approve").status_code == 303
    assert press(caller, found, "cancel").status_code == 409
    assert caller.http.get(found["window"]).status_code == 410
    assert caller.get(f"/payments/{imp_uid_of(found)}")[1]["status"] == "paid"
    found = opened(caller, naver_key())
    assert press(caller, found, "late", seconds=1).status_code == 409
    assert press(caller, found, "nothing").status_code == 400
    assert press(caller, found, "approve", webhook="sometimes").status_code == 400
    assert press(caller, found, "approve").status_code == 303
    assert caller.http.get("/window/imp_000").status_code == 404


def test_what_a_shop_calls_its_goods_is_text_and_no_markup(caller: Caller) -> None:
    markup = "</script><img src=x>"
    found = opened(caller, naver_payment(markup, name=markup, naverPopupMode=True))
    assert markup not in (page := caller.http.get(found["window"]).text)
    assert html.unescape(page).count(markup) == 2
    ended = press(caller, found, "approve")
    assert markup not in ended.text
    assert told_of(ended)["answers"][0]["merchant_uid"] == markup


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("https://shop.example.com/back", "https://shop.example.com/back?merchant_uid=order-1"),
        ("https://shop.example.com/back#top", "https://shop.example.com/back?merchant_uid=order-1#top"),
        ("https://shop.example.com/?a=%20b&c", "https://shop.example.com/?a=%20b&c&merchant_uid=order-1"),
    ],
)
def test_the_shops_own_address_is_kept_as_it_is(caller: Caller, address: str, back: str) -> None:
    found = opened(caller, naver_payment(m_redirect_url=address))
    assert press(caller, found, "no_imp_uid").headers["location"] == back


def test_a_virtual_account_is_issued_and_paid_into_later(caller: Caller) -> None:
    asked = naver_payment(channelKey="channel-key-tosspayments-payment", pay_method="vbank")
    asked = {name: value for name, value in asked.items() if not name.startswith("naver")}
    found = opened(caller, asked)
    imp_uid = told_of(press(caller, found, "approve"))["answers"][0]["imp_uid"]
    row = caller.get(f"/payments/{imp_uid}")[1]
    assert (row["status"], row["paid_at"], bool(row["vbank_num"])) == ("ready", 0, True)
    caller.sandbox.deposit(imp_uid)
    row = caller.get(f"/payments/{imp_uid}")[1]
    assert (row["status"], row["deposit_history"][0]["amount"]) == ("paid", 39_000)


def test_the_shop_is_asked_before_an_approval() -> None:
    with open_shop() as shop:
        caller = make_caller(10, switches=Switches(confirm_seconds=0.3))
        shop.answers["/no"] = (409, '{"reason": "재고가 없습니다."}'.encode())
        shop.answers["/unclear"] = (500, b"<html>")
        for path, reason in (("/yes", None), ("/no", "재고가 없습니다."), ("/unclear", "알 수 없음")):
            found = opened(caller, naver_payment(f"o{path}", confirm_url=f"{shop.url}{path}"))
            back = query_of(press(caller, found, "approve"))
            asked = {"imp_uid": imp_uid_of(found), "merchant_uid": f"o{path}", "amount": 39_000}
            assert shop.heard[-1][2] == asked
            row = caller.get(f"/payments/{back['imp_uid']}")[1]
            words = reason and f"고객사 요청에 의해 결제를 중단합니다. (상세사유 : {reason})"
            assert (row["status"], row["fail_reason"], back.get("error_msg")) == (
                "failed" if reason else "paid", words, words,
            )  # fmt: skip
        count = len(shop.heard)
        press(caller, opened(caller, naver_payment("o-c", confirm_url=f"{shop.url}/no")), "cancel")
        press(caller, opened(caller, naver_key(confirm_url=f"{shop.url}/no")), "approve")
        assert len(shop.heard) == count


def test_a_shop_that_takes_too_long_stops_the_payment_and_holds_up_nobody() -> None:
    with open_shop() as shop:
        shop.slow = threading.Event()
        caller = make_caller(10, switches=Switches(confirm_seconds=0.5, confirm_url=f"{shop.url}/confirm"))
        found = opened(caller, naver_payment())
        answers: list[httpx.Response] = []
        buyer = threading.Thread(target=lambda: answers.append(press(caller, found, "approve")))
        buyer.start()
        shop.wait_for(1)
        assert caller.get(f"/payments/{imp_uid_of(found)}")[1]["status"] == "ready"
        assert not answers
        buyer.join()
        shop.slow.set()
        words = "고객사 요청에 의해 결제를 중단합니다. (상세사유 : 알 수 없음)"
        assert query_of(answers[0])["error_msg"] == words
        assert caller.get(f"/payments/{imp_uid_of(found)}")[1]["status"] == "failed"
