"""One schedule: what may be done about it, what is refused beside its field, and what became of it."""

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.locale import LANGUAGES
from dashboard.process import rereads
from dashboard.settings import Role
from services.errors import NotSent
from services.operations.actions.revocations import wanted_revocation
from services.operations.journal import journal
from services.store.engine import reading, writing
from services.store.lists.one import get_schedule
from services.store.sql import table
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State
from services.tables.revenue import Subscription
from services.tables.v1 import Schedule
from tests.worlds.screens.money_forms import OTHER, field, moved, operations, press, send_twice
from tests.worlds.screens.schedule_forms import (
    BECAME,
    BOOKED,
    DECLINED,
    FAILED,
    MARKUP,
    PAID,
    REASON,
    REVOKED,
    SOON,
    desk_store,
    noon,
    schedule_page,
    store_again,
    wall,
)
from tests.worlds.screens.screens import run_page, story, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")


def offered(at: AppTest) -> set[str]:
    return {str(button.key)[3:] for button in at.button if str(button.key).startswith("do_")}


def filled(at: AppTest, value: Any) -> AppTest:
    field(at, "schedule_at").set_value(value)
    return at


def looked_at(merchant_uid: str, kind: str, value: Any = None, role: Role | None = None) -> AppTest:
    """The page at the last look."""
    at = schedule_page(merchant_uid, role, do=kind)
    if kind == "revoke":
        field(at, "reason").set_value("고객 요청")
    elif kind != "retry":
        filled(at, value or wall(noon(5)))
    return press(at, "review_it")


@pytest.mark.parametrize(
    ("merchant_uid", "kinds"),
    [
        (BOOKED, {"move", "revoke"}),
        (PAID, set()),
        (FAILED, {"retry", "rebook"}),
        (REVOKED, {"retry", "rebook"}),
    ],
)
def test_its_state_says_what_may_be_done(engine: Engine, merchant_uid: str, kinds: set[str]) -> None:
    assert offered(schedule_page(merchant_uid)) == kinds


@pytest.mark.parametrize("role", Role)
def test_a_role_changes_schedules_only_where_it_may(engine: Engine, role: Role) -> None:
    at = schedule_page(BOOKED, role, do="move")
    assert bool(offered(at)) == (Permission.SCHEDULE in PERMISSIONS[role])
    assert bool([one for one in at.button if one.key == "review_it"]) == (Permission.SCHEDULE in PERMISSIONS[role])


@pytest.mark.parametrize("role", Role)
def test_a_buyer_is_whole_only_for_roles_that_need_it(engine: Engine, role: Role) -> None:
    shown = texts(schedule_page(BOOKED, role))
    sees = Permission.SEE_BUYERS in PERMISSIONS[role]
    assert ("홍길동" in shown, "홍*동" in shown) == (sees, not sees)


@pytest.mark.parametrize(("row", "kind", "marked"), [(BOOKED, "move", 1), (BOOKED, "revoke", 1), (FAILED, "retry", 0)])
def test_a_form_says_what_has_to_be_filled_in_where_it_has_such_a_field(
    engine: Engine, row: str, kind: str, marked: int
) -> None:
    at = schedule_page(row, do=kind)
    fields = [one.label for kind in ("text_input", "datetime_input") for one in at.get(kind)]
    assert len([label for label in fields if label.endswith(" *")]) == marked
    assert len([one for one in at.caption if "has to be filled in" in one.value]) == marked


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_schedule_says_where_to_look(engine: Engine, language: str) -> None:
    at = schedule_page("nothing", language=language)
    assert at.info


def test_a_failed_one_tells_its_reason_word_for_word_and_its_payment(engine: Engine) -> None:
    at = schedule_page(FAILED)
    assert REASON in story(at)[0]
    assert DECLINED in [link.label for link in at.get("page_link")]


def test_buyers_text_is_never_markup(engine: Engine) -> None:
    at = schedule_page(MARKUP)
    assert not [one for one in at.markdown if "](https" in one.value]


@pytest.mark.parametrize(
    ("merchant_uid", "kind", "value", "sentence"),
    [
        (SOON, "move", wall(noon(5)), "It is due within a minute: it is left alone."),
        (BOOKED, "move", wall(time.time()), "The time must be at least a minute from now."),
        (BOOKED, "move", wall(time.time() + 6 * 366 * 86_400), "That is more than five years ahead."),
        (FAILED, "rebook", wall(time.time() - 600), "The time must be at least a minute from now."),
    ],
)
def test_a_time_that_cannot_be_sent_is_said_beside_its_field(
    engine: Engine, merchant_uid: str, kind: str, value: Any, sentence: str
) -> None:
    at = press(filled(schedule_page(merchant_uid, do=kind), value), "review_it")
    assert [error.value for error in at.error] == [sentence]
    assert field(at, "schedule_at").value == value
    assert not operations(engine)


def test_the_time_it_has_already_is_no_move_even_with_its_seconds(engine: Engine) -> None:
    at = press(schedule_page(BOOKED, do="move"), "review_it")
    assert [error.value for error in at.error] == ["It is booked for that time already."]


def test_a_booking_that_somebody_is_about_to_make_due_is_left_alone(engine: Engine) -> None:
    at = press(schedule_page(SOON, do="revoke"), "review_it")
    assert [error.value for error in at.error] == ["It is due within a minute: it is left alone."]


def test_cancelling_wants_a_reason(engine: Engine) -> None:
    at = press(schedule_page(BOOKED, do="revoke"), "review_it")
    assert [error.value for error in at.error] == ["Say why."]


@pytest.mark.parametrize(
    ("merchant_uid", "kind", "body"),
    [
        (BOOKED, "move", {"schedule_at": noon(5)}),
        (BOOKED, "revoke", {"customer_uid": "key_1", "merchant_uid": [BOOKED]}),
        (FAILED, "retry", {}),
        (REVOKED, "rebook", {"schedule_at": noon(5)}),
    ],
)
def test_each_change_is_looked_at_once_more_and_then_written_down_once(
    engine: Engine, merchant_uid: str, kind: str, body: dict[str, Any]
) -> None:
    at = looked_at(merchant_uid, kind, role=Role.SUPPORT)
    assert not operations(engine)
    assert at.json[0].value.replace(" ", "").replace("\n", "") == str(body).replace("'", '"').replace(" ", "")
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.kind, operation.state, operation.merchant_uid) == (kind, State.INTENT, merchant_uid)
    assert operation.asked_by == "support@example.com"
    assert not offered(at.run())


@pytest.mark.parametrize("alone", [True, False])
def test_cancelling_the_only_booking_says_that_the_subscription_counts_as_ended(engine: Engine, alone: bool) -> None:
    subscription = Subscription(
        customer_uid="key_1", pg_provider="naverpay", sandbox=False, currency="KRW", name="구독", every=1, unit="month",
        confidence=1.0, price=9_900, monthly=9_900, state="active", since=1, review_at=None,
    )  # fmt: skip
    with writing(engine) as conn:
        conn.execute(table(Subscription).insert().values(subscription.model_dump()))
        if alone:
            rest = (table(Schedule).c.customer_uid == "key_1") & (table(Schedule).c.merchant_uid != BOOKED)
            conn.execute(table(Schedule).update().where(rest).values(schedule_status="revoked"))
        else:
            mine = table(Schedule).c.merchant_uid == SOON
            conn.execute(table(Schedule).update().where(mine).values(customer_uid="key_1"))
    said = " ".join(texts(looked_at(BOOKED, "revoke")).split())
    assert ("the only booking of a subscription" in said) == alone


def test_the_same_click_twice_is_one_operation(engine: Engine) -> None:
    send_twice(looked_at(BOOKED, "move"), engine)
    assert len(operations(engine)) == 1


def test_going_back_from_the_last_look_keeps_what_was_typed(engine: Engine) -> None:
    at = press(looked_at(BOOKED, "move"), "change")
    assert field(at, "schedule_at").value == wall(noon(5))


def test_what_was_done_stays_on_the_page_with_its_story_and_the_next_changes(engine: Engine) -> None:
    at = press(looked_at(BOOKED, "move"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    store_again(engine, BOOKED, schedule_at=noon(5))
    at = schedule_page(BOOKED)
    assert "✓ Done" in texts(at).replace("\\", "")
    assert any("Move: done" in line for line in story(at))
    assert offered(at) == {"move", "revoke"}
    at = press(at, "do_revoke")
    assert field(at, "reason").value == ""


def test_a_refusal_stays_word_for_word_and_can_be_changed_and_asked_again(engine: Engine) -> None:
    at = press(looked_at(BOOKED, "move"), "send")
    words = "이미 실행되었거나 취소된 결제예약입니다."
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message=words)
    at.run()
    assert words in [block.value.strip("\n") for block in at.code]
    at = press(at, "anew")
    assert field(at, "schedule_at").value == wall(noon(5))
    press(press(at, "review_it"), "send")
    assert len(operations(engine)) == 2


def test_one_that_ran_meanwhile_shows_its_payment_and_offers_the_refund(engine: Engine) -> None:
    at = press(looked_at(BOOKED, "move"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, why="executed_meanwhile")
    ran = {"schedule_status": "executed", "payment_status": "paid", "imp_uid": BECAME, "executed_at": noon()}
    store_again(engine, BOOKED, schedule_at=noon(), **ran)
    at.run()
    assert "its payment stands" in texts(at)
    assert "Nothing is charged again by itself" in texts(at)
    assert {BECAME, "Refund it"} <= {link.label for link in at.get("page_link")}
    assert not offered(at)


def test_one_that_ran_while_the_form_stood_open_says_so_and_sends_nothing(engine: Engine) -> None:
    at = looked_at(BOOKED, "move")
    ran = {"schedule_status": "executed", "payment_status": "paid", "imp_uid": BECAME, "executed_at": noon()}
    store_again(engine, BOOKED, schedule_at=noon(), **ran)
    at.run()
    assert not [button for button in at.button if button.key in ("send", "review_it")]
    assert "It ran before it could be changed" in texts(at)


def test_one_that_was_moved_elsewhere_brings_the_person_back_to_the_fields(engine: Engine) -> None:
    at = looked_at(BOOKED, "move")
    store_again(engine, BOOKED, schedule_at=noon(9))
    at.run()
    assert "has changed" in at.warning[0].value
    assert field(at, "schedule_at").value == wall(noon(5))


def test_the_second_person_is_told_who_is_at_it(engine: Engine) -> None:
    with reading(engine) as conn:
        found = get_schedule(conn, BOOKED)
    assert found is not None
    wanted = wanted_revocation("other", [found], reason="해지", now=time.time())
    journal.record(engine, wanted, OTHER, time.time())
    at = schedule_page(BOOKED, Role.SUPPORT)
    assert "other@example.com" in texts(at)
    assert not offered(at)


def test_nothing_can_be_sent_while_the_gateway_is_down(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_merchant_uid: str) -> None:
        raise NotSent("The gateway cannot be reached ({kind}).", kind="ConnectError")

    monkeypatch.setattr(rereads, "_read_schedule", fail)
    at = looked_at(BOOKED, "move")
    assert "cannot be reached" in texts(at)
    assert at.button(key="send").disabled


def test_a_time_that_somebody_proposes_stands_in_the_field(engine: Engine) -> None:
    at = schedule_page(FAILED, do="rebook", at="2031-03-02T10:30")
    assert field(at, "schedule_at").value.isoformat() == "2031-03-02T10:30:00"
    assert not schedule_page(FAILED, do="rebook", at="nonsense").exception


def test_large_amounts_are_typed_again_only_where_money_moves(tmp_path: Path) -> None:
    engine = desk_store(tmp_path, refund_confirm_from=400)
    press(looked_at(BOOKED, "move"), "send")
    assert [one.kind for one in operations(engine)] == [OperationKind.MOVE]
    at = press(looked_at(FAILED, "retry"), "send")
    assert "once more" in at.error[0].value
    assert len(operations(engine)) == 1


def test_a_list_row_leads_here(engine: Engine) -> None:
    at = run_page("schedule", query={"merchant_uid": PAID})
    assert "All schedules" in [link.label for link in at.get("page_link")]
