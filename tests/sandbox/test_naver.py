"""Naver Pay's payment type at the sandbox, and what the client makes of its refusals, which come as HTTP 500."""

import httpx
import pytest

from services.errors import BadRequest, NotFound, OutcomeUnknown, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.payloads import NaverCashAmount
from services.gateway.pg_requests import NaverConfirmRequest
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault, Plan, calls
from services.sandbox.sandbox import Sandbox
from tests.worlds.operations.gate import Times, small_world

ADMIN = NaverConfirmRequest("admin")


@pytest.fixture
def sandbox() -> Sandbox:
    return small_world(Times())


@pytest.fixture
def gateway(sandbox: Sandbox) -> Gateway:
    return Gateway("http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox), clock=sandbox.clock)


def test_an_order_is_confirmed_for_good_and_a_second_time_refused_in_navers_words(
    sandbox: Sandbox, gateway: Gateway
) -> None:
    gateway.confirm_naver("imp_0", ADMIN)
    with pytest.raises(Refused, match="이미 거래완료 처리된 주문입니다") as caught:
        gateway.confirm_naver("imp_0", ADMIN)
    assert caught.value.refusal.status == 500
    assert sandbox.world.naver_confirmed == {"imp_0": "admin"}


def test_no_description_refuses_points_a_second_time_so_the_sandbox_credits_them_again(
    sandbox: Sandbox, gateway: Gateway
) -> None:
    gateway.credit_naver_points("imp_0")
    gateway.credit_naver_points("imp_0")
    assert sandbox.world.naver_points == {"imp_0": 2}


def test_other_payments_and_unknown_ones_are_refused(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.add_payment(9_000, imp_uid="imp_card", pg_provider="nice_v2", pay_method="card")
    sandbox.refund("imp_1", 10_000, "환불")
    with pytest.raises(NotFound):
        gateway.confirm_naver("imp_none", ADMIN)
    with pytest.raises(BadRequest, match="결제형"):
        gateway.naver_cash_amount("imp_card")
    for imp_uid in ("imp_card", "imp_1"):
        with pytest.raises(Refused):
            gateway.confirm_naver(imp_uid, ADMIN)
        with pytest.raises(Refused):
            gateway.credit_naver_points(imp_uid)


def test_a_receipt_is_due_for_bank_money_and_bought_points_after_refunds(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.add_payment(11_000, imp_uid="imp_bank", pg_provider="naverpay", pay_method="naverpay", bank_code="088")
    sandbox.refund("imp_bank", 5_500, "환불")
    sandbox.world.naver_npoints["imp_0"] = 2_200
    assert gateway.naver_cash_amount("imp_bank") == NaverCashAmount(5_500, 0, 5_500, 5_000, 500)
    assert gateway.naver_cash_amount("imp_0") == NaverCashAmount(2_200, 2_200, 0, 2_000, 200)
    assert gateway.naver_cash_amount("imp_2").amount_total == 0


def test_what_naver_does_not_say_is_shown_and_not_asked_for_again(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.world.naver_silent.add("imp_0")
    gateway.channels()
    asked = gateway.requests
    with pytest.raises(Refused, match="실패"):
        gateway.naver_cash_amount("imp_0")
    assert gateway.requests == asked + 1


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BAD_GATEWAY, Fault.BROKEN_JSON, Fault.TOO_MANY])
def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(
    sandbox: Sandbox, gateway: Gateway, fault: Fault
) -> None:
    sandbox.plans = [Plan(fault, picks=calls("POST", "/payments/imp_0/naver"))]
    with pytest.raises(OutcomeUnknown):
        gateway.confirm_naver("imp_0", ADMIN)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, {"code": 1, "message": "네이버페이 오류", "response": None}, Refused),
        (500, {"code": 1, "message": "", "response": None}, OutcomeUnknown),
        (500, {"code": 0, "message": "?", "response": None}, OutcomeUnknown),
        (500, {"message": "Internal Server Error"}, OutcomeUnknown),
        (502, {"code": 1, "message": "네이버페이 오류", "response": None}, OutcomeUnknown),
        (200, {"code": 0, "message": None, "response": {"amount_total": "x"}}, UnreadableAnswer),
    ],
)
def test_only_a_500_with_words_in_the_envelope_is_the_pgs_answer(
    sandbox: Sandbox, status: int, body: dict[str, object], error: type[Exception]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json=body) if "/naver/" in request.url.path else sandbox(request)

    gateway = Gateway("http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(answer), clock=sandbox.clock)
    with pytest.raises(error) as caught:
        gateway.naver_cash_amount("imp_0")
    assert type(caught.value) is error
