"""What is known before a refund: each rule, to the day and in Seoul, and how each PG writes a bank."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.clock import DAY, SEOUL
from services.operations.actions.refund_rules import Level, account_needs, bank_code, banks, verdict
from services.tables.v1 import Payment
from tests.worlds.operations.refusals import refused_at

NOON = int(datetime(2026, 11, 24, 12, tzinfo=SEOUL).timestamp())


def payment(**fields: Any) -> Payment:
    own = {"imp_uid": "imp_1", "merchant_uid": "1", "position": 1, "facet_id": 1, "status_at": NOON, "amount": 10_000}
    own |= {"cancel_amount": 0, "currency": "KRW", "status": "paid", "started_at": NOON, "paid_at": NOON}
    own |= {"failed_at": 0, "cancelled_at": 0, "read_at": 0, "pg_provider": "tosspayments", "pay_method": "card"}
    return Payment(**(own | fields))


def at(*parts: int) -> int:
    """A moment in Seoul."""
    return int(datetime(*parts, tzinfo=SEOUL).timestamp())


MAY, WILL, WONT = Level.RISKY, Level.ALLOWED, Level.IMPOSSIBLE
# Written from the contract: README "Refunds", the vendor's description of POST /payments/cancel, Naver's and PayPal's
# terms. PG, method, days since the payment (the 24th of November, noon), verdict.
DEADLINES = [
    ("naverpay", "naverpay", 0, WILL),
    ("naverpay", "card", 1_080, WILL),
    ("naverpay", "naverpay", 1_081, MAY),
    ("naverpay", "naverpay", 1_095, MAY),  # the last day counts
    ("naverpay", "naverpay", 1_096, WONT),
    ("naverco", "naverpay", 1_096, WONT),
    ("kakaopay", "point", 400, WILL),  # money: five years
    ("kakaopay", "point", 1_811, WILL),
    ("kakaopay", "point", 1_826, MAY),
    ("kakaopay", "point", 1_827, WONT),
    ("kakaopay", "card", 300, WILL),
    ("kakaopay", "card", 400, MAY),  # about a year
    ("kakaopay", "kakaopay", 366, MAY),
    ("paypal", "paypal", 165, WILL),
    ("paypal_v2", "paypal", 180, MAY),
    ("paypal_v2", "paypal", 181, WONT),
    ("ksnet", "card", 160, WILL),
    ("ksnet", "card", 181, MAY),  # six months: the 24th of May
    ("ksnet", "card", 182, WONT),
    ("ksnet", "trans", 182, WONT),  # beyond cards
    ("ksnet", "vbank", 182, WONT),
    ("ksnet", "kakaopay", 182, WONT),
    ("ksnet", "vbank", 100, WILL),
    ("html5_inicis", "trans", 75, WILL),
    ("html5_inicis", "trans", 91, MAY),  # about three months
    ("tosspayments", "trans", 120, MAY),
    ("smartro_v2", "trans", 30, WILL),
    ("tosspayments", "card", 350, WILL),
    ("tosspayments", "card", 366, MAY),  # usually a year
    (None, None, 366, MAY),
    ("danal", "culturegift", 366, WONT),
    ("tosspayments", "cultureland", 100, WILL),
    ("html5_inicis", "phone", 6, WILL),  # the 30th
    ("html5_inicis", "phone", 7, WONT),
    ("danal", "phone", 7, WONT),
    ("mobilians", "phone", 7, WONT),
    ("kcp", "phone", 6, WILL),
    ("kcp", "phone", 7, MAY),  # to an account, where the shop has that contract
    ("kcp", "phone", 40, MAY),
    ("daou", "vbank", 1, MAY),  # by a contract, by hand
    ("tosspayments", "vbank", 2_000, WILL),
    ("html5_inicis", "vbank", 700, WILL),
    ("nice_v2", "vbank", 150, WILL),
    ("nice_v2", "vbank", 181, MAY),
    ("nice_v2", "card", 181, WILL),
    ("welcome", "card", 10, WILL),
    ("welcome", "trans", 91, MAY),
    ("payco", "payco", 366, MAY),
]
ACCOUNT = ("refund_bank", "refund_account", "refund_holder")
WITH_PHONE = (*ACCOUNT, "refund_tel")
# PG, method, days since the payment, what of an account has to be named.
ACCOUNTS = [
    ("tosspayments", "vbank", 0, ACCOUNT),
    ("html5_inicis", "vbank", 0, ACCOUNT),
    ("smartro", "vbank", 0, WITH_PHONE),
    ("smartro_v2", "vbank", 0, WITH_PHONE),
    ("smartro_v2", "trans", 0, WITH_PHONE),
    ("smartro", "trans", 0, ()),
    ("tosspayments", "trans", 0, ()),
    ("smartro_v2", "card", 0, ()),
    ("kcp", "phone", 6, ()),
    ("kcp", "phone", 7, ACCOUNT),
    ("kcp", "card", 40, ()),
    ("danal", "phone", 40, ()),
    ("naverpay", "naverpay", 40, ()),
]


@pytest.mark.parametrize(("pg", "method", "days", "level"), DEADLINES)
def test_a_deadline_counts_whole_days_and_the_last_one_too(
    pg: str | None, method: str | None, days: int, level: Level
) -> None:
    assert verdict(payment(pg_provider=pg, pay_method=method), NOON + days * DAY).level == level


@pytest.mark.parametrize(
    ("fields", "paid", "last", "over"),
    [
        # 1,095 days from the 24th of November 2026, six months from the 28th of May: to the end of that day.
        ({"pg_provider": "naverpay"}, (2026, 11, 24, 23, 50), (2029, 11, 23), (2029, 11, 24)),
        ({"pg_provider": "naverpay"}, (2026, 11, 24, 0, 10), (2029, 11, 23), (2029, 11, 24)),
        ({"pg_provider": "ksnet"}, (2026, 5, 28, 23, 50), (2026, 11, 28), (2026, 11, 29)),
        ({"pg_provider": "ksnet"}, (2026, 8, 31, 9, 0), (2027, 2, 28), (2027, 3, 1)),
        ({"pg_provider": "paypal_v2", "pay_method": "paypal"}, (2026, 1, 1, 12, 0), (2026, 6, 30), (2026, 7, 1)),
    ],
)
def test_the_last_day_is_the_whole_day_in_seoul_whatever_the_hour_of_the_payment(
    fields: dict[str, Any], paid: tuple[int, ...], last: tuple[int, ...], over: tuple[int, ...]
) -> None:
    one = payment(paid_at=at(*paid), **fields)
    for hour in ((0, 0, 0), (12,), (23, 59, 59)):
        found = verdict(one, at(*last, *hour))
        assert (found.level, found.sentence.startswith("This is the last of")) == (MAY, True), hour
        assert verdict(one, at(*over, *hour)).level == WONT, hour


@pytest.mark.parametrize(("pg", "method", "days", "needs"), ACCOUNTS)
def test_what_of_an_account_a_refund_has_to_name(pg: str, method: str, days: int, needs: tuple[str, ...]) -> None:
    assert account_needs(payment(pg_provider=pg, pay_method=method), NOON + days * DAY) == needs


def test_at_night_ksnet_refunds_no_virtual_account() -> None:
    paid = payment(pg_provider="ksnet", pay_method="vbank")
    hours = {22: WILL, 23: MAY, 0: MAY, 5: MAY, 6: WILL}
    assert {hour: verdict(paid, at(2026, 11, 25, hour)).level for hour in hours} == hours
    assert verdict(paid, at(2027, 8, 1, 23)).level == WONT


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


WHOLE = "This method is refunded whole only, as far as is known."


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"pg_provider": "danal", "pay_method": "phone"}, WHOLE),
        ({"pg_provider": "ksnet", "pay_method": "phone"}, WHOLE),
        ({"pg_provider": "kcp", "pay_method": "phone"}, WHOLE),
        ({"pg_provider": "html5_inicis", "pay_method": "phone"}, None),
        ({"pg_provider": "danal", "pay_method": "cultureland"}, WHOLE),
        ({"pg_provider": "tosspayments", "pay_method": "booknlife"}, WHOLE),
        ({"pg_provider": "danal", "pay_method": "smartculture"}, WHOLE),
        ({"pg_provider": "naverpay", "pay_method": "naverpay"}, None),
        ({"pg_provider": "ksnet", "pay_method": "card"}, None),
        ({"pg_provider": "tosspayments", "pay_method": "vbank"}, None),
        ({"pg_provider": "kakaopay", "pay_method": "point"}, None),
        (
            {"pg_provider": "payco", "pay_method": "payco"},
            "What was paid with points besides may be refunded whole only.",
        ),
        ({"pg_provider": "welcome"}, "This PG refunds a part only where the shop has that contract."),
        ({"escrow": True}, "An escrow payment is refunded whole only, until the buyer has confirmed it."),
        ({"escrow": False}, None),
    ],
)
def test_whether_a_part_can_be_refunded_and_why_not(fields: dict[str, Any], why: str | None) -> None:
    assert verdict(payment(**fields), NOON).parts == why


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


@pytest.mark.parametrize(
    ("pg", "code", "written"),
    [("daou", "088", "10"), ("daou", "081", "12"), ("daou", "071", "31"), ("nice_v2", "071", "071")],
)
def test_some_pgs_have_numbers_or_a_list_of_their_own(pg: str, code: str, written: str) -> None:
    assert bank_code(pg, code) == written


@pytest.mark.parametrize(("pg", "code"), [("daou", "090"), ("nice_v2", "092"), ("tosspayments", "999"), ("kcp", "88")])
def test_a_bank_that_the_pg_cannot_pay_out_to_is_refused(pg: str, code: str) -> None:
    assert code not in banks(pg)
    with refused_at("refund_bank"):
        bank_code(pg, code)


def test_every_rule_names_a_source_that_is_used() -> None:
    rules = tomllib.loads(Path("services/operations/actions/refund_rules.toml").read_text(encoding="utf-8"))
    assert {one["source"] for one in (*rules["rule"], *rules["account"])} == set(rules["sources"])
