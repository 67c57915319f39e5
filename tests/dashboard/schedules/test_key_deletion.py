"""The form that deletes a billing key or ends its subscription: what stands in the way, what is written down."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert
from streamlit.testing.v1 import AppTest

from dashboard.process import rereads
from dashboard.settings import Role
from services.errors import NotSent
from services.operations.journal import journal
from services.operations.journal.chains import follow
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State
from services.tables.revenue import Subscription
from tests.worlds.screens.key_forms import FREE_KEY, book, deletion_page, key_store
from tests.worlds.screens.money_forms import (
    EXECUTOR,
    GONE_KEY,
    NAVER_KEY,
    field,
    fill,
    moved,
    operations,
    press,
    settled,
)
from tests.worlds.screens.screens import payment, schedule, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")

REFUSED = "빌링키를 삭제할 수 없습니다. <b>*굵게*</b>"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return key_store(tmp_path)


def keep_subscription(conn: Connection, uid: str, name: str) -> None:
    """As inferred of a rhythm of 30 days."""
    row = {"customer_uid": uid, "pg_provider": "naverpay", "sandbox": False, "currency": "KRW", "name": name}
    row |= {"every": 1, "unit": "month", "confidence": 1.0, "price": 9_900, "monthly": 9_900}
    conn.execute(insert(Subscription).values(row | {"state": "active", "since": 1_790_000_000}))


def filled(at: AppTest, **more: str | None) -> AppTest:
    return fill(at, **({"requester": "customer", "reason": "ended", "note": "전화로 요청"} | more))


def has_form(at: AppTest) -> bool:
    return any(button.key == "review_it" for button in at.button)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_a_role_that_may_not_delete_keys_has_no_such_page(engine: Engine, role: Role) -> None:
    with pytest.raises(ValueError, match="page"):
        deletion_page(role=role)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_key_with_payments_booked_cannot_be_deleted(engine: Engine, language: str) -> None:
    at = deletion_page(NAVER_KEY, language=language)
    assert not has_form(at)
    assert at.warning
    assert list(at.dataframe[0].value.iloc[:, -1]) == ["sub_1"]
    assert at.button(key="end").label == {"en": "End the subscription", "ko": "구독 해지"}[language]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"requester": None, "reason": "broken"}, "Choose who asked for it: the customer or the shop."),
        ({"reason": None, "note": ""}, "Say why: Naver Pay is told this reason."),
        ({"reason": "other", "note": " "}, "Say why: Naver Pay is told this reason."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays_typed(
    engine: Engine, typed: dict[str, str | None], sentence: str
) -> None:
    assert field(deletion_page(), "requester").value is None
    at = press(filled(deletion_page(), **typed), "review_it")
    assert [error.value for error in at.error] == [sentence]
    values = {"requester": "customer", "reason": "ended", "note": "전화로 요청"} | typed
    assert {name: field(at, name).value for name in values} == values
    assert not operations(engine)


def test_a_deletion_is_looked_at_and_then_written_down_with_who_wanted_it_and_why(engine: Engine) -> None:
    at = press(filled(deletion_page(role=Role.SUPPORT)), "review_it")
    assert not operations(engine)
    assert "cannot be undone" in texts(at)
    assert f"DELETE /subscribe/customers/{FREE_KEY}" in at.json[0].value
    assert '"extra[requester]": "customer"' in at.json[0].value
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.kind, operation.state, operation.customer_uid) == ("delete_key", State.INTENT, FREE_KEY)
    assert (operation.requester, operation.reason) == (
        "customer",
        "구매자 구독 해지: 전화로 요청",
    )
    assert operation.asked_by == "support@example.com"


def test_ending_names_exactly_what_is_booked_and_writes_both_steps_down(engine: Engine) -> None:
    second = book(engine, NAVER_KEY, 4_000, in_days=31)
    book(engine, FREE_KEY, 1_000, in_days=2)
    at = deletion_page(NAVER_KEY)
    at = press(at, "end")
    assert list(at.dataframe[0].value["Order number"]) == ["sub_1", second]
    assert "₩64,000" in texts(at).replace("\\", "")
    at = press(filled(at), "review_it")
    assert "Revoke 2 booked payments (₩64,000), then delete the billing key" in texts(at).replace("\\", "")
    press(at, "send")
    deletion, revocation = operations(engine)
    assert journal.asked(revocation)["merchant_uid"] == ["sub_1", second]
    assert (revocation.kind, revocation.state) == (OperationKind.REVOKE, State.INTENT)
    assert (deletion.kind, deletion.after_id) == (OperationKind.DELETE_KEY, revocation.id)
    assert deletion.state == State.AWAITING_APPROVAL


def ended(engine: Engine) -> AppTest:
    """A subscription asked to end, as its page shows it."""
    return press(press(filled(deletion_page(NAVER_KEY, end="1")), "review_it"), "send")


def test_both_steps_stay_on_the_page_and_follow_what_happens(engine: Engine) -> None:
    at = ended(engine)
    assert "Waits for the step before" in texts(at)
    assert "Step 2 of 2" in texts(at)
    assert "second person" not in texts(at)
    moved(engine, operations(engine)[1], State.SENT, State.SUCCEEDED)
    follow(engine, EXECUTOR, time.time())
    at = deletion_page(NAVER_KEY, end="1")
    assert "✓ Done" in texts(at)
    assert "… Written down" in texts(at)
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    at = deletion_page(NAVER_KEY, end="1")
    assert texts(at).count("The gateway has done it.") == 0
    assert len(at.success) == 2
    assert not [one for one in at.button if one.key == "anew"]


@pytest.mark.parametrize("inferred", [True, False])
def test_the_buyer_is_told_of_the_subscription_and_not_of_what_was_charged_last(engine: Engine, inferred: bool) -> None:
    now = int(time.time())
    with writing(engine) as conn:
        besides = {"customer_uid": NAVER_KEY, "customer_uid_usage": "payment", "name": "추가 배송비"}
        upsert_payments(conn, [payment("imp_300000000009", now, "paid", 3_000, **besides)], as_of=now * 1000)
        if inferred:
            keep_subscription(conn, NAVER_KEY, "매일 아침 원두")
    at = ended(engine)
    moved(engine, operations(engine)[1], State.SENT, State.SUCCEEDED)
    follow(engine, EXECUTOR, time.time())
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    letters = [one.value for one in at.run().code if "Your subscription to" in one.value]
    own = "매일 아침 원두" if inferred else str(schedule(now)["name"])
    assert [f"“{own}”" in one for one in letters] == [True]
    assert "추가 배송비" not in letters[0]


def test_what_was_not_revoked_leaves_the_key_alone_and_what_was_typed(engine: Engine) -> None:
    at = ended(engine)
    moved(engine, operations(engine)[1], State.SENT, State.REFUSED, message=REFUSED)
    follow(engine, EXECUTOR, time.time())
    at.run()
    assert REFUSED in [block.value.strip("\n") for block in at.code]
    assert "What had to happen before did not: nothing was sent." in at.warning[0].value.replace("\\", "")
    at = settled(press(at, "anew"))
    assert field(at, "note").value == "전화로 요청"


def test_a_refusal_stays_word_for_word(engine: Engine) -> None:
    at = press(press(filled(deletion_page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message=REFUSED)
    at.run()
    assert REFUSED in [block.value.strip("\n") for block in at.code]
    assert not [one for one in at.markdown if "<b>" in one.value]


def test_what_is_booked_meanwhile_is_looked_at_again(engine: Engine) -> None:
    at = press(filled(deletion_page(NAVER_KEY, end="1")), "review_it")
    late = book(engine, NAVER_KEY, 7_000, in_days=60)
    at.run()
    assert "has changed" in at.warning[0].value
    assert late in list(at.dataframe[0].value["Order number"])
    assert has_form(at)
    assert not operations(engine)


def test_what_is_due_within_a_minute_is_left_alone(engine: Engine) -> None:
    book(engine, NAVER_KEY, 7_000, in_days=0)
    at = press(filled(deletion_page(NAVER_KEY, end="1")), "review_it")
    assert [error.value for error in at.error] == ["It is due within a minute: it is left alone."]
    assert not operations(engine)


def test_nothing_is_sent_while_what_is_booked_could_not_be_read(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise NotSent("The gateway could not be reached.")

    monkeypatch.setattr(rereads, "read_key_again", unreachable)
    at = press(filled(deletion_page()), "review_it")
    assert at.button(key="send").disabled
    assert "could not be reached" in at.warning[0].value.replace("\\", "")


def test_a_key_that_is_gone_or_unknown_has_no_form(engine: Engine) -> None:
    assert not has_form(deletion_page(GONE_KEY))
    at = deletion_page("nobody")
    assert at.info
    assert not has_form(at)


def test_the_form_of_a_charge_and_that_of_a_deletion_do_not_mix(engine: Engine) -> None:
    at = press(press(filled(deletion_page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message=REFUSED)
    at.switch_page("../pages/charge.py")
    at.query_params["customer_uid"] = FREE_KEY
    at.run()
    assert field(at, "amount").value == ""
    assert REFUSED not in texts(at)
