"""PAYCO and Paymentwall: each step told once and in turn; both ways of Paymentwall's no; no reading shows it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest, Moved, OutcomeUnknown, Refused
from services.gateway import Gateway
from services.gateway.pg_requests import PaycoRequest, PaymentwallRequest
from services.operations import held
from services.operations.actions.deliveries import payco, paymentwall
from services.operations.actions.deliveries.paymentwall import PaymentwallForm
from services.operations.journal import journal
from services.operations.journal.states import Why
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault
from services.tables.v1 import Payment
from tests.operations.journal.test_restored_naver import copied, put_back
from tests.worlds.operations.desk import FINANCE, Desk
from tests.worlds.operations.refusals import refused_at

ADDRESS = {
    "email": "buyer@shop.example", "firstname": "Minji", "lastname": "Kim", "phone": "01012345678", "country": "KR",
    "state": "N/A", "city": "Seoul", "street": "110 Sejong-daero", "zip": "04524",
}  # fmt: skip
CARRIER = {"carrier_type": "CJ Logistics", "carrier_tracking_id": "688900112233"}


def paid(desk: Desk, pg: str, imp_uid: str = "imp_pg") -> Payment:
    desk.sandbox.add_payment(9_000, imp_uid=imp_uid, pg_provider=pg, pay_method="card")
    return desk.payment(imp_uid)


def told(desk: Desk, payment: Payment, status: str, token: str, *before: str, **more: Any) -> int:
    return desk.ask(payco.wanted_status(token, payment, status, before, **more))


def filled(desk: Desk, status: str = "order_shipped", **more: Any) -> PaymentwallForm:
    later = int(desk.times.at) + 86_400
    own = {"delivery_at": later, "update_at": later, "carrier": CARRIER, "receiver": ADDRESS, "refundable": True}
    return PaymentwallForm(**({"type": "physical", "status": status} | own | more))


def shipped(desk: Desk, payment: Payment, form: PaymentwallForm, token: str = "t") -> int:
    held.hold(token, paymentwall.personal_of(form))
    return desk.ask(paymentwall.wanted_delivery(token, payment, form, now=desk.times.at))


def test_payco_is_told_of_shipping_and_then_of_the_confirmation_and_nothing_leads_back(desk: Desk) -> None:
    payment = paid(desk, "payco")
    with refused_at("elsewhere"):
        told(desk, payment, payco.CONFIRMED, "t0")
    numbers = [told(desk, payment, payco.SHIPPED, "t1")]
    desk.run()
    numbers.append(told(desk, payment, payco.CONFIRMED, "t2", payco.SHIPPED))
    desk.run()
    assert [desk.get(one).state for one in numbers] == ["succeeded", "succeeded"]
    assert [json.loads(body) for body in desk.bodies] == [{"status": payco.SHIPPED}, {"status": payco.CONFIRMED}]
    for status in (payco.SHIPPED, payco.CONFIRMED):
        with pytest.raises(Moved, match="on imp_pg"):
            told(desk, payment, status, f"u{status}", payco.SHIPPED, payco.CONFIRMED)


def test_after_the_confirmation_shipping_is_not_told_though_it_was_never_told_here(desk: Desk) -> None:
    payment = paid(desk, "payco")
    told(desk, payment, payco.CONFIRMED, "t", elsewhere=True)
    desk.run()
    with pytest.raises(Moved):
        told(desk, payment, payco.SHIPPED, "u")


@pytest.mark.parametrize("status", [None, "", "CANCELED"])
def test_an_order_is_never_cancelled_this_way(desk: Desk, status: str | None) -> None:
    with refused_at("status"):
        payco.wanted_status("t", paid(desk, "payco"), status, ())
    with pytest.raises(ValueError, match="refund"):
        PaycoRequest("CANCELED").body()


def test_paycos_refusal_comes_under_200_and_is_shown_word_for_word(desk: Desk) -> None:
    payment = paid(desk, "payco")
    desk.sandbox.world.payco_told["imp_pg"] = [payco.SHIPPED]
    number = told(desk, payment, payco.SHIPPED, "t")
    desk.run()
    words = "[PAYCO] 이미 처리된 주문상태입니다. (DELIVERY_START)"
    assert (desk.get(number).state, desk.get(number).message) == ("refused", words)


@pytest.mark.parametrize("pg", ["payco", "paymentwall"])
def test_a_lost_answer_waits_for_a_person_and_is_never_sent_again(desk: Desk, pg: str) -> None:
    payment = paid(desk, pg)
    number = told(desk, payment, payco.SHIPPED, "t") if pg == "payco" else shipped(desk, payment, filled(desk))
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(1_500, every=60)
    assert (desk.get(number).state, desk.get(number).why) == ("needs_person", Why.NOT_SHOWN)
    journal.send_again(desk.engine, number, FINANCE, "다시", desk.times.ours())
    desk.run(60)
    assert (desk.get(number).state, desk.gate.posts) == ("needs_person", 1)


def test_what_waited_in_a_backup_that_was_put_back_needs_a_person(sqlite_store: Engine, tmp_path: Path) -> None:
    desk = Desk(sqlite_store)
    number = told(desk, paid(desk, "payco"), payco.SHIPPED, "t")
    copied(Path(str(desk.engine.url.database)), kept := tmp_path / "backup.db")
    desk.run()
    put_back(desk, kept)
    desk.run()
    one = desk.get(number)
    assert (one.state, one.why, desk.sandbox.world.payco_told) == (
        "needs_person", Why.DATABASE_RESTORED, {"imp_pg": [payco.SHIPPED]},
    )  # fmt: skip


def test_paymentwall_is_told_of_goods_and_of_each_state_once(desk: Desk) -> None:
    payment, at = paid(desk, "paymentwall"), int(desk.times.at) + 86_400
    number = shipped(desk, payment, filled(desk))
    desk.run()
    assert desk.get(number).state == "succeeded"
    assert json.loads(desk.bodies[0]) == {
        "imp_uid": "imp_pg", "merchant_uid": payment.merchant_uid, "type": "physical", "status": "order_shipped",
        **CARRIER, "estimated_delivery_datetime": at, "estimated_update_datetime": at, "refundable": "yes",
        **{f"shipping_address_{name}": value for name, value in ADDRESS.items()},
    }  # fmt: skip
    assert not [value for value in ADDRESS.values() if f'"{value}"' in desk.get(number).request]
    with pytest.raises(Moved):
        shipped(desk, payment, filled(desk, "order_placed"), "u")
    shipped(desk, payment, filled(desk, "delivered"), "v")
    desk.run()
    assert [state for state, _number in desk.sandbox.world.paymentwall_told["imp_pg"]] == ["order_shipped", "delivered"]


def test_a_digital_product_is_there_now_and_has_no_carrier(desk: Desk) -> None:
    payment, now = paid(desk, "paymentwall"), int(desk.times.at)
    digital = {"type": "digital", "delivery_at": None, "update_at": None, "refundable": False}
    shipped(desk, payment, filled(desk, "delivered", **digital))
    desk.run()
    body = json.loads(desk.bodies[0])
    assert {name for name in body if name.startswith(("shipping", "carrier"))} == {"shipping_address_email"}
    assert (body["estimated_delivery_datetime"], body["refundable"]) == (now, "no")


def test_what_paymentwall_wants_of_goods_is_named_at_each_field(desk: Desk) -> None:
    form = filled(desk, "", carrier={}, receiver={"email": "no address"}, delivery_at=None)
    with pytest.raises(InvalidRequest) as told_of:
        paymentwall.wanted_delivery("t", paid(desk, "paymentwall"), form, now=desk.times.at)
    fields = {one.values["field"] for one in (told_of.value, *told_of.value.also)}
    assert fields == {"status", "estimated_delivery_datetime", *CARRIER, *ADDRESS}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": 0, "response": {"success": 1}}, None),
        ({"code": 0, "response": {"success": "1"}}, None),
        ({"code": 0, "response": {"error_code": 3, "error": "no", "notices": ["zip is not valid"]}}, Refused),
        ({"code": 0, "response": {"success": 1, "error_code": 3, "error": "no"}}, Refused),
        ({"code": 1, "message": "존재하지 않는 결제정보입니다", "response": None}, Refused),
        ({"code": 0, "response": {"success": 0}}, OutcomeUnknown),
        ({"code": 0, "response": None}, OutcomeUnknown),
    ],
)
def test_both_places_of_paymentwalls_answer_are_looked_at(
    desk: Desk, answer: dict[str, Any], error: type[Exception] | None
) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        return httpx.Response(200, json=answer) if path == "/paymentwall/delivery" else desk.sandbox(request)

    gateway = Gateway("http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(respond), clock=desk.times.ours)
    if error is None:
        gateway.tell_paymentwall(PaymentwallRequest({}, {}))
        return
    with pytest.raises(error) as caught:
        gateway.tell_paymentwall(PaymentwallRequest({}, {}))
    assert type(caught.value) is error
