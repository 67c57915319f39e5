"""Failing on purpose, and serving over HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault, Plan, calls
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from tests.worlds.sandboxes import Caller, make_caller

CANCEL = calls("POST", "/payments/cancel")


@pytest.fixture
def caller() -> Caller:
    return make_caller(50)


def refund(caller: Caller) -> dict[str, Any]:
    row = caller.sandbox.add_payment(10_000, pg_provider="kakaopay", pay_method="kakaopay")
    return {"imp_uid": row["imp_uid"], "amount": 1_000, "reason": "변심"}


@pytest.mark.parametrize(("fault", "refunded"), [(Fault.LOST_BEFORE, 0), (Fault.LOST_AFTER, 1_000)])
def test_a_lost_answer_was_done_or_not(caller: Caller, fault: Fault, refunded: int) -> None:
    body = refund(caller)
    caller.sandbox.plans = [Plan(fault, picks=CANCEL)]
    assert caller.get("/banks")[0] == 200
    with pytest.raises(httpx.ReadTimeout):
        caller.post("/payments/cancel", body)
    assert caller.world.payments[body["imp_uid"]]["cancel_amount"] == refunded
    assert caller.post("/payments/cancel", body)[1] == 0


@pytest.mark.parametrize(
    ("fault", "status", "refunded"),
    [
        (Fault.BAD_GATEWAY, 502, 0),
        (Fault.BAD_GATEWAY_AFTER, 502, 1_000),
        (Fault.BROKEN_JSON, 200, 1_000),
        (Fault.EXPIRED_TOKEN, 401, 0),
        (Fault.TOO_MANY, 429, 0),
    ],
)
def test_an_answer_that_is_none_says_nothing_of_what_was_done(
    caller: Caller, fault: Fault, status: int, refunded: int
) -> None:
    body = refund(caller)
    caller.sandbox.plans = [Plan(fault, picks=CANCEL)]
    answer = caller.http.post("/payments/cancel", json=body)
    assert answer.status_code == status
    if fault in (Fault.BROKEN_JSON, Fault.BAD_GATEWAY, Fault.BAD_GATEWAY_AFTER):
        with pytest.raises(ValueError):
            answer.json()
    assert caller.world.payments[body["imp_uid"]]["cancel_amount"] == refunded


def test_a_token_that_ended_early_is_followed_by_a_new_one(caller: Caller) -> None:
    old = caller.http.headers["authorization"]
    caller.sandbox.plans = [Plan(Fault.EXPIRED_TOKEN)]
    assert caller.get("/banks")[0] == 401
    caller.sign_in()
    assert caller.http.headers["authorization"] != old
    assert caller.get("/banks")[0] == 200


def test_plans_are_met_in_turn_and_as_often_as_said(caller: Caller) -> None:
    caller.sandbox.plans = [Plan(Fault.TOO_MANY, 2), Plan(Fault.BAD_GATEWAY)]
    assert [caller.http.get("/banks").status_code for _ in range(4)] == [429, 429, 502, 200]


@contextmanager
def over_http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with served(sandbox) as url, httpx.Client(base_url=url, trust_env=False) as client:
        credentials = {"imp_key": IMP_KEY, "imp_secret": IMP_SECRET}
        token = client.post("/users/getToken", data=credentials).json()["response"]
        client.headers["authorization"] = token["access_token"]
        yield client


def test_over_http_it_is_the_same_sandbox(caller: Caller) -> None:
    with over_http(caller.sandbox) as client:
        for path in ("/payments/status/all?limit=1000", "/payments?imp_uid[]=imp_1", "/subscribe/customers/%2F"):
            mine, theirs = caller.http.get(path), client.get(path)
            assert (mine.status_code, mine.content) == (theirs.status_code, theirs.content)


def test_over_http_a_lost_answer_is_a_closed_connection(caller: Caller) -> None:
    body = refund(caller)
    with over_http(caller.sandbox) as client:
        caller.sandbox.plans = [Plan(Fault.LOST_AFTER)]
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/payments/cancel", json=body)
        assert client.get(f"/payments/{body['imp_uid']}").json()["response"]["cancel_amount"] == 1_000


def test_over_http_slow_answers_do_not_wait_for_each_other(caller: Caller) -> None:
    with over_http(caller.sandbox) as client:
        caller.sandbox.latency = 0.2
        caller.sandbox.plans = [Plan(Fault.SLOW, 1, seconds=0.2)]
        threads = [threading.Thread(target=client.get, args=("/banks",)) for _ in range(20)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - started
    assert 0.4 <= took < 2.0
