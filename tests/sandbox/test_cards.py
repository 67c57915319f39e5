"""Cards by their number: paid, refused, wrong data, and what each PG wants; whole nowhere."""

from typing import Any

import pytest

from tests.worlds.sandboxes import Caller, make_caller

CARD = {"card_number": "4092-0230-1234-1235", "expiry": "2030-12", "birth": "900101", "pwd_2digit": "12"}
BUYER = {"name": "주문", "buyer_name": "홍길동", "buyer_tel": "010-1234-5678", "buyer_email": "h@example.com"}
NOT_CERTIFIED = "카드정보 인증에 실패하였습니다."


@pytest.fixture
def caller() -> Caller:
    return make_caller(10)


def onetime(caller: Caller, order: str = "o1", **more: Any) -> tuple[int, int, str | None, Any]:
    body = {"merchant_uid": order, "amount": 60_000} | CARD | BUYER
    return caller.post("/subscribe/payments/onetime", body | more)


def test_a_card_is_charged_once_and_its_number_is_nowhere_whole(caller: Caller) -> None:
    paid = onetime(caller, pg="tosspayments", card_quota=3)[3]
    assert (paid["status"], paid["pg_provider"], paid["card_number"], paid["card_quota"], paid["customer_uid"]) == (
        "paid", "tosspayments", "409202******1235", 3, None,
    )  # fmt: skip
    assert "이미 사용된 merchant_uid" in (onetime(caller)[2] or "")


@pytest.mark.parametrize(("ends", "message", "reason"), [
    ("0000", NOT_CERTIFIED, None),
    ("0002", None, "[한도초과] 카드 이용한도를 초과하였습니다."),
    ("0003", None, "[카드오류] 4092023012340003 / 4092-0230-1234-0003 900101 12 2030-12"),
])  # fmt: skip
def test_test_cards_fail_each_in_its_way(caller: Caller, ends: str, message: str | None, reason: str | None) -> None:
    status, code, told, row = onetime(caller, card_number=f"4092-0230-1234-{ends}")
    assert (status, code, told) == (200, -1 if message else 0, message)
    assert (row or {}).get("fail_reason") == reason


@pytest.mark.parametrize(("pg", "missing"), [
    ("html5_inicis", "buyer_email"), ("ksnet", "product_type"), ("welcome", "buyer_name"), ("paymentwall", "cvc"),
])  # fmt: skip
def test_a_pg_wants_fields_of_its_own(caller: Caller, pg: str, missing: str) -> None:
    channel = next(one for one in caller.world.channels if one["type"] == "api_payment")
    caller.world.channels.append(channel | {"pg_provider": pg, "pg_id": "other", "channel_key": pg})
    assert onetime(caller, pg=f"{pg}.other", **{missing: ""})[2] == f"필수 파라미터가 누락되었습니다. ({missing})"


def test_a_charge_may_leave_a_key_behind_but_not_at_every_pg(caller: Caller) -> None:
    assert onetime(caller, customer_uid="u1")[3]["customer_uid"] == "u1"
    assert caller.get("/subscribe/customers/u1")[1]["customer_name"] == "홍길동"
    assert onetime(caller, "o2", customer_uid="u2", pg="tosspayments")[1] == -1


def test_a_key_wants_its_channel_and_counts_how_often_it_was_made(caller: Caller) -> None:
    key = next(one["channel_key"] for one in caller.world.channels if one["type"] == "api_payment")
    assert caller.post("/subscribe/customers/u1", CARD)[0] == 400
    for _ in range(2):
        assert caller.post("/subscribe/customers/u1", CARD | {"channel_key": key})[1] == 0
    assert caller.world.registered == {"u1": 2}
    refused = caller.post("/subscribe/customers/u2", CARD | {"channel_key": key, "card_number": "4092023012340001"})
    assert (refused[1], caller.get("/subscribe/customers/u2")[0]) == (-1, 404)
