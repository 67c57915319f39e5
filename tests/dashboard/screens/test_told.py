"""Of which payment a buyer is told what: nothing that did not happen, no amount that was not paid or is not left."""

import json
import time
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.locale import set_language
from dashboard.screens.telling import messages
from dashboard.words.ways import Way
from services.store.engine import reading, writing
from services.store.lists.one import get_payment, list_attempts, list_cancellations
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.screens import payment

NOW = int(time.time())
UID, LATER = "imp_500000000001", "imp_500000000002"
BY_KEY = {"customer_uid": "key_1", "customer_uid_usage": "payment"}


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def keep(engine: Engine, uid: str, at: int, status: str, amount: int, **more: Any) -> None:
    with writing(engine) as conn:
        upsert_payments(conn, [payment(uid, at, status, amount, **more)], as_of=NOW * 1000)


def refund(amount: int) -> dict[str, Any]:
    return {"cancellation_id": "c1", "pg_tid": "t1", "amount": amount, "cancelled_at": NOW - 60, "reason": "x"}


def told(engine: Engine) -> str:
    """The English text; empty where nothing is told."""
    with reading(engine) as conn:
        found, refunds = get_payment(conn, UID), list_cancellations(conn, UID)
        assert found
        attempts = list_attempts(conn, found.merchant_uid)
    message = messages.of_payment(found, refunds, (), attempts, 0, NOW)
    return message.texts["en"] if message else ""


def test_a_registration_that_was_taken_back_is_no_refund(engine: Engine) -> None:
    shown = {"pg_provider": "html5_inicis", "customer_uid": "key_1", "customer_uid_usage": "issue"}
    keep(engine, UID, NOW - 600, "cancelled", 1_000, refunds=[refund(1_000)], cancel_amount=1_000, **shown)
    assert told(engine) == ""


def test_with_a_promotion_the_buyer_is_told_what_was_paid_and_nothing_of_what_is_left(engine: Engine) -> None:
    extra = json.dumps({"promotion": {"id": "p1", "discount": 2_000}})
    keep(engine, UID, NOW - 600, "paid", 20_000, extra=extra)
    assert "Amount paid: KRW 18,000" in told(engine)
    keep(engine, UID, NOW - 600, "paid", 20_000, extra=extra, refunds=[refund(9_000)], cancel_amount=10_000)
    assert "Amount refunded: KRW 9,000" in told(engine)
    assert "Remaining" not in told(engine)


def test_a_failure_is_not_told_where_the_order_was_paid_after_it(engine: Engine) -> None:
    keep(engine, UID, NOW - 600, "failed", 9_900, merchant_uid="ORDER", fail_reason="[한도초과]", **BY_KEY)
    assert "did not go through" in told(engine)
    keep(engine, LATER, NOW - 500, "paid", 9_900, merchant_uid="ORDER", **BY_KEY)
    assert told(engine) == ""


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"pay_method": "vbank", "pg_provider": "tosspayments"}, "the account that you gave us"),
        ({"pay_method": "trans", "pg_provider": "smartro_v2"}, "the account that you gave us"),
        ({"pay_method": "trans", "pg_provider": "nice_v2", "card_name": None, "bank_name": "신한은행"}, "신한은행"),
    ],
)
def test_a_refund_goes_back_to_where_the_rules_send_it(engine: Engine, more: dict[str, Any], place: str) -> None:
    keep(engine, UID, NOW - 600, "paid", 20_000, refunds=[refund(1_000)], cancel_amount=1_000, **more)
    (line,) = [one for one in told(engine).splitlines() if one.startswith("Goes back to")]
    assert place in line


def test_no_day_is_named_where_only_a_contract_says_when(engine: Engine) -> None:
    more = {"pay_method": "vbank", "refunds": [refund(1_000)], "cancel_amount": 1_000}
    keep(engine, UID, NOW - 600, "paid", 20_000, pg_provider="tosspayments", **more)
    assert "Usually there by" in told(engine)
    keep(engine, UID, NOW - 600, "paid", 20_000, pg_provider="daou", **more)
    assert "Amount refunded: KRW 1,000" in told(engine)
    assert "Usually there by" not in told(engine)


@pytest.mark.parametrize("pg_provider", ["kakaopay", "danal", "mobilians_v2", "settle_acc"])
def test_a_key_of_which_no_card_is_known_is_called_no_card(pg_provider: str) -> None:
    assert Way(None, pg_provider, None).words() == ""
    assert Way(None, pg_provider, "신한카드").words() == "신한카드"
