"""Calls of single PGs: each request as the vendor describes it, each answer without CI, DI and what was typed."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.errors import NotFound, Unauthorized
from services.gateway import Gateway
from services.gateway.pg_requests import BenepiaRequest, OtpRequest, QuickMember, VbankRequest
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from tests.gateway.test_contract import FOUND, Description
from tests.worlds.sandboxes import make_caller

PERSON = {"name": "박하늘", "phone": "01073415678", "birth": "920417", "gender_digit": "2", "carrier": "SKT"}
FIELDS = {"channel_key": "channel-key-danal-certification", "merchant_uid": "J1"}
MEMBER = QuickMember("quick_1", "T0000", "IX99", "99IX")
ACCOUNT, KEY = ("benepia", "benepia"), "channel-key-kcp-api-payment"


def test_each_call_is_made_as_described_and_does_what_it_says() -> None:
    sandbox = make_caller(1).sandbox
    description, seen = Description(FOUND) if FOUND else None, []

    def checking(request: httpx.Request) -> httpx.Response:
        seen.append(description.check(request) if description else request.url.path)
        return sandbox(request)

    gateway = Gateway("http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(checking))
    found = gateway.verification("imp_990000000001")
    assert (found.name, found.birth_year, found.phone, found.certified) == ("김서연", "1992", "010-****-8471", True)
    gateway.delete_verification("imp_990000000001")
    with pytest.raises(NotFound, match="존재하지 않는 본인인증 결과입니다"):
        gateway.verification("imp_990000000001")
    uid = gateway.request_otp(OtpRequest(PERSON | {"is_mvno": "true"}, FIELDS))
    assert gateway.verification(uid).certified is False
    assert gateway.confirm_otp(uid, sandbox.world.otps[uid])
    gateway.delete_quick_member(MEMBER)
    with pytest.raises(NotFound, match="유효하지 않은 member_id입니다"):
        gateway.delete_quick_member(MEMBER)
    assert gateway.benepia_points(KEY, ACCOUNT) == 50_000
    paid = gateway.pay_by_benepia(BenepiaRequest(ACCOUNT, "J2", 9_900, "도자기 머그컵", KEY, "M1"))
    assert (paid.fields["status"], paid.fields["merchant_uid"]) == ("paid", "J2")
    assert len(set(seen)) == 7 or description is None


@pytest.mark.parametrize(
    ("call", "secrets"),
    [
        (
            lambda one: one.request_otp(OtpRequest(PERSON | {"is_mvno": "true"}, FIELDS)),
            [PERSON["name"], PERSON["phone"], PERSON["birth"]],
        ),
        (lambda one: one.confirm_otp("imp_1", "730512"), ["730512"]),
        (lambda one: one.benepia_points(KEY, ("buyer07", "Geheim!9")), ["buyer07", "Geheim!9"]),
        (lambda one: one.issue_vbank(VbankRequest("k", "J1", 1_000, "88", 1, {}, signed=True)), ["geheim-iniapi"]),
        (lambda one: one.revoke_vbank("imp_1", signed=True), ["geheim-iniapi"]),
    ],
)
def test_no_401_says_back_what_was_sent(call: Callable[[Gateway], Any], secrets: list[str]) -> None:
    sandbox = make_caller(1).sandbox

    def refusing(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            return sandbox(request)
        said = f"거절 {request.url} {request.content.decode()}"
        return httpx.Response(401, json={"code": -1, "message": said, "response": None})

    gateway = Gateway(
        "http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(refusing), pg_api_key="geheim-iniapi"
    )
    with pytest.raises(Unauthorized, match="거절") as told:
        call(gateway)
    assert not [one for one in secrets if one in str(told.value)]
