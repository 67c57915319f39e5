"""Naver Pay on the screen of a payment: where it applies, who may, what the last look says, and that it was done."""

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process import answers
from dashboard.settings import Role
from services.errors import BadRequest, Refusal
from services.gateway.payloads import NaverCashAmount
from services.operations.actions.naver.confirmations import wanted_confirmation
from services.operations.journal import journal
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import (
    CARD,
    NAVER,
    OTHER,
    field,
    money_store,
    moved,
    operations,
    press,
    settled,
)
from tests.worlds.screens.screens import run_page, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")
PARTLY, CANCELLED, READY = "imp_100000000002", "imp_100000000003", "imp_100000000005"
WAYS = {"naver_confirm": "Confirm the order", "naver_points": "Have the points credited"}


def links(at: AppTest) -> set[str]:
    """The ways to Naver Pay that a payment's screen shows."""
    return {one.proto.label for one in at.get("page_link")} & set(WAYS.values())


def said(at: AppTest) -> str:
    """What a page says, without the signs that keep Markdown out of it."""
    return texts(at).replace("\\", "").replace("\u2060", "")


def payment_page(imp_uid: str = NAVER, **how: Any) -> AppTest:
    return run_page("payment", query={"imp_uid": imp_uid}, **how)


def order_page(name: str = "naver_confirm", imp_uid: str = NAVER, **how: Any) -> AppTest:
    return settled(run_page(name, query={"imp_uid": imp_uid}, **how))


@pytest.mark.parametrize(
    ("imp_uid", "shown"),
    [(NAVER, True), (PARTLY, True), (CANCELLED, False), (READY, False), (CARD, False)],
)
def test_only_a_paid_order_of_naver_pay_has_the_buttons(engine: Engine, imp_uid: str, shown: bool) -> None:
    assert links(payment_page(imp_uid)) == (set(WAYS.values()) if shown else set())


def test_without_the_contract_there_are_none(tmp_path: Path) -> None:
    money_store(tmp_path)
    assert links(payment_page()) == set()
    assert "from the contract's first day on" in said(order_page())


@pytest.mark.parametrize("role", Role)
def test_they_are_for_finance(engine: Engine, role: Role) -> None:
    may = role in (Role.FINANCE, Role.ADMIN)
    assert links(payment_page(role=role)) == (set(WAYS.values()) if may else set())


def test_who_asks_is_chosen_and_the_last_look_says_that_nothing_undoes_it(engine: Engine) -> None:
    at = press(order_page(), "review_it")
    assert [one.value for one in at.error] == ["Choose who asked for it: the customer or the shop."]
    field(at, "requester").set_value("admin")
    at = press(at, "review_it")
    assert "Confirm this order of ₩10,000: Naver Pay settles it then. It cannot be undone." in said(at)
    assert not operations(engine)
    press(at, "send")
    (asked,) = operations(engine)
    assert (asked.kind, asked.state, asked.requester, asked.imp_uid) == (
        OperationKind.NAVER_CONFIRM, State.INTENT, "admin", NAVER,
    )  # fmt: skip


def test_points_are_asked_for_with_nothing_but_the_order(engine: Engine) -> None:
    at = press(order_page("naver_points"), "review_it")
    assert "It cannot be taken back, and is asked for once." in said(at)
    press(at, "send")
    assert [one.kind for one in operations(engine)] == [OperationKind.NAVER_POINTS]


def test_what_was_done_is_said_and_not_offered_again(engine: Engine) -> None:
    done = moved(engine, confirmed_by_other(engine), State.SENT, State.SUCCEEDED)
    at = payment_page()
    assert links(at) == {WAYS["naver_points"]}
    assert f"by other@example.com · operation {done.id}" in said(at)
    form = order_page()
    assert f"operation {done.id}" in form.success[0].value
    assert not [button for button in form.button if button.key == "review_it"]


def test_while_it_is_under_way_the_payment_says_so_and_leads_there(engine: Engine) -> None:
    confirmed_by_other(engine)
    at = payment_page()
    assert "Order confirmation" in said(at)
    assert [button.label for button in at.button if button.key == "follow"] == ["Follow it"]
    assert "on its way to the gateway" in said(settled(run_page("refund", query={"imp_uid": NAVER})))


def test_a_lost_answer_says_where_to_look_and_that_nothing_repeats_it(engine: Engine) -> None:
    operation = moved(
        engine, confirmed_by_other(engine), State.SENT, State.UNKNOWN, State.NEEDS_PERSON, why="not_shown"
    )
    assert "Look at the order in the Naver Pay Center" in said(order_page())
    at = run_page("needs_person")
    keys = {button.key for button in at.button if str(operation.id) in str(button.key)}
    assert keys == {f"done_{operation.id}", f"not_done_{operation.id}"}


@pytest.mark.parametrize(
    ("total", "words"),
    [(0, "0: nothing to issue."), (11_000, "For shops that issue receipts themselves.")],
)
def test_the_amount_of_a_cash_receipt_is_asked_for_and_explained(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, total: int, words: str
) -> None:
    found = NaverCashAmount(total, total and 1_000, total and 10_000, total and 10_000, total and 1_000)
    monkeypatch.setattr(answers.cash_amounts, "_read", lambda _imp_uid: found)
    at = asked_for_cash(payment_page())
    assert words in said(at)
    assert ("₩11,000" in said(at)) == bool(total)


def test_naver_pays_refusal_of_an_amount_is_told_word_for_word(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_imp_uid: str) -> NaverCashAmount:
        raise BadRequest(Refusal(400, 1, "네이버페이 결제형 거래건이 아닙니다."))

    monkeypatch.setattr(answers.cash_amounts, "_read", refused)
    assert "네이버페이 결제형 거래건이 아닙니다." in said(asked_for_cash(payment_page()))


@pytest.mark.parametrize("imp_uid", [CARD, READY])
def test_other_payments_have_no_such_button(engine: Engine, imp_uid: str) -> None:
    assert not [one for one in payment_page(imp_uid).button if one.key == "cash_amount"]


def asked_for_cash(at: AppTest) -> AppTest:
    """The page once the answer is there."""
    at.button(key="cash_amount").click().run()
    until = time.monotonic() + 30
    while answers.cash_amounts.is_asking(NAVER) and time.monotonic() < until:
        time.sleep(0.02)
    return at.run()


def confirmed_by_other(engine: Engine) -> Operation:
    """A confirmation that somebody else asked for."""
    with reading(engine) as conn:
        order = get_payment(conn, NAVER)
    assert order is not None
    return journal.record(engine, wanted_confirmation("other", order, "customer"), OTHER, time.time())
