"""The screens of cash receipts: issued on a payment, cancelled, asked of by a refund, listed; and whose nowhere."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from services.operations import held
from services.receipts.kept import keep_receipt
from services.store.engine import writing
from services.store.writes.keys import replace_channels
from services.store.writes.payments import upsert_payments
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import field, fill, money_store, moved, operations, press, settled
from tests.worlds.screens.screens import payment, run_page, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")

PAID, KICC, CARD, NAVER = "imp_700000000001", "imp_700000000002", "imp_700000000003", "imp_100000000001"
PHONE, PLAIN = "010-7341-5678", "01073415678"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return store(tmp_path)


def store(folder: Path, **settings: Any) -> Engine:
    """Payments by bank transfer at two PGs, one by card, and a channel that issues receipts."""
    made, now = money_store(folder, **settings), int(time.time())
    rows = [
        payment(PAID, now - 600, "paid", 11_000, pg_provider="html5_inicis", pay_method="trans"),
        payment(KICC, now - 600, "paid", 11_000, pg_provider="kicc", pay_method="trans"),
        payment(CARD, now - 600, "paid", 11_000, pg_provider="html5_inicis"),
    ]
    with writing(made) as conn:
        upsert_payments(conn, rows, as_of=now * 1000)
        own = {"pg_id": "shop", "sandbox": False, "type": "payment", "channel_name": "이니시스", "channel_key": "key-1"}
        replace_channels(conn, [{"pg_provider": "html5_inicis", **own}, {"pg_provider": "danal", **own}])
    return made


def issued(engine: Engine, imp_uid: str | None = PAID, order: str = "ORD-000001", **more: Any) -> None:
    """A receipt that stands."""
    told = {"apply_num": "123456789", "type": "person", "amount": 11_000, "vat": 1_000, "cancelled_at": 0}
    told |= {"applied_at": int(time.time()) - 60, "receipt_tid": None, "receipt_url": None} | more
    with writing(engine) as conn:
        keep_receipt(conn, told, imp_uid=imp_uid, merchant_uid=order, issued=None, read_at=int(time.time()))


def receipt_page(imp_uid: str = PAID, role: Role | None = None, language: str = "en") -> AppTest:
    return settled(run_page("receipt", role=role, language=language, query={"imp_uid": imp_uid}))


def typed(at: AppTest, number: str = PHONE, **more: Any) -> AppTest:
    fill(at, identifier_type="phone").run()
    return fill(at, identifier=number, **more)


def in_session(at: AppTest) -> str:
    return json.dumps([str(value) for value in at.session_state._state.filtered_state.values()], ensure_ascii=False)


def test_a_receipt_is_issued_after_a_last_look_and_the_number_is_held_in_memory_alone(engine: Engine) -> None:
    at = press(typed(receipt_page()), "review_it")
    shown = texts(at)
    assert "Income deduction receipt over" in shown
    assert "····5678" in shown
    assert PLAIN not in shown
    at = press(at, "send")
    (operation,) = operations(engine)
    assert (operation.kind, operation.imp_uid, operation.amount) == ("issue_receipt", PAID, 11_000)
    assert held.held(operation.token) == {
        "identifier": PLAIN, "buyer_name": "홍길동", "buyer_tel": "010-1234-5678",
    }  # fmt: skip
    assert PLAIN not in str(operation.model_dump())
    assert json.loads(operation.request)["identifier_end"] == "5678"
    assert not [one for one in (PHONE, PLAIN) if one in in_session(at)]
    held.forget(operation.token)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"identifier": "010-12"}, "A mobile phone number begins with 01 and has 10 or 11 digits."),
        ({"identifier": ""}, "Type the number that the receipt goes to."),
        ({"tax_free": "11,001"}, "It must lie between 0 and the amount."),
        ({"identifier_type": "business", "type": "company"},
         "This is no business number: it has 10 digits, and the last one follows from the others."),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_said_beside_its_field_and_stays_typed(
    engine: Engine, values: dict[str, str], sentence: str
) -> None:
    at = press(fill(typed(receipt_page()), **values), "review_it")
    assert [error.value for error in at.error] == [sentence]
    for name, value in values.items():
        assert field(at, name).value == value
    assert not operations(engine)


def test_a_proof_of_expense_to_a_phone_is_asked_about_once_more(engine: Engine) -> None:
    at = press(fill(typed(receipt_page()), type="company"), "review_it")
    assert [error.value for error in at.error] == [
        "A proof of expense to a phone number is unusual: say that it is meant."
    ]
    at = press(fill(at, meant=True), "review_it")
    assert not at.error
    assert "Proof of expense receipt" in texts(at)


@pytest.mark.parametrize("imp_uid", [CARD, NAVER])
def test_where_no_receipt_can_be_issued_there_is_no_form(engine: Engine, imp_uid: str) -> None:
    at = receipt_page(imp_uid)
    assert "No receipt can be issued here" in [one.proto.title for one in at.info] or at.info
    assert not [one for one in at.button if one.key == "review_it"]


def test_at_kicc_it_is_said_before_the_form_that_it_cannot_be_cancelled_here(engine: Engine) -> None:
    at = receipt_page(KICC)
    assert any("cannot" in one.value or "not cancelled here" in one.value for one in at.warning)
    assert [one for one in at.button if one.key == "review_it"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_who_may_not_issue_sees_what_stands_and_no_number(engine: Engine, role: Role) -> None:
    issued(engine)
    at = receipt_page(role=role)
    assert not [one for one in at.button if one.key in ("review_it", "cancel_receipt")]
    with pytest.raises(ValueError, match="page"):
        run_page("new_receipt", role=role)


def test_a_receipt_that_stands_is_cancelled_after_a_last_look(engine: Engine) -> None:
    issued(engine)
    at = press(press(receipt_page(), "cancel_receipt"), "send")
    assert [one.kind for one in operations(engine)] == ["cancel_receipt"]
    assert not at.exception


def test_a_sale_made_elsewhere_gets_its_receipt_by_a_channel_that_can(engine: Engine) -> None:
    at = settled(run_page("new_receipt", language="en"))
    assert len(field(at, "channel_key").options) == 1
    at = press(typed(at, merchant_uid="CASH1", name="현장 판매", amount="22,000"), "review_it")
    assert not at.error, at.error
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.merchant_uid, operation.amount, operation.imp_uid) == ("CASH1", 22_000, None)
    held.forget(operation.token)


def test_a_refund_asks_what_becomes_of_a_receipt_and_cancels_it_first(engine: Engine) -> None:
    issued(engine)
    at = settled(run_page("refund", language="en", query={"imp_uid": PAID}))
    filled = {"amount": "3,000", "requester": "customer", "reason": "mind"}
    at = press(fill(at, **filled), "review_it")
    assert [error.value for error in at.error] == ["Say what becomes of the cash receipt."]
    at = press(fill(at, receipt="cancel_first"), "review_it")
    assert "First the cash receipt is cancelled" in texts(at)
    at = press(at, "send")
    refund, cancelled = operations(engine)
    assert (cancelled.kind, refund.kind, refund.after_id) == ("cancel_receipt", "refund", cancelled.id)
    moved(engine, cancelled, State.SENT, State.SUCCEEDED)
    moved(engine, refund, State.INTENT, State.SENT, State.SUCCEEDED, cancel_amount=3_000, cancellation_id="c9")
    shown = texts(at.run())
    assert "₩8,000 is left." in shown
    assert "Its cash receipt was cancelled before." in shown
    assert "Issue a receipt over what is left" in [one.proto.label for one in at.get("page_link")]


def test_a_refund_may_leave_the_receipt_as_it_is(engine: Engine) -> None:
    issued(engine)
    at = settled(run_page("refund", language="en", query={"imp_uid": PAID}))
    at = press(fill(at, amount="3,000", requester="customer", reason="mind", receipt="leave"), "review_it")
    press(at, "send")
    assert [one.kind for one in operations(engine)] == ["refund"]


def test_a_receipt_that_came_since_the_refund_was_filled_in_is_asked_about_too(engine: Engine) -> None:
    at = settled(run_page("refund", language="en", query={"imp_uid": PAID}))
    at = press(fill(at, amount="3,000", requester="customer", reason="mind"), "review_it")
    issued(engine)
    at = press(at, "send")
    assert not operations(engine)
    assert "Say what becomes of the cash receipt." in texts(at)
    at = press(fill(press(at, "change"), receipt="leave"), "review_it")
    press(at, "send")
    assert [one.kind for one in operations(engine)] == ["refund"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_list_tells_what_stands_and_what_differs(engine: Engine, language: str) -> None:
    issued(engine)
    issued(engine, KICC, apply_num="2", amount=9_000)
    issued(engine, None, "CASH1", apply_num="3", amount=22_000, vat=2_000, cancelled_at=int(time.time()))
    at = run_page("receipts", language=language)
    assert not at.exception
    shown = texts(at)
    sums = ("₩20,000", "₩22,000") if language == "en" else ("20,000원", "22,000원")
    assert [one for one in sums if one not in shown] == [], shown


@pytest.mark.parametrize(("role", "found"), [(Role.SUPPORT, True), (Role.MANAGER, False), (Role.VIEWER, False)])
def test_who_sees_no_buyers_finds_no_receipt_by_the_end_of_its_number(engine: Engine, role: Role, found: bool) -> None:
    issued(engine, apply_num="100200300")
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE cash_receipt SET identifier_kind = 'phone', identifier_end = '5678'")
    at = run_page("receipts", role=role, query={"q": "5678"})
    assert bool(at.dataframe) == found
