"""The client: one token for all, errors by what they mean, reads tried again, nothing of a buyer in the logs."""

import logging
import random
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import stamina

from services.errors import BadRequest, NotFound, NotSent, OutcomeUnknown, Refused, Unauthorized
from services.gateway import Gateway
from services.gateway.pg_requests import ReceiptRequest
from services.gateway.requests import DeleteKeyRequest, MoveRequest
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world

WORLD = build_world(5, payments=600, until=time.time())


@pytest.fixture(autouse=True)
def _quick_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(WORLD)


def client(answer: Callable[[httpx.Request], httpx.Response], **more: Any) -> Gateway:
    return Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(answer), **more)


def answering(status: int, **more: Any) -> Gateway:
    """A client whose gateway gives a token and then always this answer."""
    token = {"access_token": "t", "expired_at": time.time() + 1800, "now": time.time()}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            return httpx.Response(200, json={"code": 0, "message": None, "response": token})
        return httpx.Response(status, **more)

    return client(answer)


def anybody() -> str:
    return next(uid for uid, row in WORLD.payments.items() if not row["sandbox"])


def test_a_token_is_fetched_when_first_needed_and_then_kept(sandbox: Sandbox) -> None:
    gateway = client(sandbox)
    assert gateway.requests == 0
    gateway.payment(anybody())
    gateway.payment(anybody())
    assert gateway.requests == 3


def test_many_threads_wait_for_one_token_and_for_one_renewal() -> None:
    tokens, revoked = iter(range(10)), set()

    def answer(request: httpx.Request) -> httpx.Response:
        time.sleep(0.005)
        if request.url.path == "/users/getToken":
            token = {"access_token": str(next(tokens)), "expired_at": 3_000, "now": 1_000}
            return httpx.Response(200, json={"code": 0, "response": token})
        status = 401 if request.headers["authorization"] in revoked else 200
        return httpx.Response(status, json={"code": 0, "response": []})

    gateway = client(answer)
    for name in ("Bearer 0", "Bearer 1"):
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda _: gateway.channels(), range(64)))
        revoked.add(name)
    assert next(tokens) == 2


def test_a_token_is_renewed_before_it_ends() -> None:
    tokens = iter(("first", "second"))
    used = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            token = {"access_token": next(tokens), "expired_at": 1_060.2, "now": 1_000}
            return httpx.Response(200, json={"code": 0, "response": token})
        used.append(request.headers["authorization"])
        return httpx.Response(200, json={"code": 0, "response": []})

    gateway = client(answer)
    gateway.channels()
    time.sleep(0.3)
    gateway.channels()
    assert used == ["Bearer first", "Bearer second"]


def test_one_401_costs_a_new_token_and_the_call_again(sandbox: Sandbox) -> None:
    gateway = client(sandbox)
    gateway.channels()
    sandbox.plans = [Plan(Fault.EXPIRED_TOKEN)]
    assert gateway.payment(anybody()).imp_uid == anybody()


def test_a_401_for_a_new_token_too_is_final() -> None:
    with pytest.raises(Unauthorized, match="권한 없음"):
        answering(401, json={"code": -1, "message": "권한 없음", "response": None}).channels()


def test_a_wrong_secret_is_said_in_the_gateways_words(sandbox: Sandbox) -> None:
    gateway = Gateway("http://sandbox", IMP_KEY, "wrong", transport=httpx.MockTransport(sandbox))
    with pytest.raises(Unauthorized, match="확인"):
        gateway.channels()
    assert "wrong" not in repr(gateway)
    assert gateway.requests == 1


@pytest.mark.parametrize("off", [-86_400, 0, 86_400])
def test_f10_now_is_the_gateways_whatever_our_clock_says(sandbox: Sandbox, off: int) -> None:
    gateway = client(sandbox, clock=lambda: time.time() + off)
    assert abs(gateway.now() - time.time()) < 2
    assert gateway.payment(anybody()).imp_uid == anybody()


FAILING = [Fault.BAD_GATEWAY, Fault.BROKEN_JSON, Fault.TOO_MANY, Fault.LOST_BEFORE, Fault.LOST_AFTER]


@pytest.mark.parametrize("fault", FAILING)
def test_f15_a_read_is_tried_four_times(sandbox: Sandbox, fault: Fault) -> None:
    gateway = client(sandbox)
    gateway.channels()
    sandbox.plans = [Plan(fault, 3)]
    assert gateway.payment(anybody()).imp_uid == anybody()
    sandbox.plans = [Plan(fault, 4)]
    with pytest.raises(OutcomeUnknown):
        gateway.payment(anybody())


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.BROKEN_JSON, Fault.TOO_MANY, Fault.LOST_BEFORE])
def test_f15_a_token_that_does_not_come_is_asked_for_again(sandbox: Sandbox, fault: Fault) -> None:
    sandbox.plans = [Plan(fault, 2)]
    assert client(sandbox).payment(anybody()).imp_uid == anybody()


def test_f15_a_refusal_is_shown_word_for_word() -> None:
    words = "  잔액이 부족합니다. [E-102] {amount} <b>"
    with pytest.raises(Refused) as caught:
        answering(200, json={"code": 1, "message": words, "response": None}).channels()
    assert str(caught.value) == words
    assert (caught.value.refusal.status, caught.value.refusal.code) == (200, 1)


def test_missing_and_wrong_are_told_apart(sandbox: Sandbox) -> None:
    gateway = client(sandbox)
    with pytest.raises(NotFound, match="존재하지 않는 결제정보"):
        gateway.payment("imp_0")
    with pytest.raises(BadRequest, match="90일"):
        gateway.payments_by_status("all", from_at=0, to_at=int(time.time()))
    assert gateway.requests == 3, "a refusal is not tried again"


def test_redirects_are_not_followed() -> None:
    with pytest.raises(OutcomeUnknown, match="302"):
        answering(302, headers={"location": "http://elsewhere.invalid/"}).channels()


def test_a_gateway_that_is_not_there_was_sent_nothing() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(NotSent):
        Gateway(f"http://127.0.0.1:{port}", IMP_KEY, IMP_SECRET).channels()


def test_f8_what_a_batch_lacks_is_named() -> None:
    chance, gateway = random.Random(8), client(Sandbox(WORLD))
    known = list(WORLD.billing_keys)
    for _ in range(500):
        there = set(chance.sample(known, chance.randint(0, min(40, len(known)))))
        asked = list(there) + [f"gone_{number}" for number in range(chance.randint(1, 20))]
        chance.shuffle(asked)
        batch = gateway.billing_keys(asked)
        assert {key.fields["customer_uid"] for key in batch.found} == there
        assert batch.missing == tuple(uid for uid in asked if uid not in there)


def test_a_test_channel_payment_is_read_too(sandbox: Sandbox) -> None:
    uid = next(uid for uid, row in WORLD.payments.items() if row["sandbox"])
    assert client(sandbox).payment(uid).fields["sandbox"] is True


def test_an_id_with_odd_characters_stays_one_part_of_the_path() -> None:
    paths = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path.decode())
        return httpx.Response(404, json={"code": 1, "message": "no", "response": None})

    gateway = client(answer)
    gateway._http.auth._token, gateway._http.auth._ends = "t", time.monotonic() + 100
    with pytest.raises(NotFound):
        gateway.billing_key("a/b?c=1#d 한")
    assert paths == ["/subscribe/customers/a%2Fb%3Fc%3D1%23d%20%ED%95%9C"]


def test_nothing_of_a_buyer_or_of_the_secret_is_logged(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = client(sandbox)
    key = next(iter(WORLD.billing_keys.values()))
    sandbox.plans = [Plan(Fault.BAD_GATEWAY, 1, lambda request: "getToken" not in request.url.path)]
    gateway.billing_key(key["customer_uid"])
    gateway.payments_by_status("all", from_at=int(time.time()) - 80 * 86_400, to_at=int(time.time()))
    told = caplog.text + repr(vars(gateway))
    for secret in (IMP_SECRET, key["customer_uid"], key["customer_name"], key["customer_tel"], "sandbox-token"):
        assert secret not in told


def test_every_method_works_over_real_http(sandbox: Sandbox) -> None:
    with served(sandbox) as address:
        gateway = Gateway(address, IMP_KEY, IMP_SECRET)
        calls(gateway)
        gateway.close()


def calls(gateway: Gateway) -> None:
    """Each method of the client once."""
    now = int(gateway.now())
    uid, order = anybody(), WORLD.payments[anybody()]["merchant_uid"]
    key = next(iter(WORLD.billing_keys))
    booked = next(one for one in WORLD.schedules.values() if one["customer_uid"] == key)
    assert gateway.payment(uid).imp_uid == uid
    assert uid in {one.imp_uid for one in gateway.find_all_payments(order).items}
    assert gateway.payments_by_status("paid", from_at=now - 90 * 86_400, to_at=now).items
    assert [one.imp_uid for one in gateway.payments([uid]).found] == [uid]
    payco = next(one["imp_uid"] for one in WORLD.payments.values() if one["pg_provider"] == "payco")
    assert gateway.balance(payco).amount == WORLD.payments[payco]["amount"]
    assert gateway.code("banks", "088") in gateway.codes("banks")
    assert gateway.code("cards", "361").name == "BC카드"
    assert gateway.billing_key(key).fields["customer_uid"] == key
    assert gateway.billing_keys([key]).missing == ()
    assert gateway.schedules(now - 30 * 86_400, now + 60 * 86_400).items
    assert gateway.schedules(now - 30 * 86_400, now + 60 * 86_400, status="scheduled").items
    at = booked["schedule_at"]
    assert gateway.customer_schedules(key, at - 86_400, at + 86_400).items
    assert gateway.schedule(booked["merchant_uid"]).fields["amount"] == booked["amount"]
    channels = gateway.channels()
    assert channels
    money = next(
        one["imp_uid"] for one in WORLD.payments.values()
        if one["pay_method"] in ("trans", "vbank") and one["status"] == "paid" and one["pg_provider"] != "nice_v2"
    )  # fmt: skip
    phone, kinds = {"identifier": "01012345678"}, {"type": "person"}
    key_of = next(one.fields["channel_key"] for one in channels if one.fields["pg_provider"] == "html5_inicis")
    sale = kinds | {"channel_key": key_of, "name": "현장 판매", "amount": 11_000}
    issued = gateway.issue_receipt(money, ReceiptRequest(phone, kinds))
    assert gateway.receipt(money).fields == issued.fields
    assert gateway.cancel_receipt(money).fields["cancelled_at"]
    assert gateway.issue_external_receipt("cash1", ReceiptRequest(phone, sale)).fields["amount"] == 11_000
    assert gateway.external_receipt("cash1").fields["merchant_uid"] == "cash1"
    assert gateway.cancel_external_receipt("cash1").fields["cancelled_at"]


def test_of_a_receipt_500_with_a_code_is_the_pgs_no_and_without_one_unknown() -> None:
    said = {"code": 1, "message": "식별번호 오류", "response": None}
    for status in (500, 501):
        with pytest.raises(Refused, match="식별번호 오류"):
            answering(status, json=said).cancel_receipt("imp_1")
    for body in ({"json": {"code": 0, "message": None, "response": None}}, {"text": "<html>"}):
        with pytest.raises(OutcomeUnknown):
            answering(500, **body).cancel_receipt("imp_1")
    with pytest.raises(OutcomeUnknown):
        answering(502, json=said).cancel_receipt("imp_1")


@pytest.mark.parametrize("uid", ["", ".", ".."])
def test_an_id_that_is_a_step_in_an_address_calls_nothing_else(uid: str) -> None:
    paths: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return httpx.Response(404)

    gateway = client(answer)
    for call in (
        lambda: gateway.payment(uid),
        lambda: gateway.billing_key(uid),
        lambda: gateway.delete_billing_key(uid, DeleteKeyRequest("이유", "admin")),
        lambda: gateway.move_schedule(uid, MoveRequest(1)),
        lambda: gateway.retry_schedule(uid),
    ):
        with pytest.raises(NotSent):
            call()
    assert paths == []


@pytest.mark.parametrize("spelt", ["https://API.iamport.kr", "https://api.iamport.kr:443", "https://api.iamport.kr//"])
def test_an_account_is_the_same_however_its_address_is_spelt(spelt: str) -> None:
    assert Gateway(spelt, "key", "secret").account == Gateway("https://api.iamport.kr", "key", "secret").account
    others = ("http://api.iamport.kr", "https://api.iamport.kr:8443", "https://api.iamport.kr/v2")
    assert Gateway(spelt, "key", "secret").account not in {Gateway(one, "key", "secret").account for one in others}
