"""The form of a refund: what it refuses, what it writes down, and how it tells the outcome."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process import rereads
from dashboard.process.executor import permits
from dashboard.settings import Role
from dashboard.words.advice import advice
from services.errors import NotSent
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.lists.one import notes_on
from services.store.writes.payments import upsert_payments
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import (
    CARD,
    NAVER,
    VBANK,
    asked_by_other,
    field,
    fill,
    money_store,
    moved,
    operations,
    partial,
    press,
    refund_page,
    send_twice,
    settled,
)
from tests.worlds.screens.screens import payment, run_page, story, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")

KOREAN = "취소 가능 기간(1095일)이 지났습니다. <b>*굵게*</b> ![x](https://evil.example/x.png)"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_a_role_that_may_not_refund_has_no_such_page_and_no_button(engine: Engine, role: Role) -> None:
    with pytest.raises(ValueError, match="page"):
        refund_page(role=role)
    at = run_page("payment", role=role, query={"imp_uid": NAVER})
    assert not [button for button in at.button if button.key in ("refund", "charge")]


@pytest.mark.parametrize(
    ("typed", "name", "sentence"),
    [
        ({"amount": ""}, "amount", "Type an amount."),
        ({"amount": "0"}, "amount", "The amount must be above 0: i'mport would take 0 for everything."),
        ({"amount": "10,001"}, "amount", "That is more than what is left."),
        ({"amount": "3천원"}, "amount", "This is not an amount."),
        ({"requester": None, "reason": "defect"}, "requester", "Choose who asked for it: the customer or the shop."),
        ({"reason": None, "note": ""}, "reason", "Say why: the buyer's bank and Naver Pay are told this reason."),
        ({"reason": "other", "note": " "}, "reason", "Say why: the buyer's bank and Naver Pay are told this reason."),
        ({"tax_free": "3001"}, "tax_free", "It must lie between 0 and the amount."),
        ({"vat_amount": "x"}, "vat_amount", "This is not an amount."),
        (
            {"tax_free": "2000", "vat_amount": "2000"},
            "vat_amount",
            "Tax-free part and VAT together are more than the amount.",
        ),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field_and_stays_typed(
    engine: Engine, typed: dict[str, str | None], name: str, sentence: str
) -> None:
    values = {"amount": "3,000", "requester": "customer", "reason": "mind", "note": "색상이 달라요", **typed}
    at = press(fill(refund_page(), **values), "review_it")
    assert [error.value for error in at.error] == [sentence]
    for typed_in, value in values.items():
        assert field(at, typed_in).value == value
    assert at.run().error[0].value == sentence
    assert not operations(engine)


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("refund_bank", "A virtual account is refunded to an account: this is missing."),
        ("refund_account", "A virtual account is refunded to an account: this is missing."),
        ("refund_holder", "A virtual account is refunded to an account: this is missing."),
    ],
)
def test_a_virtual_account_wants_bank_number_and_holder(engine: Engine, left_out: str, sentence: str) -> None:
    at = to_account(**{left_out: None if left_out == "refund_bank" else ""})
    assert [error.value for error in at.error] == [sentence]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "An account number has at least 8 digits."), ("ko", "계좌번호는 최소 8자리입니다.")],
)
def test_an_account_number_of_too_few_digits_is_not_sent(engine: Engine, language: str, sentence: str) -> None:
    at = to_account(language, refund_account="110-123")
    assert [error.value for error in at.error] == [sentence]
    assert not operations(engine)


@pytest.mark.parametrize("number", ["110 222 33344", " 110－222－33344", "１１０２２２３３３４４", "110–222–33344\t"])
def test_an_account_number_is_read_as_people_write_it(engine: Engine, number: str) -> None:
    press(to_account(refund_account=number), "send")
    (operation,) = operations(engine)
    assert journal.asked(operation)["refund_account"] == "11022233344"


@pytest.mark.parametrize("number", ["110/222/33344", "110222-three", "①10222333"])
def test_what_is_no_account_number_is_not_guessed(engine: Engine, number: str) -> None:
    at = to_account(refund_account=number)
    assert [error.value for error in at.error] == ["An account number has digits only."]
    assert not operations(engine)


@pytest.mark.parametrize(("role", "holder"), [(Role.SUPPORT, "김다른"), (Role.VIEWER, "김*른")])
def test_where_a_refund_went_is_told_by_the_last_four_digits_wherever_it_is_told(
    engine: Engine, role: Role, holder: str
) -> None:
    account = {"refund_bank": "088", "refund_account": "11022233344", "refund_holder": "김다른"}
    asked = asked_by_other(engine, VBANK, 50_000, account=account | {"refund_tel": "01012345678"})
    assert account_shown(asked, role) == [f"신한은행 ****3344 · {holder}"] * 3
    # Once it has ended nobody needs its holder any more, so the journal keeps no name.
    moved(engine, asked, State.SENT, State.SUCCEEDED)
    assert account_shown(asked, role) == ["신한은행 ****3344 · 김**"] * 3


def account_shown(operation: Operation, role: Role) -> list[str]:
    """The account by the payment's story, by the operation's facts, and by its steps."""
    pages = [run_page("payment", role=role, query={"imp_uid": operation.imp_uid or ""})]
    pages.append(run_page("operation", role=role, query={"number": str(operation.id)}))
    shown = [texts(page).replace("\\", "") for page in pages]
    assert "22233344" not in "".join(shown)
    return [found for one in shown for found in re.findall(r"신한은행 [*]{4}3344 · [^ \n]+", one)]


def test_the_result_of_a_refund_says_to_which_account_it_went(engine: Engine) -> None:
    at = press(to_account(refund_holder="김다른"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    assert "To account · 신한은행 ****3344 · 김**" in texts(at.run())


@pytest.mark.parametrize(("holder", "warned"), [("홍길동", False), ("홍 길동", False), ("김다른", True)])
def test_the_last_look_names_the_holder_that_was_typed_and_asks_where_it_is_not_the_buyer(
    engine: Engine, holder: str, warned: bool
) -> None:
    at = to_account(refund_holder=holder)
    (says,) = (one.value for one in at.markdown if "It cannot be undone" in one.value)
    assert f"All of it, ₩50,000, goes back to the holder {holder}: the account below." in says.replace("\\", "")
    assert "stays" not in says
    assert any("holder is not the buyer 홍길동" in one.value for one in at.warning) == warned


def to_account(language: str = "en", **more: str | None) -> AppTest:
    """A virtual account's refund, up to the last look."""
    account: dict[str, str | None] = {"refund_bank": "088", "refund_account": "110-22233344", "refund_holder": "홍길동"}
    filled = account | {"refund_tel": "01012345678"} | more
    return press(
        fill(refund_page(VBANK, language=language), requester="customer", reason="mind", **filled), "review_it"
    )


def test_what_will_be_refused_is_said_at_the_last_look_too_which_promises_no_day(engine: Engine) -> None:
    now, uid = int(time.time()), "imp_200000000009"
    with writing(engine) as conn:
        old = payment(uid, now - 70 * 86_400, "paid", 10_000, pay_method="phone", pg_provider="danal")
        upsert_payments(conn, [old], as_of=now * 1000)
    at = press(partial(refund_page(uid)), "review_it")
    assert any("Will be refused" in one.value for one in at.markdown)
    (says,) = (one.value for one in at.markdown if "It cannot be undone" in one.value)
    assert "Usually there by" not in says


def test_a_refund_that_needs_a_second_person_promises_no_day(tmp_path: Path) -> None:
    money_store(tmp_path, refund_approval_from=3_000)
    promised = {}
    for amount in ("2,999", "3,000"):
        at = press(partial(refund_page(), amount=amount), "review_it")
        promised[amount] = any("Usually there by" in one.value for one in at.markdown)
        press(at, "change")
    assert promised == {"2,999": True, "3,000": False}


def test_every_mistake_is_said_at_once_each_beside_its_field_and_nothing_is_written(engine: Engine) -> None:
    at = press(fill(refund_page(), amount="3천원", tax_free="x", inside="카드 4111 1111 1111 1111"), "review_it")
    assert {error.value for error in at.error} == {
        "This is not an amount.",
        "Choose who asked for it: the customer or the shop.",
        "Say why: the buyer's bank and Naver Pay are told this reason.",
        "This looks like a card number, which must not be kept: take it out.",
    }
    assert len(at.error) == 5  # two amounts
    at = fill(at, amount="3,000").run()
    assert len(at.error) == 4
    assert not at.json  # what was mended leads nowhere by itself
    assert not operations(engine)


def test_the_bar_moves_with_the_amount_and_half_fills_it_in(engine: Engine) -> None:
    at = fill(refund_page(), amount="2,500").run()
    assert bar(at) == ("₩2,500 goes back · ₩7,500 stays", 75)
    at = fill(at, amount="10,001").run()
    assert (bar(at), said(at)) == (("₩10,000 is left.", 100), ["That is more than what is left."])
    at = fill(at, amount="1만").run()
    assert (bar(at), said(at)) == (("₩10,000 is left.", 100), ["This is not an amount."])
    assert said(press(at, "review_it")).count("This is not an amount.") == 1
    at = fill(at, amount="").run()
    assert bar(at) == ("₩10,000 is left.", 100)
    assert said(at).count("Type an amount.") == 1
    at = next(one for one in at.button if str(one.key).endswith(".half")).click().run()
    assert field(at, "amount").value == "5,000"
    assert bar(at) == ("₩5,000 goes back · ₩5,000 stays", 50)
    at = next(one for one in at.button if str(one.key).endswith(".whole")).click().run()
    assert field(at, "amount").value == "10,000"
    assert bar(at) == ("₩10,000 goes back · ₩0 stays", 0)


def said(at: AppTest) -> list[str]:
    return [error.value for error in at.error]


def bar(at: AppTest) -> tuple[str, int]:
    """What the balance bar says, and how full it is in hundredths."""
    (found,) = at.get("progress")
    return found.proto.text, found.proto.value


def test_the_note_for_colleagues_is_kept_on_the_payment_with_the_refund_that_was_asked_for(engine: Engine) -> None:
    at = press(partial(refund_page(role=Role.SUPPORT), inside="다음엔 교환으로"), "review_it")
    with reading(engine) as conn:
        assert notes_on(conn, [NAVER]) == []
    press(at, "send")
    (operation,) = operations(engine)
    assert "교환" not in f"{operation.reason} {operation.request}"
    with reading(engine) as conn:
        (note,) = notes_on(conn, [NAVER])
    assert (note.text, note.written_by, note.told) == ("다음엔 교환으로", "support@example.com", None)


def test_who_told_the_buyer_stands_there_instead_of_the_button(engine: Engine) -> None:
    at = press(press(partial(refund_page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message="거절")
    button = next(one for one in at.run().button if str(one.key).startswith("told."))
    at = button.click().run()
    assert not [one for one in at.button if str(one.key).startswith("told.")]
    assert "Told by staff without sign\\-in" in texts(at)
    at = run_page("payment", role=Role.SUPPORT, query={"imp_uid": NAVER})
    assert any("Buyer told: refund refused" in line for line in story(at))


def test_an_account_is_written_down_as_the_pg_wants_it(engine: Engine) -> None:
    account = {"refund_bank": "088", "refund_account": "110-222-333333", "refund_holder": "홍길동"}
    at = fill(refund_page(VBANK), requester="customer", reason="mind", refund_tel="01012345678", **account)
    press(press(at, "review_it"), "send")
    request = journal.asked(operations(engine)[0])
    assert request == account | {"refund_account": "110222333333", "refund_tel": "01012345678"}


def test_the_requester_has_no_default_but_for_a_reason_that_says_who_it_was(engine: Engine) -> None:
    at = refund_page()
    assert field(at, "requester").value is None
    field(at, "reason").set_value("defect")
    assert field(at.run(), "requester").value is None
    field(at, "reason").set_value("stock")
    assert field(at.run(), "requester").value == "admin"
    field(at, "reason").set_value("mind")
    assert field(at.run(), "requester").value == "customer"
    field(at, "reason").set_value("late")
    assert field(at.run(), "requester").value is None
    field(at, "requester").set_value("admin").run()
    field(at, "reason").set_value("mind")
    assert field(at.run(), "requester").value == "admin"


def test_a_part_is_looked_at_once_more_and_then_written_down_once(engine: Engine) -> None:
    at = press(partial(refund_page(role=Role.SUPPORT), note="색상이 달라요"), "review_it")
    assert not operations(engine)
    shown = texts(at).replace("\\", "")
    assert "₩3,000 of ₩10,000 goes back to the buyer 홍길동: Naver Pay" in shown
    assert "₩7,000 stays. It cannot be undone." in shown
    assert at.json
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.state, operation.amount, operation.balance) == (State.INTENT, 3_000, 10_000)
    assert (operation.reason, operation.requester) == ("단순 변심: 색상이 달라요", "customer")
    assert (operation.asked_by, operation.asked_from.split()[0]) == ("support@example.com", "screen")


def test_the_same_form_sent_twice_is_one_operation(engine: Engine) -> None:
    send_twice(press(partial(refund_page()), "review_it"), engine)
    assert len(operations(engine)) == 1


def test_going_back_from_the_last_look_keeps_everything(engine: Engine) -> None:
    at = press(press(partial(refund_page(), note="메모"), "review_it"), "change")
    kept = {name: field(at, name).value for name in ("amount", "requester", "reason", "note")}
    assert kept == {"amount": "3,000", "requester": "customer", "reason": "mind", "note": "메모"}


def test_a_large_amount_is_typed_again(tmp_path: Path) -> None:
    engine = money_store(tmp_path, refund_confirm_from=10_000)
    at = press(fill(refund_page(), requester="customer", reason="mind"), "review_it")
    assert "once more" in press(at, "send").error[0].value
    assert not operations(engine)
    field(at, "again").set_value("10,000")
    press(at, "send")
    assert len(operations(engine)) == 1


def test_other_currencies_are_typed_again_and_approved_whatever_the_amount(tmp_path: Path) -> None:
    engine = money_store(tmp_path, refund_approval_from=1_000_000)
    at = press(fill(refund_page("imp_100000000007"), requester="customer", reason="mind"), "review_it")
    assert at.button(key="send").label == "Ask for approval"
    assert "once more" in press(at, "send").error[0].value
    field(at, "again").set_value("10.50")
    press(at, "send")
    assert [one.state for one in operations(engine)] == [State.AWAITING_APPROVAL]


def test_what_is_left_is_asked_about_too_where_as_much_was_refunded_today(engine: Engine) -> None:
    moved(engine, asked_by_other(engine, NAVER, 5_000), State.SENT, State.SUCCEEDED)
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE payment SET cancel_amount = 5000 WHERE imp_uid = ?", (NAVER,))
    at = refund_page(role=Role.SUPPORT)
    assert field(at, "amount").value == "5,000"
    at = press(fill(at, requester="customer", reason="mind"), "review_it")
    assert "The same amount was refunded today already: say that you mean it." in texts(at)
    assert len(operations(engine)) == 1


def test_a_note_that_is_asked_with_again_is_kept_once(engine: Engine) -> None:
    for _again in range(2):
        at = refund_page(role=Role.SUPPORT)
        if operations(engine):
            at = press(at, "anew")
        press(press(partial(at, inside="전화로 확인"), "review_it"), "send")
        moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message="거절")
    with reading(engine) as conn:
        assert [note.text for note in notes_on(conn, [NAVER])] == ["전화로 확인"]


def test_parts_below_the_limit_add_up_to_it(tmp_path: Path) -> None:
    engine, support = money_store(tmp_path, refund_approval_from=6_000), Actor("support@example.com", "screen")
    moved(engine, asked_by_other(engine, NAVER, 3_000, who=support), State.SENT, State.SUCCEEDED)
    at = press(refund_page(role=Role.SUPPORT), "anew")
    press(press(partial(at, again=True), "review_it"), "send")
    assert operations(engine)[0].state == State.AWAITING_APPROVAL


def test_the_same_amount_once_more_on_a_day_is_asked_about_and_another_is_not(engine: Engine) -> None:
    moved(engine, asked_by_other(engine, NAVER, 3_000), State.SENT, State.SUCCEEDED)
    at = press(partial(refund_page()), "review_it")
    assert "The same amount was refunded today already: say that you mean it." in texts(at)
    assert "₩3,000" in field(at, "again").label
    assert field(at, "amount").value == "3,000"
    assert len(operations(engine)) == 1
    press(press(fill(at, amount="2,000"), "review_it"), "send")
    assert [one.amount for one in operations(engine)] == [2_000, 3_000]


def test_parts_are_added_up_once_more_before_one_is_sent(tmp_path: Path) -> None:
    engine = money_store(tmp_path, refund_approval_from=6_000)
    first = asked_by_other(engine, NAVER, 3_000)
    assert permits(first)
    moved(engine, first, State.SENT, State.SUCCEEDED)
    # Its form was opened before the first part was asked for.
    assert not permits(asked_by_other(engine, NAVER, 3_000, token="late"))
    assert permits(asked_by_other(engine, CARD, 3_000))


def test_above_the_limit_it_waits_for_a_second_person_and_says_so(tmp_path: Path) -> None:
    engine = money_store(tmp_path, refund_approval_from=10_000)
    at = press(fill(refund_page(role=Role.SUPPORT), requester="customer", reason="mind"), "review_it")
    assert at.button(key="send").label == "Ask for approval"
    at = press(at, "send")
    assert operations(engine)[0].state == State.AWAITING_APPROVAL
    assert "Waits for approval" in texts(at)


def test_a_refusal_stays_and_its_words_are_untouched_in_a_block_of_their_own(engine: Engine) -> None:
    at = press(press(partial(refund_page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message=f"  {KOREAN}\n\n")
    at.run()
    assert f"\n  {KOREAN}\n\n\n"[1:-1] in [block.value for block in at.code]
    assert not [one for one in at.markdown if "evil.example" in one.value]
    assert "deadline is over" in texts(at)
    at = press(at, "anew")
    kept = {name: field(at, name).value for name in ("amount", "requester", "reason")}
    assert kept == {"amount": "3,000", "requester": "customer", "reason": "mind"}
    press(press(at, "review_it"), "send")
    assert len(operations(engine)) == 2


def test_what_was_refused_is_changed_and_asked_again_by_another_session_too(engine: Engine) -> None:
    typed = {"note": "색상이 달라요", "tax_free": "1,000", "webhook": True}
    press(press(partial(refund_page(role=Role.SUPPORT), **typed), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message="거절")
    at = press(refund_page(role=Role.SUPPORT), "anew")
    typed |= {"amount": "3,000", "requester": "customer", "reason": "mind"}
    assert {name: field(at, name).value for name in typed} == typed
    press(press(at, "review_it"), "send")
    again, first = operations(engine)
    for name in ("amount", "balance", "reason", "requester", "request"):
        assert getattr(again, name) == getattr(first, name)


def test_an_own_reason_comes_back_and_an_account_is_typed_anew(tmp_path: Path) -> None:
    engine = money_store(tmp_path)
    typed = {"reason": "other", "note": "이사: 주소가 바뀜", "requester": "admin"}
    account = {"refund_bank": "088", "refund_account": "110222333333", "refund_holder": "홍길동"}
    account["refund_tel"] = "01012345678"
    press(press(fill(refund_page(VBANK, role=Role.SUPPORT), **typed, **account), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message="거절")
    at = press(refund_page(VBANK, role=Role.SUPPORT), "anew")
    typed["amount"] = "50,000"
    assert {name: field(at, name).value for name in typed} == typed
    assert not any(field(at, name).value for name in account)


def test_a_refund_that_was_made_says_what_is_left_when_it_is_back_and_what_to_write(engine: Engine) -> None:
    at = press(press(partial(refund_page()), "review_it"), "send")
    made = {"cancel_amount": 3_000, "cancellation_id": "c9", "receipt_url": "https://slips.example/1"}
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED, **made)
    shown = texts(at.run())
    assert "₩7,000 is left." in shown
    assert [figure.value for figure in at.metric] == ["₩10,000", "₩3,000", "₩7,000"]
    english, korean = (block.value for block in at.code if "ORD-000001" in block.value)
    assert "Amount refunded: KRW 3,000" in english
    assert "환불 금액: 3,000원" in korean
    assert "https://slips.example/1" not in english + korean  # nobody's page of slips that is known


def test_an_unknown_outcome_says_not_to_repeat_it(engine: Engine) -> None:
    at = press(press(partial(refund_page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.UNKNOWN, why="answer_lost")
    at.run()
    assert "do not repeat" in at.warning[0].proto.title + at.warning[0].value
    assert not [button for button in at.button if button.key in ("send", "review_it", "anew")]


def test_leaving_and_coming_back_finds_the_outcome(engine: Engine) -> None:
    press(press(partial(refund_page(role=Role.SUPPORT)), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message="거절")
    assert "거절" in texts(refund_page(role=Role.SUPPORT))
    assert "거절" not in texts(refund_page(role=Role.FINANCE))


def test_the_second_person_is_told_who_is_at_it(engine: Engine) -> None:
    asked_by_other(engine)
    at = refund_page(role=Role.SUPPORT)
    assert "other@example.com" in texts(at)
    assert not [button for button in at.button if button.key in ("send", "review_it")]


def test_somebody_who_was_faster_at_the_last_look_wins(engine: Engine) -> None:
    at = press(partial(refund_page(role=Role.SUPPORT)), "review_it")
    asked_by_other(engine)
    assert "other@example.com" in texts(press(at, "send"))
    assert len(operations(engine)) == 1


def test_a_refund_made_elsewhere_meanwhile_brings_the_person_back_to_the_fields(engine: Engine) -> None:
    at = press(partial(refund_page()), "review_it")
    with writing(engine) as conn:
        row = payment(NAVER, 1_790_000_000, "paid", 10_000, cancel_amount=9_000)
        upsert_payments(conn, [row], as_of=9_999_999_999_999)
    at.run()
    assert "has changed" in at.warning[0].value
    assert field(at, "amount").value == "3,000"
    assert press(at, "review_it").error[0].value == "That is more than what is left."


def test_coming_back_to_the_last_look_sees_what_was_refunded_meanwhile(engine: Engine) -> None:
    at = press(partial(refund_page()), "review_it")
    with writing(engine) as conn:
        upsert_payments(
            conn, [payment(NAVER, 1_790_000_000, "paid", 10_000, cancel_amount=9_000)], as_of=9_999_999_999_999
        )
    at.session_state["drafts"][f"payment:{NAVER}", "refund"].read = False
    settled(at.run())
    assert "has changed" in at.warning[0].value
    assert not [button for button in at.button if button.key == "send"]


def test_reading_again_at_the_last_look_opens_it_once_the_gateway_answers(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fail_once(imp_uid: str) -> None:
        asked.append(imp_uid)
        if len(asked) == 1:
            raise NotSent("The gateway cannot be reached ({kind}).", kind="ConnectError")

    monkeypatch.setattr(rereads, "_read", fail_once)
    at = press(partial(refund_page()), "review_it")
    assert at.button(key="send").disabled
    at = press(at, "read_again")
    for _turn in range(50):
        if not rereads.is_reading(NAVER):
            break
        time.sleep(0.02)
    assert not at.run().button(key="send").disabled
    assert asked == [NAVER, NAVER]


def test_nothing_can_be_sent_while_the_gateway_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_imp_uid: str) -> None:
        raise NotSent("The gateway cannot be reached ({kind}).", kind="ConnectError")

    engine = money_store(tmp_path)
    monkeypatch.setattr(rereads, "_read", fail)
    at = press(partial(refund_page()), "review_it")
    assert "cannot be reached" in texts(at)
    assert at.button(key="send").disabled
    assert not operations(engine)


def test_what_was_refunded_whole_has_no_form(engine: Engine) -> None:
    at = refund_page("imp_100000000003")
    assert "Nothing of this payment is left to refund" in texts(at).replace("\\", "")
    assert not [button for button in at.button if button.key == "review_it"]


def test_a_payment_tells_what_was_asked_for_and_what_is_open(engine: Engine) -> None:
    asked_by_other(engine, waits=True)
    at = run_page("payment", role=Role.SUPPORT, query={"imp_uid": NAVER})
    line, step, *_rest = story(at)
    assert "Waits for approval** · other@example.com" in line
    assert "**Refund: asked for**" in step
    assert at.button(key="follow").label


@pytest.mark.parametrize(
    ("message", "hint"),
    [
        ("취소 가능 잔액이 일치하지 않습니다. (checksum: 1)", "Read the payment again"),
        ("휴대폰 소액결제는 부분취소를 할 수 없습니다.", "refunded whole"),
        ("가상계좌 취소 시 환불계좌 정보가 필요합니다.", "bank, account number"),
        ("[한도초과] 카드 이용한도를 초과하였습니다.", "limit"),
    ],
)
def test_a_refusal_that_is_known_brings_advice(message: str, hint: str) -> None:
    assert hint in (advice(message) or "")


def test_a_refusal_that_nobody_knows_brings_none() -> None:
    assert advice("E-1234") is None


@pytest.mark.parametrize(
    ("own", "names"),
    [
        ({"pg_provider": "smartro_v2", "pay_method": "trans"}, ["bank", "account", "holder", "tel"]),
        ({"pg_provider": "kcp", "pay_method": "phone", "days": 40}, ["bank", "account", "holder"]),
        ({"pg_provider": "kcp", "pay_method": "phone"}, []),
        ({"pg_provider": "html5_inicis", "pay_method": "trans"}, []),
    ],
)
def test_the_account_is_asked_for_where_the_pg_wants_it(engine: Engine, own: dict[str, Any], names: list[str]) -> None:
    at_time = int(time.time()) - own.pop("days", 0) * 86_400
    with writing(engine) as conn:
        upsert_payments(conn, [payment("imp_400000000001", at_time, "paid", 33_000, **own)], as_of=at_time * 1000)
    at = refund_page("imp_400000000001")
    kinds = [*at.text_input, *at.selectbox]
    shown = {str(one.key).rpartition(".")[2] for one in kinds if ".refund_" in str(one.key)}
    assert shown == {f"refund_{name}" for name in names}
    if names:
        at = press(fill(at, requester="customer", reason="mind"), "review_it")
        assert [error.value for error in at.error] == ["This refund goes to an account: this is missing."] * len(names)
        assert not operations(engine)


def test_a_promotion_is_told_before_the_refund_goes(engine: Engine) -> None:
    now = int(time.time())
    extra = '{"promotion": {"id": "promotion-id-1", "discount": 600}}'
    with writing(engine) as conn:
        row = payment("imp_400000000002", now - 60, "paid", 6_000, pg_provider="tosspayments", extra=extra)
        upsert_payments(conn, [row], as_of=now * 1000)
    shown = texts(refund_page("imp_400000000002"))
    assert "This payment had a promotion (₩600 off)" in shown
    assert "may get less" in shown
