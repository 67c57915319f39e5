"""What the vendor's own Python client is answered: what its tests send, over HTTP, as JSON and as a form."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import add_second_order, build_world
from tests.worlds.sandboxes import UNTIL, MovingClock

CARD = {"card_number": "4092-0230-1234-1234", "expiry": "2019-03", "birth": "500203"}
NOBODY = "취소할 결제건이 존재하지 않습니다."
AHEAD = UNTIL + 1_000
BOOKED = {"merchant_uid": "pay_schedule_1", "schedule_at": AHEAD, "amount": 5_000, "name": "주문명"}
ONETIME = {"merchant_uid": "ABCDEFGHI1", "amount": 5_000, "pwd_2digit": "19"} | CARD
ON = "/subscribe/payments"
POSTS: list[tuple[str, dict[str, Any], int, str | None]] = [
    ("/payments/cancel", {"imp_uid": "nothing", "reason": "reason"}, 1, NOBODY),
    ("/payments/cancel", {"imp_uid": "nothing", "reason": "reason", "amount": 100}, 1, NOBODY),
    ("/payments/cancel", {"merchant_uid": "any-merchant_uid", "reason": "any-reason", "amount": 1_234}, 1, NOBODY),
    ("/subscribe/customers/customer_1234", {"customer_uid": "customer_1234"} | CARD, -1,
     "카드정보 인증 및 빌키 발급에 실패하였습니다."),
    (f"{ON}/again", {"customer_uid": "00000000", "merchant_uid": "1234qwer", "amount": 5_000}, -1, None),
    (f"{ON}/onetime", ONETIME, -1, "카드정보 인증에 실패하였습니다."),
    (f"{ON}/schedule", {"customer_uid": "00000000", "schedules": [BOOKED]}, 1, "등록된 고객정보가 없습니다."),
    (f"{ON}/unschedule", {"customer_uid": "00000000", "merchant_uid": "pay_unschedule_1"}, 1,
     "취소할 예약결제 기록이 존재하지 않습니다."),
    ("/payments/prepare", {"merchant_uid": "ABCDEFGHI2", "amount": 12_000}, 0, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    world = build_world(3, payments=10, until=UNTIL)
    add_second_order(world, UNTIL)
    with served(Sandbox(world, clock=MovingClock())) as address, httpx.Client(base_url=address) as client:
        token = client.post("/users/getToken", json={"imp_key": IMP_KEY, "imp_secret": IMP_SECRET}).json()
        client.headers["authorization"] = token["response"]["access_token"]  # bare, as that client sends it
        yield client


def as_form(body: dict[str, Any]) -> dict[str, Any]:
    """Bracketed fields."""
    listed = {f"schedules[{n}][{name}]": value for n, one in enumerate(body.get("schedules", []))
              for name, value in one.items()}  # fmt: skip
    return {name: value for name, value in body.items() if name != "schedules"} | listed


@pytest.mark.parametrize(("path", "body", "code", "message"), POSTS)
@pytest.mark.parametrize("form", [False, True])
def test_a_call_is_answered_200_with_a_code(
    http: httpx.Client, path: str, body: dict[str, Any], code: int, message: str | None, *, form: bool
) -> None:
    if form and path == "/payments/prepare":
        body = body | {"merchant_uid": "ABCDEFGHI3"}
    answer = http.post(path, data=as_form(body)) if form else http.post(path, json=body)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (200, code)
    assert message is None or told["message"] == message


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/payments/find/1234qwer", 200),
        ("/payments/find/1234qwer/paid", 200),
        ("/payments/find/1234qwer/cancelled", 404),
        ("/payments/find/qwer1234", 200),
        ("/payments/find/âàáaā", 404),
        ("/payments/test", 404),
        ("/certifications/imp_12341234", 404),
        # Its test wants 200 here, the vendor's description says 404.
        ("/subscribe/customers/000000", 404),
    ],
)
def test_what_is_looked_for_is_found_or_is_404(http: httpx.Client, path: str, status: int) -> None:
    assert http.get(path).status_code == status


def test_an_order_over_another_amount_is_not_the_one_that_is_asked_about(http: httpx.Client) -> None:
    found = http.get("/payments/find/qwer1234").json()["response"]
    assert (found["status"], found["amount"]) == ("paid", 1_004)


def test_what_the_vendor_took_away_is_404(http: httpx.Client) -> None:
    assert http.post(f"{ON}/foreign", json=ONETIME).status_code == 404
