"""What the sandbox says no to: tokens, windows, pages, unknown ids."""

import pytest

from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller


@pytest.fixture(scope="module")
def caller() -> Caller:
    return make_caller()


def test_without_a_token_nothing_is_told(caller: Caller) -> None:
    answer = caller.http.get("/users/pg", headers={"authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert answer.json() == {"code": -1, "message": "Unauthorized", "response": None}


def test_a_wrong_secret_is_refused(caller: Caller) -> None:
    answer = caller.http.post("/users/getToken", json={"imp_key": IMP_KEY, "imp_secret": "wrong"})
    assert answer.status_code == 401
    assert answer.json()["message"] == "인증에 실패하였습니다. API키와 secret을 확인하세요."


def test_asking_again_gives_the_same_token_and_the_last_minute_five_minutes_more() -> None:
    caller = make_caller(10)
    first = caller.sign_in()
    assert first["expired_at"] - first["now"] == 1_800
    caller.clock.at += 1_000
    assert caller.sign_in()["expired_at"] == first["expired_at"]
    caller.clock.at = first["expired_at"] - 30
    last = caller.sign_in()
    assert (last["access_token"], last["expired_at"]) == (first["access_token"], first["expired_at"] + 300)
    caller.clock.at = last["expired_at"]
    assert caller.get("/users/pg")[0] == 401
    assert caller.sign_in()["access_token"] != first["access_token"]


def test_the_bare_token_works_too(caller: Caller) -> None:
    token = caller.sign_in()["access_token"]
    assert caller.http.get("/banks", headers={"authorization": token}).status_code == 200


def test_a_body_of_form_fields_is_the_same_as_json(caller: Caller) -> None:
    form = caller.http.post("/users/getToken", data={"imp_key": IMP_KEY, "imp_secret": IMP_SECRET})
    assert form.json()["response"] == caller.sign_in()


@pytest.mark.parametrize(
    "path",
    [
        "/payments/imp_000000000000",
        "/payments/imp_000000000000/balance",
        "/payments/find/nobody",
        "/payments/findAll/nobody",
        "/payments?imp_uid[]=imp_000000000000",
        "/payments/prepare/nobody",
        "/subscribe/customers/nobody",
        "/subscribe/customers?customer_uid[]=nobody",
        "/subscribe/customers/nobody/payments",
        "/subscribe/payments/schedule/nobody",
        "/banks/999",
        "/nowhere",
    ],
)
def test_what_does_not_exist_is_404_in_the_envelope(caller: Caller, path: str) -> None:
    answer = caller.http.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] != 0
    assert answer.json()["message"]
    assert answer.json()["response"] is None


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/payments/status/settled", {}),
        ("/payments/status/all", {"from": UNTIL - 91 * DAY, "to": UNTIL}),
        ("/payments/status/all", {"from": UNTIL, "to": UNTIL - 1}),
        ("/payments/status/all", {"page": 10_000}),
        ("/payments/status/all", {"page": 0}),
        ("/payments/status/all", {"page": "two"}),
        ("/payments/status/all", {"limit": 1_001}),
        ("/payments/status/all", {"sorting": "amount"}),
        ("/payments/find/1234qwer/settled", {}),
        ("/payments", {}),
        ("/payments", {"imp_uid[]": ["imp_1"] * 101}),
        ("/subscribe/customers", {"customer_uid[]": ["uid"] * 101}),
        ("/subscribe/payments/schedule", {}),
        ("/subscribe/payments/schedule", {"schedule_from": UNTIL, "schedule_to": UNTIL + 93 * DAY}),
        ("/subscribe/payments/schedule", {"schedule_from": 1, "schedule_to": 2, "schedule_status": "done"}),
    ],
)
def test_a_bad_window_page_or_state_is_400(caller: Caller, path: str, query: dict[str, object]) -> None:
    assert caller.get(path, **query) == (400, None)


def test_a_body_that_is_no_json_is_400(caller: Caller) -> None:
    headers = {"content-type": "application/json"}
    assert caller.http.post("/payments/cancel", content=b'{"imp_uid": ', headers=headers).status_code == 400
    assert caller.http.post("/payments/cancel", content=b"[1]", headers=headers).status_code == 400
