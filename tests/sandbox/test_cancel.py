"""POST /payments/cancel: refusals first."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller

NAVER = {"reason": "단순 변심", "extra": {"requester": "customer"}}


def fresh(caller: Caller, pg: str = "naverpay", method: str = "naverpay", **fields: Any) -> dict[str, Any]:
    """A payment of 10,000 won made yesterday."""
    own = {"pg_provider": pg, "pay_method": method, "paid_at": UNTIL - DAY} | fields
    return caller.sandbox.add_payment(10_000, **own)


@pytest.fixture
def caller() -> Caller:
    return make_caller(20)


def refused(caller: Caller, body: dict[str, Any]) -> str:
    status, code, message, response = caller.post("/payments/cancel", body)
    assert (status, code, response) == (200, 1, None)
    assert message
    return message


def test_an_unknown_payment_is_refused(caller: Caller) -> None:
    assert refused(caller, {"imp_uid": "imp_000000000000"}) == "취소할 결제건이 존재하지 않습니다."
    assert caller.post("/payments/cancel", {})[0] == 400


@pytest.mark.parametrize("status", ["ready", "failed"])
def test_what_was_not_paid_is_not_refunded(caller: Caller, status: str) -> None:
    row = fresh(caller, status=status)
    assert "결제완료 상태" in refused(caller, {"imp_uid": row["imp_uid"], **NAVER})


def test_a_refunded_payment_is_not_refunded_again(caller: Caller) -> None:
    body = {"imp_uid": fresh(caller)["imp_uid"], **NAVER}
    assert caller.post("/payments/cancel", body)[1] == 0
    assert refused(caller, body) == "이미 전액취소된 주문입니다."


def test_more_than_is_left_is_refused(caller: Caller) -> None:
    body = {"imp_uid": fresh(caller)["imp_uid"], "amount": 6_000, **NAVER}
    assert caller.post("/payments/cancel", body)[1] == 0
    assert "초과" in refused(caller, body)


def test_a_checksum_that_differs_stops_everything(caller: Caller) -> None:
    uid = fresh(caller)["imp_uid"]
    body = {"imp_uid": uid, "amount": 1_000, "checksum": 10_000, **NAVER}
    assert caller.post("/payments/cancel", body)[1] == 0
    assert "취소 가능 잔액이 일치하지 않습니다" in refused(caller, body)
    assert caller.world.payments[uid]["cancel_amount"] == 1_000


@pytest.mark.parametrize("body", [{}, {"reason": "변심"}, {"reason": "변심", "extra": {"requester": "nobody"}}])
def test_naver_pay_wants_reason_and_requester(caller: Caller, body: dict[str, Any]) -> None:
    assert "extra.requester" in refused(caller, {"imp_uid": fresh(caller)["imp_uid"], **body})


def test_a_phone_payment_is_refunded_whole_and_within_its_month(caller: Caller) -> None:
    row = fresh(caller, "danal", "phone", paid_at=UNTIL)
    assert "부분취소" in refused(caller, {"imp_uid": row["imp_uid"], "amount": 1_000})
    assert caller.post("/payments/cancel", {"imp_uid": row["imp_uid"], "amount": 10_000})[1] == 0
    old = fresh(caller, "danal", "phone", paid_at=UNTIL - 40 * DAY)
    assert "당월" in refused(caller, {"imp_uid": old["imp_uid"]})


def test_a_card_payment_is_refunded_for_a_year(caller: Caller) -> None:
    old = fresh(caller, "html5_inicis", "card", paid_at=UNTIL - 366 * DAY)
    assert "365일" in refused(caller, {"imp_uid": old["imp_uid"]})


def test_a_virtual_account_wants_an_account_to_refund_to(caller: Caller) -> None:
    row = fresh(caller, "tosspayments", "vbank")
    body = {"imp_uid": row["imp_uid"], "refund_holder": "홍길동", "refund_bank": "088"}
    assert "refund_account" in refused(caller, body)
    assert caller.post("/payments/cancel", body | {"refund_account": "110123456789"})[3]["status"] == "cancelled"


def test_a_registration_of_a_key_was_not_charged_and_is_not_refunded(caller: Caller) -> None:
    row = fresh(caller, customer_uid="member", customer_uid_usage="issue")
    refused(caller, {"imp_uid": row["imp_uid"], **NAVER})


def test_taxes_named_at_the_charge_must_be_named_at_the_refund(caller: Caller) -> None:
    uid = register_card(caller)
    charge = {"customer_uid": uid, "merchant_uid": "taxed1", "name": "책", "amount": 11_000, "tax_free": 1_000}
    row = caller.post("/subscribe/payments/again", charge | {"vat_amount": 909})[3]
    assert "vat_amount" in refused(caller, {"imp_uid": row["imp_uid"], "amount": 5_000})
    body = {"imp_uid": row["imp_uid"], "amount": 5_000, "vat_amount": 400}
    assert "면세금액" in refused(caller, body | {"tax_free": 2_000})
    assert caller.post("/payments/cancel", body | {"tax_free": 500})[1] == 0


def register_card(caller: Caller) -> str:
    channel = next(row for row in caller.world.channels if row["type"] == "api_payment" and not row["sandbox"])
    card = {"card_number": "4092-0230-1234-1234", "expiry": "2030-12", "channel_key": channel["channel_key"]}
    caller.post("/subscribe/customers/card_member", card)
    return "card_member"


@pytest.mark.parametrize("amount", [{}, {"amount": 0}, {"amount": "0"}])
def test_no_amount_or_zero_is_everything_that_is_left(caller: Caller, amount: dict[str, Any]) -> None:
    row = fresh(caller)
    caller.sandbox.refund(row["imp_uid"], 3_000, "차액")
    found = caller.post("/payments/cancel", {"imp_uid": row["imp_uid"], **amount, **NAVER})[3]
    assert (found["status"], found["cancel_amount"]) == ("cancelled", 10_000)
    assert [entry["amount"] for entry in found["cancel_history"]] == [3_000, 7_000]
    assert len({entry["cancellation_id"] for entry in found["cancel_history"]}) == 2


def test_a_partial_refund_leaves_the_payment_paid(caller: Caller) -> None:
    body = {"imp_uid": fresh(caller)["imp_uid"], "amount": 1_000, **NAVER}
    found = caller.post("/payments/cancel", body)[3]
    assert (found["status"], found["cancel_amount"]) == ("paid", 1_000)
    assert found["cancel_history"][0]["reason"] == "단순 변심"


def test_an_order_number_finds_the_attempt_that_was_paid(caller: Caller) -> None:
    paid = fresh(caller, merchant_uid="twice")
    fresh(caller, merchant_uid="twice", status="failed", paid_at=0)
    assert caller.post("/payments/cancel", {"merchant_uid": "twice", **NAVER})[3]["imp_uid"] == paid["imp_uid"]


def test_cents_are_refunded_exactly(caller: Caller) -> None:
    row = caller.sandbox.add_payment(20, currency="USD", pg_provider="paypal_v2", pay_method="paypal")
    body = {"imp_uid": row["imp_uid"], "amount": 0.1, "checksum": 20}
    for _ in range(3):
        found = caller.post("/payments/cancel", body)[3]
        body["checksum"] = round(20 - found["cancel_amount"], 2)
    assert '"cancel_amount":0.3,' in caller.http.get(f"/payments/{row['imp_uid']}").text


def as_form(body: dict[str, Any]) -> dict[str, str]:
    plain = {name: str(value) for name, value in body.items() if name != "extra"}
    return plain | {f"extra[{name}]": value for name, value in body["extra"].items()}


@pytest.mark.parametrize("encode", [lambda body: {"json": body}, lambda body: {"data": as_form(body)}])
def test_form_fields_with_brackets_say_the_same_as_json(
    caller: Caller, encode: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    body = {"imp_uid": fresh(caller)["imp_uid"], "amount": 2_500, "checksum": 10_000, **NAVER}
    found = caller.http.post("/payments/cancel", **encode(body)).json()["response"]
    assert (found["cancel_amount"], found["cancel_history"][0]["reason"]) == (2_500, "단순 변심")
