"""What is known before a refund: each rule, to the day and in Seoul, and how each PG writes a bank."""

from datetime import datetime
from typing import Any

import pytest

from services.clock import DAY, SEOUL
from services.models import Payment
from services.operations.refund_rules import Level, bank_code, banks, verdict, wants_phone

NOON = int(datetime(2026, 11, 24, 12, tzinfo=SEOUL).timestamp())


def payment(**fields: Any) -> Payment:
    own = {"imp_uid": "imp_1", "merchant_uid": "1", "position": 1, "facet_id": 1, "status_at": NOON, "amount": 10_000}
    own |= {"cancel_amount": 0, "currency": "KRW", "status": "paid", "started_at": NOON, "paid_at": NOON}
    own |= {"failed_at": 0, "cancelled_at": 0, "read_at": 0, "pg_provider": "tosspayments", "pay_method": "card"}
    return Payment(**(own | fields))


def at(*parts: int) -> int:
    """A moment in Seoul."""
    return int(datetime(*parts, tzinfo=SEOUL).timestamp())


@pytest.mark.parametrize(
    ("pg", "method", "days", "beyond"),
    [
        ("naverpay", "naverpay", 1095, Level.IMPOSSIBLE),
        ("naverpay", "card", 1095, Level.IMPOSSIBLE),
        ("naverco", "naverpay", 1095, Level.IMPOSSIBLE),
        ("paypal_v2", "paypal", 180, Level.IMPOSSIBLE),
        ("paypal", "paypal", 180, Level.IMPOSSIBLE),
        ("ksnet", "card", 183, Level.IMPOSSIBLE),
        ("danal", "culturegift", 365, Level.IMPOSSIBLE),
        ("html5_inicis", "trans", 90, Level.RISKY),
        ("tosspayments", "card", 365, Level.RISKY),
        (None, None, 365, Level.RISKY),
    ],
)
def test_a_deadline_is_counted_in_whole_days_since_the_payment(
    pg: str | None, method: str | None, days: int, beyond: Level
) -> None:
    paid = payment(pg_provider=pg, pay_method=method)
    ages = {0: Level.ALLOWED, days - 15: Level.ALLOWED, days - 14: Level.RISKY, days - 1: Level.RISKY, days: beyond}
    for age, level in ages.items():
        for second in (0, DAY - 1):
            assert verdict(paid, NOON + age * DAY + second).level == level, age


def test_the_sentence_says_how_old_it_is_and_where_that_is_known_from() -> None:
    found = verdict(payment(pg_provider="naverpay"), NOON + 1090 * DAY)
    assert found.sentence == "Only 5 of 1,095 days are left."
    assert found.source == "Naver Pay's terms for merchants: 1,095 days"
    assert verdict(payment(), NOON + 9 * DAY).sentence == "9 of 365 days have passed."
    late = verdict(payment(), NOON + 400 * DAY)
    assert late.sentence == "Refunds end after about 365 days, and it was paid 400 days ago."


@pytest.mark.parametrize("pg", ["danal", "html5_inicis"])
def test_a_phone_payment_is_refunded_in_the_month_of_the_payment_in_seoul(pg: str) -> None:
    paid = payment(pg_provider=pg, pay_method="phone", paid_at=at(2026, 11, 1, 0, 0, 0))
    assert verdict(paid, at(2026, 11, 30, 23, 59, 59)).level == Level.ALLOWED
    assert verdict(paid, at(2026, 12, 1, 0, 0, 0)).level == Level.IMPOSSIBLE
    # 31 October, 23:59:59 in Seoul is the same day in UTC: the month is Seoul's.
    before = payment(pg_provider=pg, pay_method="phone", paid_at=at(2026, 10, 31, 23, 59, 59))
    assert verdict(before, at(2026, 11, 1, 0, 0, 0)).level == Level.IMPOSSIBLE
    next_year = payment(pg_provider=pg, pay_method="phone", paid_at=at(2025, 11, 24))
    assert verdict(next_year, NOON).level == Level.IMPOSSIBLE


@pytest.mark.parametrize(
    ("pg", "method", "partial"),
    [
        ("danal", "phone", False),
        ("html5_inicis", "phone", True),
        ("danal", "cultureland", False),
        ("danal", "booknlife", False),
        ("danal", "smartculture", False),
        ("naverpay", "naverpay", True),
        ("tosspayments", "vbank", True),
        ("tosspayments", "card", True),
    ],
)
def test_whether_a_part_can_be_refunded(pg: str, method: str, partial: bool) -> None:
    assert verdict(payment(pg_provider=pg, pay_method=method), NOON).partial is partial


def test_a_virtual_account_has_no_deadline_that_is_known() -> None:
    found = verdict(payment(pay_method="vbank"), NOON + 2000 * DAY)
    assert found.level == Level.ALLOWED
    assert "an account that you name" in found.sentence


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"status": "ready"}, "Nothing of this payment is left to refund."),
        ({"status": "failed"}, "Nothing of this payment is left to refund."),
        ({"status": "cancelled", "cancel_amount": 10_000}, "Nothing of this payment is left to refund."),
        ({"cancel_amount": 10_000}, "Nothing of this payment is left to refund."),
        ({"amount": 0}, "Nothing of this payment is left to refund."),
        ({"customer_uid_usage": "issue"}, "This only registered a billing key: nothing was charged."),
    ],
)
def test_what_has_nothing_to_refund_is_impossible(fields: dict[str, Any], because: str) -> None:
    found = verdict(payment(**fields), NOON)
    assert (found.level, found.sentence) == (Level.IMPOSSIBLE, because)


@pytest.mark.parametrize(
    ("pg", "written"),
    [
        ("html5_inicis", "88"),
        ("kcp", "BK88"),
        ("kcp_billing", "BK88"),
        ("tosspayments", "088"),
        ("nice_v2", "088"),
        (None, "088"),
    ],
)
def test_a_bank_is_written_as_the_pg_writes_it(pg: str | None, written: str) -> None:
    assert bank_code(pg, "088") == written


def test_every_bank_has_a_three_digit_code_and_keeps_it_apart_in_every_form() -> None:
    assert all(len(code) == 3 and code.isdecimal() for code in banks())
    for pg in ("html5_inicis", "kcp", "tosspayments"):
        assert len({bank_code(pg, code) for code in banks()}) == len(banks())


def test_only_some_pgs_want_the_holders_phone() -> None:
    assert [wants_phone(pg) for pg in ("smartro", "smartro_v2", "tosspayments", None)] == [True, True, False, False]
