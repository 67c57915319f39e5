"""Refunds: refused before anything is written, stopped before anything is sent, and made."""

import json
from typing import Any

import httpx
import pytest

from services.errors import Busy, InvalidRequest
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal.states import Why
from services.store.engine import reading
from services.store.lists.one import get_payment, notes_on
from services.store.sql import fetch
from services.tables.journal import Operation
from tests.worlds.instead import put_instead
from tests.worlds.operations.desk import FINANCE, STRANGER, SUPPORT, Desk
from tests.worlds.operations.refusals import refused_at


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 10_001}, "amount"),
        ({"reason": "  "}, "reason"),
        ({"reason": "가" * 256}, "reason"),
        ({"requester": None}, "requester"),
        ({"requester": "shop"}, "requester"),
        ({"tax_free": -1}, "tax_free"),
        ({"tax_free": 4_001}, "tax_free"),
        ({"tax_free": 3_000, "vat_amount": 1_001}, "vat_amount"),
        ({"account": {"refund_account": "12a4"}}, "refund_account"),
    ],
)
def test_a_form_that_cannot_be_sent_names_its_field(desk: Desk, form: dict[str, Any], field: str) -> None:
    with refused_at(field):
        desk.refund(**({"amount": 4_000} | form))


@pytest.mark.parametrize("status", ["ready", "failed", "cancelled"])
def test_only_what_is_paid_is_refunded(desk: Desk, status: str) -> None:
    row = desk.sandbox.payments["imp_0"]
    desk.sandbox.world.put_payment(row | {"status": status})
    with pytest.raises(InvalidRequest):
        desk.refund()


@pytest.mark.parametrize("missing", ["refund_bank", "refund_account", "refund_holder"])
def test_a_virtual_account_needs_an_account(desk: Desk, missing: str) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider="tosspayments", pay_method="vbank")
    account = {"refund_bank": "088", "refund_account": "110-123-456789", "refund_holder": "홍길동"}
    with refused_at(missing):
        desk.refund(imp_uid="imp_v", account=account | {missing: " "})


@pytest.mark.parametrize(
    ("pg", "written"), [("tosspayments", "088"), ("html5_inicis", "88"), ("kcp", "BK88"), ("kcp_billing", "BK88")]
)
def test_a_bank_is_named_by_its_standard_code_and_sent_as_the_pg_writes_it(desk: Desk, pg: str, written: str) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider=pg, pay_method="vbank")
    account = {"refund_bank": "088", "refund_account": "110-123-456789", "refund_holder": "홍길동"}
    desk.refund(imp_uid="imp_v", account=account)
    desk.run()
    assert json.loads(desk.bodies[0])["refund_bank"] == written


@pytest.mark.parametrize(
    ("name", "typed"),
    [("refund_bank", "88"), ("refund_bank", "BK88"), ("refund_bank", "０８８"), ("refund_account", "１１０１２３")],
)
def test_codes_and_numbers_of_accounts_are_plain_digits(desk: Desk, name: str, typed: str) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider="kcp", pay_method="vbank")
    account = {"refund_bank": "088", "refund_account": "110-123-456789", "refund_holder": "홍길동"}
    with refused_at(name):
        desk.refund(imp_uid="imp_v", account=account | {name: typed})


def test_the_holders_phone_is_asked_for_where_the_pg_wants_it(desk: Desk) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider="smartro_v2", pay_method="vbank")
    account = {"refund_bank": "088", "refund_account": "110-123-456789", "refund_holder": "홍길동"}
    with refused_at("refund_tel"):
        desk.refund(imp_uid="imp_v", account=account)
    assert desk.refund(imp_uid="imp_v", account=account | {"refund_tel": "010-1234-5678"})


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    number = desk.refund(who=STRANGER)
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.NOT_ALLOWED, 0)


def test_what_the_console_refunded_since_stops_it(desk: Desk) -> None:
    number = desk.refund()
    desk.sandbox.refund("imp_0", 1_000, "콘솔에서 환불")
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.BALANCE_CHANGED, 0)
    with reading(desk.engine) as conn:
        kept = get_payment(conn, "imp_0")
    assert kept is not None
    assert kept.cancel_amount == 1_000


def test_a_payment_that_is_gone_is_refused_in_the_gateways_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number, whole = desk.refund(), desk.gate.answer

    def gone(request: httpx.Request, operation: Operation | None, fault: str | None) -> httpx.Response:
        if request.url.path == "/payments/imp_0":
            request = httpx.Request(request.method, "http://gate/payments/imp_9", headers=request.headers)
        return whole(request, operation, fault)

    monkeypatch.setattr(desk.gate, "answer", gone)
    desk.run()
    told = desk.get(number)
    assert (told.state, told.message, told.why, desk.gate.posts) == (
        "refused", "존재하지 않는 결제정보입니다.", None, 0
    )  # fmt: skip


def test_a_payment_that_failed_since_is_not_refunded(desk: Desk) -> None:
    number = desk.refund()
    desk.sandbox.world.put_payment(desk.sandbox.payments["imp_0"] | {"status": "failed"})
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.NOT_REFUNDABLE, 0)


def test_a_refusal_of_the_pg_is_kept_word_for_word(desk: Desk) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_p", pg_provider="danal", pay_method="phone")
    number = desk.refund(imp_uid="imp_p")
    desk.run()
    assert (desk.get(number).state, desk.get(number).message) == (
        "refused", "휴대폰 소액결제는 부분취소를 할 수 없습니다."
    )  # fmt: skip


def test_a_second_person_is_told_who_is_at_it(desk: Desk) -> None:
    desk.refund()
    with pytest.raises(Busy, match=SUPPORT.name):
        desk.refund(who=FINANCE, token="u")


def test_partial_refund_leaves_the_rest_refundable(desk: Desk) -> None:
    first = desk.refund(4_000)
    desk.run()
    second = desk.refund(6_000, token="u")
    desk.run()
    assert [desk.get(one).cancel_amount for one in (first, second)] == [4_000, 10_000]
    assert desk.sandbox.payments["imp_0"]["status"] == "cancelled"


def test_the_same_amount_and_reason_twice_are_two_refunds(desk: Desk) -> None:
    numbers = []
    for token in ("t", "u"):
        numbers.append(desk.refund(1_000, token=token))
        desk.run()
    ids = [desk.get(one).cancellation_id for one in numbers]
    assert ids == [one["cancellation_id"] for one in desk.sandbox.payments["imp_0"]["cancel_history"]]


def test_what_is_sent_names_amount_balance_reason_and_requester(desk: Desk) -> None:
    desk.refund(4_000, requester="admin", enable_webhook=True)
    desk.run()
    assert json.loads(desk.bodies[0]) == {
        "imp_uid": "imp_0", "amount": 4_000, "checksum": 10_000, "reason": "단순 변심",
        "extra": {"requester": "admin"}, "enable_webhook": True,
    }  # fmt: skip


def test_a_promotion_is_kept_where_there_is_one_and_somebody_says_so(desk: Desk) -> None:
    with refused_at("retain_promotion"):
        desk.refund(4_000, retain_promotion=True)
    extra = json.dumps({"promotion": {"id": "promotion-id-1", "discount": 600}})
    asked = wanted_refund(
        "t", desk.payment(extra=extra), RefundForm(4_000, 10_000, "단순 변심", "customer", retain_promotion=True),
        approval_from=None,
    )  # fmt: skip
    desk.ask(asked)
    desk.run()
    assert json.loads(desk.bodies[0])["retain_promotion"] is True
    assert desk.sandbox.world.promotions_kept == {"imp_0"}


def test_dollars_are_sent_with_their_cents(desk: Desk) -> None:
    row = {"pg_provider": "paypal_v2", "pay_method": "paypal", "currency": "USD"}
    desk.sandbox.add_payment(50, imp_uid="imp_d", **row)
    number = desk.refund(1_025, imp_uid="imp_d")
    put_instead(desk.gate, "balance", lambda _operation: 5_000)
    desk.run()
    assert b'"amount":10.25' in desk.bodies[0]
    assert b'"checksum":50' in desk.bodies[0]
    assert (desk.get(number).state, desk.get(number).cancel_amount) == ("succeeded", 1_025)


def test_a_virtual_account_is_refunded_to_an_account_that_is_masked_afterwards(desk: Desk) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider="tosspayments", pay_method="vbank")
    account = {"refund_bank": "088", "refund_account": "110-123-456789", "refund_holder": "홍길동"}
    number = desk.refund(imp_uid="imp_v", account=account)
    desk.run()
    assert json.loads(desk.bodies[0])["refund_account"] == "110123456789"
    assert desk.get(number).state == "succeeded"
    assert "110123456789" not in desk.get(number).request


def test_all_that_has_to_be_mended_is_told_at_once_the_first_of_each_field(desk: Desk) -> None:
    desk.sandbox.add_payment(10_000, imp_uid="imp_v", pg_provider="tosspayments", pay_method="vbank")
    with pytest.raises(InvalidRequest) as caught:
        desk.refund(
            imp_uid="imp_v",
            amount=10_001,
            reason=" ",
            requester=None,
            note="카드 4111 1111 1111 1111",
            account={"refund_bank": "088"},
        )
    told = [caught.value, *caught.value.also]
    assert [one.values["field"] for one in told] == [
        "amount",
        "reason",
        "requester",
        "note",
        "refund_account",
        "refund_holder",
    ]
    with reading(desk.engine) as conn:
        assert not fetch(conn, "SELECT 1 FROM operation")
        assert not fetch(conn, "SELECT 1 FROM note")


def test_the_note_for_colleagues_stays_here_and_the_reason_goes(desk: Desk) -> None:
    inside = "진상 고객, 다음엔 거절"
    first = desk.refund(note=f" {inside} ")
    assert desk.refund(note=inside) == first  # the second click of one form
    desk.run()
    (body,) = desk.bodies
    assert json.loads(body)["reason"] == "단순 변심"
    assert inside not in json.dumps(json.loads(body), ensure_ascii=False)
    assert inside not in str(desk.queries)
    assert inside not in json.dumps(desk.sandbox.payments["imp_0"], ensure_ascii=False, default=str)
    with reading(desk.engine) as conn:
        assert [(one.text, one.written_by) for one in notes_on(conn, ["imp_0"])] == [(inside, SUPPORT.name)]
