"""The form of a charge: the minimum's exact words, a second charge today, and what becomes of it."""

import time
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from services.clock import seoul
from services.operations.journal import journal
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import (
    CARD_KEY,
    GONE_KEY,
    NAVER_KEY,
    charge_page,
    field,
    fill,
    moved,
    operations,
    press,
    refused_as_typed,
)
from tests.worlds.screens.screens import payment, run_page, texts

FAILED = "[한도초과] 카드 이용한도를 초과하였습니다."


def charge_of_today(
    engine: Engine, imp_uid: str, amount: int, *, at: int = 0, status: str = "paid", **more: Any
) -> None:
    """A payment with the Naver Pay key, made elsewhere."""
    row = {"customer_uid": NAVER_KEY, "customer_uid_usage": "payment"} | more
    now = int(time.time())
    with writing(engine) as conn:
        upsert_payments(conn, [payment(imp_uid, at or now - 5, status, amount, **row)], as_of=now * 1000)


def filled(at: AppTest, **more: Any) -> AppTest:
    return fill(at, **({"amount": "9,900", "name": "사과 정기배송"} | more))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "less than minimum amount (100 won)"), ("ko", "최소 결제 금액은 100원입니다")],
)
def test_naver_pays_minimum_is_said_in_exactly_these_words(engine: Engine, language: str, words: str) -> None:
    at = press(filled(charge_page(language=language), amount="99"), "review_it")
    assert [error.value for error in at.error] == [words]
    assert field(at, "amount").value == "99"
    assert not operations(engine)


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        (NAVER_KEY, {"amount": ""}, "Type an amount."),
        (NAVER_KEY, {"amount": "-5"}, "The amount must be above 0."),
        (NAVER_KEY, {"amount": "만원"}, "This is not an amount: type it like 12,000."),
        (NAVER_KEY, {"name": " "}, "Say what it is for: the buyer sees this name."),
        (NAVER_KEY, {"tax_free": "9901"}, "It must lie between 0 and the amount."),
        (
            NAVER_KEY,
            {"naver_use_cfm": seoul(time.time() - 2 * 86_400).date()},
            "The day of use is the day of payment in Seoul or later.",
        ),
        (
            CARD_KEY,
            {"again": True, "card_quota": 3, "amount": "49,999"},
            "Instalments are 2 months or more, from 50,000 won on.",
        ),
        (CARD_KEY, {"again": False}, "This buyer was charged today already: say that you mean it."),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field_and_stays_typed(
    engine: Engine, key: str, typed: dict[str, Any], sentence: str
) -> None:
    at = press(filled(charge_page(key), **typed), "review_it")
    refused_as_typed(at, sentence, typed)
    assert not operations(engine)


def test_naver_pay_has_no_instalments_and_others_no_day_of_use(engine: Engine) -> None:
    with pytest.raises(AssertionError):
        field(charge_page(NAVER_KEY), "card_quota")
    with pytest.raises(AssertionError):
        field(charge_page(CARD_KEY), "naver_use_cfm")


def test_a_charge_is_looked_at_and_then_written_down_with_an_order_number(engine: Engine) -> None:
    today = seoul(time.time()).date()
    at = press(filled(charge_page(role=Role.SUPPORT), naver_use_cfm=today, tax_free="900"), "review_it")
    assert not operations(engine)
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.state, operation.amount, operation.customer_uid) == (State.INTENT, 9_900, NAVER_KEY)
    assert journal.asked(operation) == {
        "name": "사과 정기배송",
        "tax_free": 900,
        "naver_use_cfm": today.strftime("%Y%m%d"),
    }
    assert operation.merchant_uid


def test_a_second_charge_today_is_a_decision(engine: Engine) -> None:
    at = charge_page(CARD_KEY)
    assert "₩70,000" in field(at, "again").label
    press(press(filled(at, again=True), "review_it"), "send")
    assert len(operations(engine)) == 1


def test_somebody_elses_charge_since_the_last_look_brings_back_the_form_and_the_question(engine: Engine) -> None:
    mine = press(filled(charge_page()), "review_it")
    other = press(filled(charge_page(role=Role.SUPPORT)), "review_it")
    press(other, "send")
    made = moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    mine = press(mine, "send")
    assert operations(engine) == [made]
    assert "support@example.com was faster" in mine.warning[0].value.translate({0x5C: None, 0x2060: None})
    assert (field(mine, "amount").value, field(mine, "again").value) == ("9,900", False)
    press(press(fill(mine, again=True), "review_it"), "send")
    assert [one.state for one in operations(engine)] == [State.INTENT, State.SUCCEEDED]


def test_what_was_ticked_for_one_charge_does_not_stand_for_another(engine: Engine) -> None:
    at = filled(charge_page(CARD_KEY), again=True)
    charge_of_today(engine, "imp_300000000001", 5_000, customer_uid=CARD_KEY)
    at = press(at, "review_it")
    assert [error.value for error in at.error] == ["This buyer was charged today already: say that you mean it."]


def test_only_what_was_paid_today_asks_for_a_decision(engine: Engine) -> None:
    now = int(time.time())
    charge_of_today(engine, "imp_300000000001", 9_900, customer_uid_usage="issue")
    with pytest.raises(AssertionError):
        field(charge_page(), "again")
    charge_of_today(engine, "imp_300000000002", 7_000)
    for number in range(6):
        charge_of_today(engine, f"imp_30000000001{number}", 100, at=now - number, status="failed")
    assert "₩7,000" in field(charge_page(), "again").label


def test_a_failed_charge_stays_with_its_reason_word_for_word(engine: Engine) -> None:
    at = press(press(filled(charge_page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message=FAILED, imp_uid="imp_100000000004")
    at.run()
    assert FAILED in [block.value.strip("\n") for block in at.code]
    assert "limit is used up" in texts(at)


def test_a_key_that_is_gone_has_no_form(engine: Engine) -> None:
    at = charge_page(GONE_KEY)
    assert "gone since" in at.error[0].value
    assert not [button for button in at.button if button.key == "review_it"]


def test_an_unknown_key_says_where_to_begin(engine: Engine) -> None:
    assert charge_page("nobody").info


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_a_role_that_may_not_charge_has_no_such_page(engine: Engine, role: Role) -> None:
    with pytest.raises(ValueError, match="page"):
        charge_page(role=role)


def test_a_payment_by_key_leads_to_the_form(engine: Engine) -> None:
    at = run_page("payment", role=Role.SUPPORT, query={"imp_uid": "imp_100000000009"})
    assert at.button(key="charge").label
