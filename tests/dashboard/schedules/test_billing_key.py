"""The page of one billing key: figures, reason, cards, story; and what each role may do about it."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.process import rereads
from dashboard.settings import Role
from dashboard.words.formats import short_time
from services.operations.actions.key_deletions import wanted_deletion
from services.operations.journal import journal
from services.store.engine import reading, writing
from services.store.lists.one import get_billing_key
from services.store.writes.payments import upsert_payments
from services.tables.journal import OperationState as State
from tests.worlds.screens.key_forms import FREE_KEY, OTHER_KEY, REASON, key_page, key_store
from tests.worlds.screens.money_forms import CARD_KEY, GONE_KEY, NAVER_KEY, OTHER, moved, press
from tests.worlds.screens.screens import payment, run_page, story, texts

ACTS = {"charge", "delete", "end"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return key_store(tmp_path)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("uid", [NAVER_KEY, CARD_KEY, GONE_KEY, FREE_KEY, "nobody", ""])
def test_the_page_of_any_key_is_drawn_in_both_languages(engine: Engine, uid: str, language: str) -> None:
    at = key_page(uid, language=language)
    assert bool(at.info) == (uid in ("nobody", ""))


def test_the_figures_are_those_of_its_payments_and_schedules(engine: Engine) -> None:
    figures = {one.label: one.value for one in key_page(NAVER_KEY).metric}
    assert figures["Payments made"] == "1"
    assert (figures["Last success"], figures["Next charge"]) == ("₩60,000", "₩60,000")
    assert figures["Won booked"] == "₩60,000"
    assert figures["Last failure"] == "–"


def test_the_reason_of_the_last_failure_stands_word_for_word_in_a_block_of_its_own(engine: Engine) -> None:
    at = key_page(CARD_KEY)
    assert REASON in [block.value.strip("\n") for block in at.code]
    for kind in ("markdown", "caption", "text", "warning"):
        assert not [one for one in at.get(kind) if "evil.example" in one.value]


def test_the_buyer_of_a_key_that_fails_is_told_so_by_who_may_see_buyers(engine: Engine) -> None:
    words = [block.value for block in key_page(CARD_KEY).code if "did not go through" in block.value]
    assert len(words) == 1
    assert "KRW 9,900" in words[0]
    assert not [one for one in key_page(CARD_KEY, Role.VIEWER).code if "did not go through" in one.value]
    assert not [one for one in key_page(NAVER_KEY).code if "did not go through" in one.value]


def test_cards_that_were_replaced_are_told_the_latest_first(engine: Engine) -> None:
    cards = next(one.value for one in key_page(CARD_KEY).dataframe if "First used" in one.value)
    assert list(cards["Card"]) == ["신한카드 123456******7890", "신한카드 999999******1111"]
    assert list(cards["Payments asked for"]) == [2, 1]
    assert not [one for one in key_page(NAVER_KEY).dataframe if "First used" in one.value]


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_what_it_may_and_no_buyer_it_may_not(engine: Engine, role: Role) -> None:
    at = key_page(NAVER_KEY, role)
    money = role in (Role.SUPPORT, Role.FINANCE, Role.ADMIN)
    assert {str(one.key) for one in at.button} & ACTS == (ACTS if money else set())
    assert ("010-1234-5678" in texts(at)) == money
    assert ("홍길동" in texts(at)) == money
    assert any(one.label == "Refresh" for one in at.button) == (role != Role.VIEWER)


def test_a_key_with_nothing_booked_has_no_subscription_to_end(engine: Engine) -> None:
    assert {str(one.key) for one in key_page(FREE_KEY).button} & ACTS == {"charge", "delete"}


def test_a_key_that_is_gone_says_so_and_offers_nothing(engine: Engine) -> None:
    at = key_page(GONE_KEY)
    assert "gone" in at.warning[0].value
    assert not {str(one.key) for one in at.button} & ACTS


def test_other_keys_of_the_same_phone_are_named(engine: Engine) -> None:
    named = [set(one.value["customer_uid"]) for one in key_page(NAVER_KEY).dataframe if "customer_uid" in one.value]
    assert named == [{CARD_KEY}]
    assert not [one for one in key_page(OTHER_KEY).dataframe if "customer_uid" in one.value]


def test_charges_are_paged_and_each_is_there_once(engine: Engine) -> None:
    now = int(time.time())
    more = {"customer_uid": FREE_KEY, "customer_uid_usage": "payment"}
    rows = [payment(f"imp_4000000{number:05d}", now - number, "paid", 1_000, **more) for number in range(45)]
    with writing(engine) as conn:
        upsert_payments(conn, rows, as_of=now * 1000)
    at, seen = key_page(FREE_KEY), []
    for _ in range(3):
        seen += next(list(one.value["imp_uid"]) for one in at.dataframe if "imp_uid" in one.value)
        at = press(at, f"{FREE_KEY}.charges.before") if len(seen) < 45 else at
    assert len(seen) == len(set(seen)) == 45


def test_what_was_asked_for_is_in_the_story_and_what_is_open_on_top(engine: Engine) -> None:
    with reading(engine) as conn:
        found = get_billing_key(conn, FREE_KEY)
    assert found is not None
    wanted = wanted_deletion("token", found, reason="중복 등록", requester="admin", booked=0)
    operation = journal.record(engine, wanted, OTHER, time.time())
    at = key_page(FREE_KEY)
    assert "other@example.com" in texts(at)
    line, step, *_ = story(at)
    assert "**Deletion of a billing key: … Written down** · other@example.com" in line
    assert "  " in step[:2]
    assert "**Deletion of a billing key: asked for** · 중복 등록 · other@example.com" in step
    assert not [one for one in key_page(FREE_KEY, Role.VIEWER).button if one.key == "follow"]
    moved(engine, operation, State.SENT, State.SUCCEEDED)
    assert not [one for one in key_page(FREE_KEY).button if one.key == "follow"]


def test_reading_again_asks_the_gateway_for_this_key(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(rereads, "read_key_again", lambda _gateway, _engine, uid: asked.append(uid))
    at = key_page(NAVER_KEY)
    next(button for button in at.button if button.label == "Refresh").click().run()
    until = time.monotonic() + 5
    while not asked and time.monotonic() < until:
        time.sleep(0.01)
    assert asked == [NAVER_KEY]


def test_a_payment_by_key_leads_to_the_key(engine: Engine) -> None:
    at = run_page("payment", query={"imp_uid": "imp_100000000009"})
    links = [one.proto for one in at.get("page_link")]
    assert [one.query_string for one in links if one.page == "billing-key"] == [f"customer_uid={NAVER_KEY}"]


def test_a_refund_of_a_part_stands_at_its_own_time(engine: Engine) -> None:
    now = int(time.time())
    paid_at, back_at = now - 9 * 86_400, now - 3 * 86_400
    refund = {"cancellation_id": "c8", "pg_tid": "t8", "amount": 1_100, "cancelled_at": back_at, "reason": "배송 지연"}
    more = {"customer_uid": NAVER_KEY, "customer_uid_usage": "payment", "cancel_amount": 1_100}
    with writing(engine) as conn:
        row = payment("imp_700000000001", paid_at, "paid", 9_900, refunds=[refund], **more)
        upsert_payments(conn, [row], as_of=now * 1000)
    (line,) = [one for one in story(key_page(NAVER_KEY)) if "1,100" in one]
    assert short_time(back_at) in line
    assert short_time(paid_at) not in line
