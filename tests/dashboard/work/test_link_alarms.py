"""Payments under links that wait for a person: counted, on a card, gone once somebody says what was done."""

import time

import pytest
from sqlalchemy import Engine

from dashboard.process.resources import current_freshness
from dashboard.screens.needs_person import waiting_desk
from dashboard.settings import Role
from services.checkout import checkouts
from services.checkout.checkouts import Channel, Offer
from services.errors import InvalidRequest
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.lists.records import RecordFilter, list_records
from services.store.writes.link_alarms import link_alarms, note_alarm
from services.tables.checkouts import AlarmKind, CheckoutKind
from tests.worlds.screens.money_forms import NAVER, VBANK
from tests.worlds.screens.screens import run_page, texts

KIM = Actor("kim@example.com", "screen")


def why_not(engine: Engine, imp_uid: str) -> str:
    """Why a payment into a virtual account cannot be refunded without its buyer."""
    with reading(engine) as conn:
        payment = get_payment(conn, imp_uid)
    assert payment
    form = RefundForm(amount=50_000, balance=50_000, reason="x", requester="admin")
    with pytest.raises(InvalidRequest) as refused:
        wanted_refund("t", payment, form, approval_from=None)
    return refused.value.kept()


@pytest.fixture
def waits(engine: Engine) -> Engine:
    """One of another channel, and one that does not go back."""
    now = int(time.time())
    why = why_not(engine, VBANK)
    with writing(engine) as conn:
        channel = Channel("channel-key-1", "naverpay", "np_abc", sandbox=False)
        offer = Offer(CheckoutKind.PAYMENT, channel, {"name": "추가 배송비", "amount": 12_000}, "KRW", now + 60)
        link = checkouts.make(conn, offer, KIM, now).id
        note_alarm(conn, NAVER, AlarmKind.CHANNEL, order="L1-1-a", link=link, now=now)
        note_alarm(conn, VBANK, AlarmKind.NOT_REFUNDED, order="L1-2-b", link=link, why=why, now=now)
    return engine


def test_each_says_what_is_wrong_with_which_payment_and_the_menu_counts_it(waits: Engine) -> None:
    before = current_freshness().waiting
    assert before == 2
    shown = texts(run_page("needs_person", role=Role.SUPPORT))
    for part in ("Another channel", "Does not go back", "₩12,000", "L1-1-a", "account"):
        assert part in shown


def test_without_a_word_of_what_was_done_it_stays_and_says_so(waits: Engine) -> None:
    at = run_page("needs_person", role=Role.SUPPORT)
    at.button(f"alarm_{NAVER}_channel_done").click().run()
    assert "Say what was done" in texts(at)
    with reading(waits) as conn:
        assert len(link_alarms(conn)) == 2


def test_whoever_is_done_says_how_and_it_stands_in_the_records_in_words(waits: Engine) -> None:
    at = run_page("needs_person", role=Role.SUPPORT)
    at.text_input(f"alarm_{NAVER}_channel_note").set_value("고객과 통화함")
    at.button(f"alarm_{NAVER}_channel_done").click().run()
    assert not at.exception
    assert current_freshness().waiting == 1
    assert "L1-1-a" not in texts(at)
    with reading(waits) as conn:
        record = list_records(conn, RecordFilter()).rows[0]
    assert (record.action, record.actor) == ("link_alarm_done", "support@example.com")
    assert record.detail == {"imp_uid": NAVER, "what": "channel", "note": "고객과 통화함"}
    told = texts(run_page("records", role=Role.ADMIN)).replace("\\", "")
    assert f"**Link: a payment was settled** {NAVER} · Another channel · 고객과 통화함" in told


def test_one_that_comes_while_the_page_is_open_draws_it_anew(waits: Engine) -> None:
    found = waiting_desk.read_waiting(time.time())
    shown = waiting_desk.as_shown(found, [])
    assert waiting_desk.shown_now() == shown
    with writing(waits) as conn:
        note_alarm(conn, VBANK, AlarmKind.MODE, order="L1-3-c", link=1, now=int(time.time()))
    assert waiting_desk.shown_now() != shown
