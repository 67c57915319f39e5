"""Charges: refused before anything is written, stopped before anything is sent, and made once."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from services.errors import Busy, InvalidRequest, Moved
from services.operations.actions import charges
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.parameters.order_numbers import new_order_number
from services.operations.journal import journal
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.tables.v1 import BillingKey
from tests.worlds.operations.desk import FINANCE, STRANGER, SUPPORT, Desk
from tests.worlds.operations.refusals import refused_at
from tests.worlds.sandboxes import UNTIL

CALL = 3
FORM = ChargeForm(amount=60_000, name="구독")


def wanted(pg: str = "html5_inicis", *, deleted: bool = False, **form: Any) -> Any:
    key = BillingKey(customer_uid="key0", pg_provider=pg, deleted_at=1 if deleted else None)
    return wanted_charge("t", key, replace(FORM, **form), minimum=100, now=UNTIL)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"name": " "}, "name"),
        ({"name": "이" * 41}, "name"),
        ({"tax_free": 60_001}, "tax_free"),
        ({"card_quota": 1}, "card_quota"),
        ({"card_quota": 3, "amount": 49_999}, "card_quota"),
        ({"card_quota": 3, "pg": "naverpay"}, "card_quota"),
        ({"naver_use_cfm": "20991231"}, "naver_use_cfm"),
        ({"naver_use_cfm": "20200101", "pg": "naverpay"}, "naver_use_cfm"),
        ({"naver_use_cfm": "2099-1-1", "pg": "naverpay"}, "naver_use_cfm"),
        ({"deleted": True}, "customer_uid"),
    ],
)
def test_a_form_that_cannot_be_sent_names_its_field(form: dict[str, Any], field: str) -> None:
    with refused_at(field):
        wanted(**form)


def test_99_won_are_refused_with_the_minimums_message() -> None:
    with pytest.raises(InvalidRequest, match=re.escape("less than minimum amount (100 won)")):
        wanted("naverpay", amount=99)
    assert wanted("naverpay", amount=100).amount == 100


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    number = desk.charge(who=STRANGER)
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.NOT_ALLOWED, 0)


def test_a_key_that_was_deleted_since_is_not_charged(desk: Desk) -> None:
    number = desk.charge()
    del desk.sandbox.world.billing_keys["key0"]
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.KEY_DELETED, 0)


def test_a_failed_charge_keeps_its_reason_word_for_word(desk: Desk) -> None:
    number = desk.charge(key="key1")
    desk.run()
    assert (desk.get(number).state, desk.get(number).message) == (
        "refused", "[한도초과] 카드 이용한도를 초과하였습니다."
    )  # fmt: skip


def test_the_minimum_holds_for_a_key_that_was_only_discovered(desk: Desk) -> None:
    desk.sandbox.world.billing_keys["key0"]["pg_provider"] = "naverpay"
    key, form = BillingKey(customer_uid="key0"), replace(FORM, amount=99)
    asked = wanted_charge("t", key, form, minimum=100, now=desk.times.ours())
    number = journal.record(desk.engine, asked, SUPPORT, desk.times.ours()).id
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.BELOW_MINIMUM, 0)
    asked = wanted_charge("u", key, replace(form, amount=100), minimum=100, now=desk.times.ours())
    number = journal.record(desk.engine, asked, SUPPORT, desk.times.ours()).id
    desk.run()
    assert (desk.get(number).state, b"minimum" in desk.bodies[0]) == ("succeeded", False)


def test_a_failure_that_is_not_final_is_told_word_for_word_until_it_ends(desk: Desk) -> None:
    desk.sandbox.world.billing_keys["key1"]["pg_provider"] = "paypal_v2"
    number = desk.charge(key="key1")
    desk.faults = {CALL: Fault.LOST_AFTER}
    words = "[한도초과] 카드 이용한도를 초과하였습니다."
    desk.run()
    assert desk.get(number).why == Why.ANSWER_LOST
    for seconds, state in ((5, "unknown"), (1_000, "needs_person")):
        desk.run(seconds, every=seconds / 5)
        told = desk.get(number)
        assert (told.state, told.message, told.why) == (state, words, Why.FAILED_FOR_NOW)


@pytest.mark.parametrize("pg", ["paypal", "paypal_v2"])
def test_a_failure_that_is_not_final_is_told_at_once(desk: Desk, pg: str) -> None:
    desk.sandbox.world.billing_keys["key1"]["pg_provider"] = pg
    number = desk.charge(key="key1")
    desk.run()
    told = desk.get(number)
    assert (told.state, told.message, told.why) == (
        "unknown", "[한도초과] 카드 이용한도를 초과하였습니다.", Why.FAILED_FOR_NOW
    )  # fmt: skip


@pytest.mark.parametrize("order", [("failed", "pending"), ("pending", "failed")])
def test_while_one_attempt_under_its_number_may_still_be_paid_it_is_not_refused(
    desk: Desk, order: tuple[str, str]
) -> None:
    number = desk.charge()
    operation, at = desk.get(number), int(desk.times.at)
    for status in order:
        fields = {"status": status, "failed_at": at if status == "failed" else 0, "pg_provider": "html5_inicis"}
        desk.sandbox.world.add_payment(9_900, at, merchant_uid=operation.merchant_uid, customer_uid="key0", **fields)
    found = charges.look(desk.executor.gateway, operation)
    assert found is not None
    assert found.state == "unknown"


def test_a_second_charge_of_a_key_waits_for_the_first(desk: Desk) -> None:
    desk.charge()
    with pytest.raises(Busy, match=SUPPORT.name):
        desk.charge(token="u", who=FINANCE)


def test_a_charge_that_the_person_has_not_seen_makes_theirs_another_question(desk: Desk) -> None:
    stale = replace(wanted(), token="mine", seen=0)
    failed = desk.charge(token="broken", key="key0", who=FINANCE)
    del desk.sandbox.world.billing_keys["key0"]
    desk.run()
    assert desk.get(failed).state == "refused"
    desk.sandbox.world.billing_keys["key0"] = {"customer_uid": "key0", "pg_provider": "html5_inicis"}
    journal.record(desk.engine, replace(stale, token="unmoved"), SUPPORT, desk.times.ours())
    desk.run()
    with pytest.raises(Moved, match=SUPPORT.name):
        journal.record(desk.engine, stale, FINANCE, desk.times.ours())
    assert desk.gate.posts == 1


def test_a_charge_is_made_under_its_own_order_number(desk: Desk) -> None:
    number = desk.charge()
    order = desk.get(number).merchant_uid or ""
    desk.run()
    assert (desk.get(number).state, [desk.get(number).imp_uid]) == ("succeeded", desk.made(number))
    assert json.loads(desk.bodies[0]) == {
        "customer_uid": "key0", "merchant_uid": order, "amount": 9_900, "name": "구독"
    }  # fmt: skip


def test_order_numbers_are_plain_short_and_never_the_same() -> None:
    made = {new_order_number() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(re.fullmatch("[A-Za-z0-9]{1,40}", one) for one in made)
