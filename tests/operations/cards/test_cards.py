"""Cards by their number: charged and registered once, whatever goes wrong; lost answers are read, never sent again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.cards.card import checked_card
from services.errors import Busy, InvalidRequest
from services.operations import held
from services.operations.actions.cards import card_charges
from services.operations.actions.cards.forms import CardChargeForm, KeyForm, wanted_card_charge, wanted_registration
from services.operations.journal import journal
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.store.lists.one import get_billing_key, get_payment
from tests.operations.cards.desks import (
    BROKE,
    BUYER,
    NOW,
    REFUSED,
    SAID_BACK,
    UNSURE,
    card,
    channel,
    charge,
    number,
    register,
)
from tests.worlds.operations.card_entries import CardEntering
from tests.worlds.operations.desk import FINANCE, SUPPORT, Desk
from tests.worlds.operations.every_request import after_deaths, after_faults
from tests.worlds.operations.refusals import refused_at
from tests.worlds.operations.run import histories
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

CARD_ERROR = "[카드오류] 409202******0003 / 4092-02**-****-0003 ****** ** *******"
Ask = Callable[..., int]
BOTH = pytest.mark.parametrize("ask", [charge, register])


def test_a_card_is_charged_and_the_row_has_its_last_four_digits_alone(desk: Desk) -> None:
    asked = charge(desk, tax_free=1_000, card_quota=3)
    desk.run()
    operation, sent = desk.get(asked), json.loads(desk.bodies[0])
    assert operation.state == "succeeded"
    assert sent == {
        "merchant_uid": operation.merchant_uid, "amount": 60_000, "name": "전화 주문", "pg": "html5_inicis.MOIjangbu2",
        "tax_free": 1_000, "card_quota": 3, **BUYER, "card_number": card().fields["card_number"],
        "expiry": "2030-12", "birth": "900307", "pwd_2digit": "47",
    }  # fmt: skip
    assert json.loads(operation.request)["card_end"] == "1234"
    with reading(desk.engine) as conn:
        payment = get_payment(conn, operation.imp_uid or "")
    assert payment
    assert (payment.amount, payment.card_number) == (60_000, f"409202******{number()[-4:]}")


def test_a_key_is_made_of_a_card_and_kept(desk: Desk) -> None:
    asked = register(desk)
    desk.run()
    assert desk.get(asked).state == "succeeded"
    with reading(desk.engine) as conn:
        key = get_billing_key(conn, "phone1")
    assert key
    assert (key.card_number or "")[-4:] == "1234"


@pytest.mark.parametrize(
    ("ask", "ends", "message"),
    [
        (charge, UNSURE, "카드정보 인증에 실패하였습니다."),
        (charge, BROKE, "[한도초과] 카드 이용한도를 초과하였습니다."),
        (charge, SAID_BACK, CARD_ERROR),
        (register, UNSURE, "카드정보 인증 및 빌키 발급에 실패하였습니다."),
        (register, REFUSED, "[거래거절] 카드사에서 빌링키 발급을 거절하였습니다."),
        (register, SAID_BACK, CARD_ERROR),
    ],
)
def test_a_refusal_stands_in_the_pgs_words_without_the_card(desk: Desk, ask: Ask, ends: str, message: str) -> None:
    asked = ask(desk, of=card(ends))
    desk.run()
    assert (desk.get(asked).state, desk.get(asked).message, desk.gate.posts) == ("refused", message, 1)
    assert held.held("t") is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"card_number": "4092-0230-1234-1234"}, "card_number"),
        ({"card_number": "4092"}, "card_number"),
        ({"card_number": ""}, "card_number"),
        ({"expiry": "13/30"}, "expiry"),
        ({"expiry": "01/20"}, "expiry"),
        ({"birth": "901301"}, "birth"),
        ({"birth": "1234567890"}, "birth"),
        ({"pwd_2digit": "1"}, "pwd_2digit"),
        ({"cvc": "12"}, "cvc"),
    ],
)
def test_a_card_that_is_none_is_refused_without_a_word_of_it(typed: dict[str, str], field: str) -> None:
    whole = {"card_number": number(), "expiry": "12/30"} | typed
    with pytest.raises(InvalidRequest) as told:
        checked_card(whole, (), NOW)
    assert told.value.values == {"field": field}
    assert not any(text and text in f"{told.value!r} {told.value}" for text in typed.values())


@pytest.mark.parametrize(("text", "sent"), [("12/30", "2030-12"), ("1230", "2030-12"), ("2030-12", "2030-12")])
def test_an_expiry_is_read_as_it_is_printed(text: str, sent: str) -> None:
    assert checked_card({"card_number": number(), "expiry": text}, (), NOW).fields["expiry"] == sent


@pytest.mark.parametrize(
    ("pg", "more", "field"),
    [
        ("naverpay", {}, "channel_key"),
        ("html5_inicis", {"personal": {}}, "buyer_name"),
        ("ksnet", {"personal": BUYER}, "product_type"),
        ("tosspayments", {"customer_uid": "u1"}, "customer_uid"),
        ("nice", {"amount": 0}, "amount"),
        ("nice", {"name": ""}, "name"),
        ("nice", {"merchant_uid": "a b"}, "merchant_uid"),
        ("nice", {"card_quota": 3, "amount": 49_999}, "card_quota"),
        ("nice", {"vat_amount": 60_000, "tax_free": 1}, "vat_amount"),
    ],
)
def test_what_a_pg_does_not_take_is_said_beside_the_field(pg: str, more: dict[str, Any], field: str) -> None:
    form = CardChargeForm(**({"amount": 60_000, "name": "전화 주문"} | more))
    with pytest.raises(InvalidRequest) as told:
        wanted_card_charge("t", channel(pg), form)
    assert field in {one.values["field"] for one in (told.value, *told.value.also)}


def test_a_channel_of_the_window_takes_no_card() -> None:
    with refused_at("channel_key"):
        wanted_registration("t", channel(type="payment"), KeyForm("u1"))


def test_the_shops_own_order_number_is_used_once(desk: Desk) -> None:
    charge(desk, merchant_uid="PHONE-1")
    desk.run()
    with refused_at("merchant_uid"):
        charge(desk, "u", merchant_uid="PHONE-1")
    order = desk.sandbox.payments["imp_0"]["merchant_uid"]
    asked = charge(desk, "v", merchant_uid=order)
    desk.run()
    assert (desk.get(asked).state, desk.get(asked).why, desk.gate.posts) == ("refused", Why.ORDER_USED, 1)


def test_what_a_buyer_paid_under_the_shops_order_number_meanwhile_is_not_taken_for_the_card(desk: Desk) -> None:
    asked = charge(desk, merchant_uid="PHONE-1")
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run()
    desk.sandbox.add_payment(60_000, imp_uid="imp_window", merchant_uid="PHONE-1", channel="mobile")
    desk.run(1_500, every=60)
    assert (desk.get(asked).state, desk.get(asked).imp_uid, desk.gate.posts) == ("needs_person", None, 1)


def test_a_card_that_may_have_been_charged_is_not_charged_as_much_again(desk: Desk) -> None:
    first = charge(desk)
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(1_500, every=60)
    assert desk.get(first).state == "needs_person"
    with pytest.raises(Busy):
        charge(desk, "u")
    charge(desk, "v", amount=50_000)
    charge(desk, "w", of=card("2468"))
    journal.settle(desk.engine, first, FINANCE, done=False, note="카드사에 없음", now=desk.times.ours())
    charge(desk, "x")


def test_a_key_is_replaced_only_where_somebody_said_so(desk: Desk) -> None:
    asked = register(desk, uid="key0")
    desk.run()
    assert (desk.get(asked).why, desk.gate.posts) == (Why.KEY_EXISTS, 0)
    asked = register(desk, "u", uid="key0", replaces=True)
    desk.run()
    assert (desk.get(asked).state, desk.gate.posts) == ("succeeded", 1)


def test_a_charge_that_keeps_its_card_never_takes_the_place_of_another_one(desk: Desk) -> None:
    asked = charge(desk, customer_uid="key0")
    desk.run()
    assert (desk.get(asked).state, desk.get(asked).why, desk.gate.posts) == ("refused", Why.KEY_EXISTS, 0)
    asked = charge(desk, "u", customer_uid="phone1")
    desk.run()
    assert (desk.get(asked).state, desk.gate.posts) == ("succeeded", 1)


def test_while_a_card_goes_under_a_key_nothing_else_goes_on_it(desk: Desk) -> None:
    register(desk, uid="key0", replaces=True)
    with pytest.raises(Busy):
        desk.charge(key="key0", token="u")
    with pytest.raises(Busy):
        charge(desk, "v", customer_uid="key0")


@BOTH
@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BROKEN_JSON, Fault.BAD_GATEWAY_AFTER])
def test_a_lost_answer_is_read_and_never_sent_again(desk: Desk, ask: Ask, fault: Fault) -> None:
    asked = ask(desk)
    desk.call_faults = [fault]
    desk.run(30, every=5)
    assert (desk.get(asked).state, desk.gate.posts, held.held("t")) == ("succeeded", 1, None)


@BOTH
def test_what_never_came_needs_a_person_who_cannot_send_it_without_the_card(desk: Desk, ask: Ask) -> None:
    asked = ask(desk)
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(3_000, every=60)
    assert (desk.get(asked).state, desk.gate.posts) == ("needs_person", 1)
    journal.send_again(desk.engine, asked, FINANCE, "다시", desk.times.ours())
    desk.run(10)
    assert (desk.get(asked).state, desk.get(asked).why, desk.gate.posts) == ("needs_person", Why.CARD_GONE, 1)


@BOTH
def test_where_nobody_holds_the_card_any_more_nothing_is_sent(desk: Desk, ask: Ask) -> None:
    asked = ask(desk)
    held.forget("t")
    desk.run()
    assert (desk.get(asked).state, desk.get(asked).why, desk.gate.posts) == ("refused", Why.CARD_GONE, 0)


def test_any_fault_at_any_request_ends_as_it_stands_at_the_gateway(tmp_path: Path) -> None:
    states = set()
    for ended in after_faults(tmp_path, (charge, register), requests=6, least=24):
        states.add(ended.operation.state)
        ended.stands()
        assert held.held(ended.operation.token) is None, ended.told
    assert "succeeded" in states
    assert states <= {"succeeded", "refused", "expired", "needs_person"}


def test_a_process_that_dies_at_any_request_leaves_nothing_done_twice(tmp_path: Path) -> None:
    for ended in after_deaths(tmp_path, (charge, register), requests=5, least=12):
        ended.stands()
        assert ended.operation.state in ("succeeded", "refused", "needs_person"), ended.told


def test_a_person_may_say_what_came_of_it(desk: Desk) -> None:
    asked = register(desk)
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(3_000, every=60)
    journal.settle(desk.engine, asked, SUPPORT, done=False, note="콘솔에 없음", now=desk.times.ours())
    again = register(desk, "u")
    desk.run()
    assert [desk.get(one).state for one in (asked, again)] == ["refused", "succeeded"]


def test_whatever_happens_a_card_is_charged_and_registered_once_and_the_journal_says_so(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 2000 cards`.
    for found in histories(Journals(tmp_path), range(seeds(2_000, least=4)), kind=CardEntering):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"
    held._held.clear()


def test_without_a_look_at_the_order_number_the_simulator_turns_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_charges, "look", lambda _gateway, _operation: None)
    assert any(found.wrong for found in histories(Journals(tmp_path), range(40), kind=CardEntering))
    held._held.clear()
