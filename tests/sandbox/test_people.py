"""Calls of single PGs in the sandbox: verifications, KCP Quick's members, Benepia, and what the vendor withdrew."""

import pytest

from tests.worlds.sandboxes import Caller, make_caller

CODES = "site_code=T0000&partner_type=IX99&partner_subtype=99IX"
ACCOUNT = {"benepia_user": "benepia", "benepia_password": "benepia", "channel_key": "channel-key-kcp-api-payment"}


@pytest.fixture
def caller() -> Caller:
    return make_caller(1)


def test_a_verification_has_another_id_than_any_payment_and_is_gone_once_erased(caller: Caller) -> None:
    assert caller.get("/payments/imp_990000000001")[0] == 404
    assert caller.get("/certifications/imp_990000000001")[1]["unique_key"].startswith("CI")
    assert caller.send("DELETE", "/certifications/imp_990000000001")[0] == 200
    assert caller.get("/certifications/imp_990000000001")[0] == 404


def test_a_member_is_erased_only_for_who_accepts_json_by_that_name(caller: Caller) -> None:
    path = f"/kcpquick/members/quick_1?{CODES}"
    assert caller.send("DELETE", path)[:3] == (400, 1, "Accept 헤더가 올바르지 않습니다. (application/json)")
    caller.http.headers["accept"] = "application/json"
    assert caller.send("DELETE", "/kcpquick/members/quick_1")[0] == 400
    assert caller.send("DELETE", path)[0] == 200
    assert caller.send("DELETE", path)[0] == 404


def test_without_the_shops_code_benepia_makes_a_test_payment(caller: Caller) -> None:
    body = ACCOUNT | {"merchant_uid": "B1", "amount": 1_000, "name": "머그컵"}
    assert caller.post("/benepia/payment", body)[3]["sandbox"]
    assert caller.post("/benepia/payment", body)[0] == 400
    paid = caller.post("/benepia/payment", body | {"merchant_uid": "B2", "benepia_member_code": "M1"})[3]
    assert (paid["sandbox"], paid["status"], paid["pg_provider"]) == (False, "paid", "kcp")
    assert caller.post("/benepia/point", ACCOUNT)[3] == {"point": 48_000}
    assert caller.post("/benepia/point", ACCOUNT | {"benepia_password": "x"})[0] == 500


def test_what_the_vendor_withdrew_is_answered_as_withdrawn(caller: Caller) -> None:
    status, code, message, _ = caller.send("GET", "/kakao/payment/orders?payment_request_date=20220101&cid=C1")
    assert (status, code, message) == (410, -1, "제공이 종료된 API입니다. (카카오페이 주문내역 조회)")
