"""Needs a person: who may say yes, what stays with it, and the count that every screen shows."""

import re
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.settings import Role
from dashboard.words import formats
from dashboard.words.formats import escape
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.note_rows import keep_note
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey
from tests.worlds.screens.money_forms import (
    CARD,
    NAVER,
    NAVER_KEY,
    OTHER,
    asked_by_other,
    fill,
    lost,
    moved,
    operations,
    press,
    settled,
)
from tests.worlds.screens.screens import empty_store, payment, run_page, story, texts

_NOTHING_SENT = (
    "balance_changed", "not_allowed", "key_deleted", "below_minimum", "not_refundable", "too_old", "too_close",
    "not_booked", "still_booked",
)  # fmt: skip


@pytest.fixture
def waits(engine: Engine) -> Operation:
    return asked_by_other(engine, waits=True)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_to_do_says_so(tmp_path: Path, language: str) -> None:
    empty_store(tmp_path)
    at = run_page("needs_person", language=language)
    assert at.success


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_a_role_that_may_not_settle_has_no_such_page(engine: Engine, role: Role) -> None:
    with pytest.raises(ValueError, match="page"):
        run_page("needs_person", role=role)


def test_a_second_person_approves(engine: Engine, waits: Operation) -> None:
    press(run_page("needs_person", role=Role.FINANCE), f"approve_{waits.id}")
    (found,) = operations(engine)
    assert (found.state, found.approved_by) == (State.INTENT, "finance@example.com")
    told = story(run_page("payment", query={"imp_uid": waits.imp_uid or ""}))
    assert any(f"{waits.asked_by}, approved by finance@example.com" in line for line in told)


def test_who_says_yes_sees_what_was_bought_by_whom_how_and_until_when(engine: Engine, waits: Operation) -> None:
    shown = texts(run_page("needs_person", role=Role.FINANCE))
    expires = formats.time(waits.asked_at + 7 * 86_400)
    for part in ("홍길동", "유기농 사과 5kg", "₩10,000", "Card 신한카드", "Naver Pay (payment)", "배송 지연", expires):
        assert part in shown


def test_who_says_yes_sees_the_note_that_came_with_it_and_none_that_did_not(engine: Engine, waits: Operation) -> None:
    notes = {
        "사진 받음": (waits.asked_by, waits.asked_at),
        "어제 전화 옴": (waits.asked_by, waits.asked_at - 86_400),
        "다른 사람": ("else@example.com", waits.asked_at),
    }
    with writing(engine) as conn:
        for text, (name, at) in notes.items():
            keep_note(conn, waits.imp_uid or "", text, Actor(name, "screen"), at)
    shown = texts(run_page("needs_person", role=Role.FINANCE))
    assert [text for text in notes if text in shown] == ["사진 받음"]


def test_approvals_stand_before_whatever_else_waits(engine: Engine, waits: Operation) -> None:
    lost(engine)
    at = run_page("needs_person", role=Role.FINANCE)
    assert [one.value for one in at.header][:2] == ["Approvals (1)", "Nobody knows how it ended (1)"]


def test_what_becomes_of_an_approval_stays_in_sight_until_the_page_is_left(engine: Engine, waits: Operation) -> None:
    at = press(run_page("needs_person", role=Role.FINANCE), f"approve_{waits.id}")
    assert "It is written down and on its way to the gateway." in texts(at)
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message="[1234] 이미 취소된 거래입니다.")
    at.run()
    assert "[1234] 이미 취소된 거래입니다." in texts(at)
    assert "All its steps" in {link.proto.label for link in at.get("page_link")}
    at.switch_page("../pages/overview.py").run()
    at.switch_page("../pages/needs_person.py").run()
    assert "이미 취소된" not in texts(at)


def test_overview_names_what_waits_for_approval_first(engine: Engine, waits: Operation) -> None:
    asked_by_other(engine, CARD, 70_000, waits=True, token="more")
    for role, named in ((Role.FINANCE, True), (Role.SUPPORT, True), (Role.VIEWER, False)):
        shown = texts(run_page("overview", role=role))
        assert ("2 refunds wait for approval, ₩73,000." in shown) == named
    shown = texts(run_page("overview", role=Role.FINANCE))
    assert shown.index("wait for approval") < shown.index("virtual account")


def test_who_says_yes_sees_where_the_money_goes(engine: Engine) -> None:
    account = {"refund_bank": "088", "refund_account": "110123456789", "refund_holder": "홍길동"}
    waits = asked_by_other(engine, waits=True, account=account, tax_free=1_000)
    shown = texts(run_page("needs_person", role=Role.FINANCE))
    for part in ("088 신한은행", "110123456789", "홍길동", "₩1,000"):
        assert part in shown
    moved(engine, waits, State.INTENT, State.SENT, State.UNKNOWN, why="answer_lost")
    assert "110123456789" not in texts(run_page("needs_person", role=Role.FINANCE))


@pytest.mark.parametrize(("holder", "warned"), [("홍 길동", False), ("김다른", True)])
def test_who_says_yes_is_asked_where_the_holder_is_not_the_buyer(engine: Engine, holder: str, warned: bool) -> None:
    account = {"refund_bank": "088", "refund_account": "110123456789", "refund_holder": holder}
    asked_by_other(engine, waits=True, account=account)
    at = run_page("needs_person", role=Role.FINANCE)
    assert any("holder is not the buyer 홍길동" in one.value for one in at.warning) == warned


def test_support_sees_what_waits_but_does_not_approve(waits: Operation) -> None:
    at = run_page("needs_person", role=Role.SUPPORT)
    assert "Your role does not approve." in texts(at)
    assert not [button for button in at.button if "approve" in str(button.key)]


def test_nobody_approves_their_own_but_may_withdraw_it(engine: Engine) -> None:
    own = asked_by_other(engine, waits=True, who=Actor("finance@example.com", "screen"))
    at = run_page("needs_person", role=Role.FINANCE)
    assert [button.label for button in at.button if str(button.key).endswith(f"_{own.id}")] == ["Withdraw"]
    at.text_input(key=f"note_{own.id}").set_value("잘못 요청")
    press(at, f"decline_{own.id}")
    (found,) = operations(engine)
    assert (found.state, found.why, found.note) == (State.REFUSED, "withdrawn", "잘못 요청")


def test_where_nobody_signs_in_no_yes_is_offered_and_it_is_said(engine: Engine, waits: Operation) -> None:
    own = asked_by_other(engine, CARD, waits=True, who=Actor("local", "screen"))
    at = run_page("needs_person")
    labels = {one.id: [b.label for b in at.button if str(b.key).endswith(f"_{one.id}")] for one in (waits, own)}
    assert labels == {waits.id: ["Decline"], own.id: ["Withdraw"]}
    shown = texts(at).replace("\\", "")
    assert "approving needs sign-in." in shown
    assert "Nobody has to sign in here, so there is no second person who could approve it." in shown
    at.text_input(key=f"note_{waits.id}").set_value("영수증이 없음")
    press(at, f"decline_{waits.id}")
    assert {one.id: one.why for one in operations(engine)} == {waits.id: "declined", own.id: None}


@pytest.mark.parametrize("who", [Actor("local", "screen"), Actor("root", "cli")])
def test_what_nobody_known_asked_for_offers_no_yes(engine: Engine, who: Actor) -> None:
    asked = asked_by_other(engine, waits=True, who=who)
    at = run_page("needs_person", role=Role.FINANCE)
    assert [one.label for one in at.button if str(one.key).endswith(f"_{asked.id}")] == ["Decline"]
    assert "have it asked for again by an address." in texts(at).replace("\\", "")


def test_declining_wants_a_reason_and_keeps_it(engine: Engine, waits: Operation) -> None:
    at = press(run_page("needs_person", role=Role.FINANCE), f"decline_{waits.id}")
    assert at.error[0].value == "Give a reason: it is kept with the operation."
    at.text_input(key=f"note_{waits.id}").set_value("영수증이 없음")
    press(at, f"decline_{waits.id}")
    (found,) = operations(engine)
    assert (found.state, found.note, found.noted_by) == (State.REFUSED, "영수증이 없음", "finance@example.com")


def test_a_person_settles_what_nobody_knows_with_a_reason(engine: Engine) -> None:
    operation = lost(engine)
    at = run_page("needs_person", role=Role.SUPPORT)
    assert "Nobody knows how it ended" in texts(at)
    assert press(at, f"not_done_{operation.id}").error
    at.text_input(key=f"note_{operation.id}").set_value("콘솔에서 확인")
    press(at, f"not_done_{operation.id}")
    assert (operations(engine)[0].state, operations(engine)[0].note) == (State.REFUSED, "콘솔에서 확인")


def test_a_person_has_it_sent_again_with_the_first_balance(engine: Engine) -> None:
    operation = lost(engine)
    at = run_page("needs_person", role=Role.SUPPORT)
    at.text_input(key=f"note_{operation.id}").set_value("콘솔에 없음")
    press(at, f"send_again_{operation.id}")
    assert (operations(engine)[0].state, operations(engine)[0].balance) == (State.INTENT, operation.balance)


@pytest.mark.parametrize("why", [*_NOTHING_SENT, None])
@pytest.mark.parametrize(("language", "unclear"), [("en", "went through is not known"), ("ko", "알 수 없습니다")])
def test_where_an_earlier_call_may_have_gone_through_no_card_says_that_nothing_was_sent(
    engine: Engine, why: str | None, language: str, unclear: str
) -> None:
    again = (State.INTENT, State.NEEDS_PERSON)
    moved(engine, lost(engine), *again, why=why)
    told = texts(run_page("needs_person", role=Role.SUPPORT, language=language))
    assert unclear in told
    assert not re.search(": nothing was (sent|charged)|않았습니다\\.$", told, re.MULTILINE)


def test_what_expired_is_asked_again_or_put_aside_with_a_reason(engine: Engine) -> None:
    operation = moved(engine, asked_by_other(engine, CARD), State.EXPIRED, why="too_old")
    at = run_page("needs_person", role=Role.SUPPORT)
    assert "within ten minutes" in texts(at)
    at.text_input(key=f"note_{operation.id}").set_value("고객이 철회")
    at = press(at, f"put_aside_{operation.id}")
    assert operations(engine)[0].note == "고객이 철회"
    assert at.success


def test_looking_now_does_not_wait_for_the_gateway(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr("dashboard.process.rereads.start", lambda name, _work: looked.append(name))
    steps = (State.INTENT, State.SENT, State.UNKNOWN)
    operation = moved(engine, asked_by_other(engine, waits=True), *steps, why="answer_lost")
    press(run_page("needs_person", role=Role.SUPPORT), f"look_{operation.id}")
    assert looked == [f"operation:{operation.id}"]


def test_every_screen_says_how_many_wait(engine: Engine, waits: Operation) -> None:
    for page in ("overview", "payments", "refunds", "bulk_refunds"):
        at = run_page(page, role=Role.FINANCE)
        assert [link for link in at.get("page_link") if "1 operation needs a person" in link.proto.label]
    at = run_page("payments", role=Role.VIEWER)
    assert not [link for link in at.get("page_link") if "needs a person" in link.proto.label]


def test_naver_payment_is_linked(engine: Engine, waits: Operation) -> None:
    at = run_page("needs_person", role=Role.SUPPORT)
    assert [link for link in at.get("page_link") if link.proto.label == escape(NAVER)]


def test_a_refused_charge_that_is_paid_after_all_is_shown_with_its_refund(engine: Engine) -> None:
    refused_then_paid(engine)
    at = run_page("needs_person")
    shown = texts(at)
    assert "Refused, and paid after all (1)" in shown
    assert "₩9,900" in shown
    assert "(PG사 결제 장애) Internal error" in shown
    at = press(at, "late_imp_900000000001_done")
    assert "Give a reason" in texts(at)
    at.text_input(key="late_imp_900000000001_note").set_value("구매자가 동의")
    at = press(at, "late_imp_900000000001_done")
    assert "paid after all" not in texts(at)


def test_a_second_charge_is_held_up_by_it(engine: Engine) -> None:
    refused_then_paid(engine)
    at = run_page("charge", query={"customer_uid": NAVER_KEY})
    at = press(fill(settled(at), amount="9,900", name="사과"), "review_it")
    assert [error.value for error in at.error] == ["A charge that was refused is paid after all: say that you mean it."]


def refused_then_paid(engine: Engine) -> None:
    """A charge of three days ago that the PG refused, and its payment as the mirror sees it now."""
    now = int(time.time())
    form, key = ChargeForm(amount=9_900, name="구독"), BillingKey(customer_uid=NAVER_KEY, pg_provider="html5_inicis")
    asked = journal.record(engine, wanted_charge("t", key, form, minimum=100, now=now), OTHER, now - 3 * 86_400)
    said = {"message": "(PG사 결제 장애) Internal error", "imp_uid": "imp_900000000001"}
    moved(engine, asked, State.SENT, State.REFUSED, **said)
    more = {"customer_uid": NAVER_KEY, "customer_uid_usage": "payment", "merchant_uid": asked.merchant_uid}
    with writing(engine) as conn:
        row = payment("imp_900000000001", now - 3 * 86_400, "failed", 9_900, **more)
        upsert_payments(conn, [row], as_of=now * 1000)
        paid = payment("imp_900000000001", now - 2 * 86_400, "paid", 9_900, **more)
        upsert_payments(conn, [paid], as_of=now * 1000 + 1)
