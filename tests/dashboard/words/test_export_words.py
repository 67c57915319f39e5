"""What a workbook says in words: codes as the screens write them, and what the file holds, in either language."""

from contextvars import Context
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from dashboard.locale import set_language
from dashboard.screens.schedules.schedule_filters import ShownSchedules
from dashboard.words import kinds, labels
from dashboard.words.export_conditions import book_words
from dashboard.words.export_labels import codes_of, labels_of
from services.clock import date_to_day
from services.exports.book_words import BookWords
from services.exports.columns import BY_KIND, Shape, lacks_currency
from services.payment_states import PaymentState
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.subscriptions import SubscriptionFilter
from services.tables.journal import OperationKind, OperationState
from services.tables.keys import KeyState
from services.tables.revenue import Churn, Movement, SubscriptionState
from services.tables.schedules import ScheduleState
from services.tables.v1 import Basis

FIRST, LAST = date_to_day(date(2026, 10, 1)), date_to_day(date(2026, 10, 31))
TIERS = {"ABC": "강남점"}
OCTOBER: dict[str, Any] = {"from_day": FIRST, "to_day": LAST}


def words_of(kind: str, chosen: Any, language: str = "ko", **more: Any) -> BookWords:
    given: dict[str, Any] = {"by": "finance@shop.kr", "at": 1_790_000_000.4, "as_of": 1_789_999_000, "tiers": TIERS}
    set_language(language)
    return book_words(kind, chosen, **given | {"exact": False, "buyers": True} | more)


def told(words: BookWords) -> dict[str, str | float]:
    assert len({label for label, _value in words.lines}) == len(words.lines)
    return dict(words.lines)


@pytest.mark.parametrize(
    ("kind", "column", "said"),
    [
        ("payments", "status", {"paid": "결제 완료", "partly_refunded": "부분취소", "failed": "결제 실패"}),
        ("payments", "pg_provider", {"html5_inicis": "KG이니시스", "newpay": "newpay", "": ""}),
        ("payments", "pay_method", {"card": "카드", "naverpay_point": "네이버페이 포인트"}),
        ("payments", "sandbox", {"true": "예", "false": "아니요"}),
        ("payments", "channel", {"mobile": "모바일", "pc": "PC", "api": "API"}),
        ("refunds", "part", {"full": "전액", "partial": "부분"}),
        ("subscriptions", "unit", {"month": "개월", "week": "주"}),
        ("billing-keys", "is_super", {"true": "예"}),
        ("operations", "asked_by", {"local": "로그인하지 않은 직원", "a@shop.kr": "a@shop.kr"}),
        ("operations", "approved_by", {"jangbu": "장부 자동 처리"}),
        ("operations", "noted_by", {"local": "로그인하지 않은 직원"}),
        ("refunds", "asked_by", {"local": "로그인하지 않은 직원", "": "외부 (콘솔 등)"}),
        ("operations", "state", {"withdrawn": "철회됨", "refused": "거절됨", "step_before": "앞 단계 대기"}),
    ],
)
def test_codes_are_told_in_korean(kind: str, column: str, said: dict[str, str]) -> None:
    set_language("ko")
    codes = codes_of(kind, {})[column]
    # Whoever writes the file may be another thread, which speaks no language yet.
    assert {code: Context().run(codes, code) for code in said} == said


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("kind", "column", "codes"),
    [
        ("payments", "status", PaymentState),
        ("billing-keys", "key_state", KeyState),
        ("schedules", "schedule_status", (ScheduleState.SCHEDULED, ScheduleState.EXECUTED, ScheduleState.REVOKED)),
        ("subscriptions", "state", SubscriptionState),
        ("subscriptions", "churn", Churn),
        ("operations", "state", OperationState),
        ("operations", "kind", OperationKind),
        ("operations", "requester", ("customer", "admin")),
    ],
)
def test_every_code_of_ours_has_the_word_of_its_language(language: str, kind: str, column: str, codes: Any) -> None:
    set_language(language)
    for code in codes:
        word = codes_of(kind, {})[column](code)
        assert word != code
        assert any("가" <= sign <= "힣" for sign in word) == (language == "ko"), word


def test_an_amounts_heading_names_its_currency_only_where_the_file_says_it() -> None:
    set_language("ko")
    assert labels_of("payments")["amount"] == "금액 (통화)"
    assert labels_of("payments", ["amount", "currency"])["amount"] == "금액 (통화)"
    assert labels_of("payments", ["amount", "paid_at"])["amount"] == "금액"
    assert labels_of("billing-keys", ["booked_won"])["booked_won"].endswith(" (KRW)")


def test_a_file_of_amounts_says_where_it_lacks_what_they_are_in() -> None:
    assert not lacks_currency("payments", [])
    assert not lacks_currency("payments", ["name", "paid_at"])
    assert lacks_currency("payments", ["amount", "cancel_amount", "name"])
    assert not lacks_currency("payments", ["amount", "name", "currency"])
    assert lacks_currency("billing-keys", ["last_paid_amount", "booked_won"])
    assert not lacks_currency("billing-keys", ["booked_won"])


def test_a_file_of_operations_is_called_as_its_list_and_calls_its_columns_so() -> None:
    assert words_of("operations", PaymentFilter()).sheet == "작업 내역"
    headings = labels_of("operations")
    assert (headings["reason"], headings["why"], headings["buyer_name"]) == ("사유", "처리 사유", "구매자")


def test_the_words_are_those_of_the_screens() -> None:
    set_language("en")
    assert codes_of("payments", {})["status"]("partly_refunded") == labels.state("partly_refunded") == "Partly refunded"
    assert codes_of("operations", {})["kind"]("refund") == kinds.of("refund").noun
    set_language("ko")
    for kind, columns in BY_KIND.items():
        flags = {column.name for column in columns if column.shape == Shape.FLAG}
        assert flags <= set(codes_of(kind, {}))


def test_the_conditions_say_what_the_file_holds_in_korean() -> None:
    chosen = PaymentFilter(
        **OCTOBER,
        states=frozenset({"paid", "partly_refunded"}),
        pg_providers=frozenset({"html5_inicis"}),
        card_names=frozenset({"신한카드"}),
        currency="USD",
        amount_from=1_050,
        text="김서연",
    )
    words = words_of("payments", chosen)
    assert (words.sheet, words.conditions, words.rows) == ("결제 내역", "조건", "건수")
    assert told(words) == {
        "목록": "결제 내역",
        "기간": "2026-10-01 – 2026-10-31",
        "기간 기준": "결제일",
        "검색": "김서연",
        "상태": "결제 완료, 부분취소",
        "PG사": "KG이니시스",
        "카드사": "신한카드",
        "실결제·테스트": "실결제",
        "통화": "USD",
        "최소 금액": "USD 10.50",
        "시간대": "한국 시간(KST, UTC+9)",
        "기준 시각": 1_789_999_000,
        "내보낸 사람": "finance@shop.kr",
        "내보낸 시각": 1_790_000_000,
    }
    assert words.totals == [
        "통화",
        "실결제·테스트",
        "건수",
        "결제 완료 건수",
        "결제 금액",
        "취소·환불",
        "이 결제들의 순매출",
    ]
    assert words.channels == ("실결제", "테스트")
    assert len(words.notes) == 2


@pytest.mark.parametrize(
    ("kind", "chosen", "basis", "more"),
    [
        ("payments", PaymentFilter(**OCTOBER), "Day of payment", {"Live or test": "Live"}),
        ("payments", PaymentFilter(**OCTOBER, basis=Basis.STARTED), "Time of the request", {}),
        ("refunds", PaymentFilter(**OCTOBER, whole=False), "Days of the refund", {"Full or partial": "Partial"}),
        ("schedules", ScheduleFilter(**OCTOBER, live=Live.ALL), "Booked for", {"Live or test": "Live and test"}),
        ("schedules", ShownSchedules(**OCTOBER, states=frozenset({"revoked"})), "Booked for", {"State": "Revoked"}),
        ("billing-keys", KeyFilter(**OCTOBER, only_duplicates=True), "Registered at", {"Duplicates only": "Yes"}),
        ("operations", PaymentFilter(**OCTOBER, states=frozenset({"refused"})), "Entered at", {"State": "Not done"}),
    ],
)
def test_each_list_says_by_which_day_it_goes(kind: str, chosen: Any, basis: str, more: dict[str, str]) -> None:
    found = told(words_of(kind, chosen, "en"))
    assert (found["Period"], found["Days by"]) == ("2026-10-01 – 2026-10-31", basis)
    assert found.items() >= more.items()


def test_a_list_without_days_is_of_all_days_and_a_scope_of_subscriptions_is_told() -> None:
    scope = SubscriptionFilter(month=202_610, moved=Movement.CHURN, churn=Churn.FAILED, plan="베이직 월간")
    found = told(words_of("subscriptions", scope, "en"))
    assert (found["Period"], found["Month"], found["Product"]) == ("All days", "2026-10", "베이직 월간")
    assert found["What moved MRR"] == "Churn"
    assert found["How it ended"] == "Failed: the last charge failed"
    assert "Days by" not in found
    assert told(words_of("operations", PaymentFilter(), "en"))["Period"] == "All days"


def test_an_exact_id_says_that_neither_days_nor_filters_count() -> None:
    chosen = PaymentFilter(**OCTOBER, text="imp_000000000001", states=frozenset({"failed"}))
    found = told(words_of("payments", chosen, "en", exact=True))
    assert found["Search"] == "imp_000000000001"
    assert found["Period"] == "An exact id: shown whatever the dates and filters say."
    assert not {"State", "Live or test", "Days by"} & set(found)


def test_who_sees_no_buyers_is_told_that_they_are_left_out_and_nobody_has_a_name_without_sign_in() -> None:
    words = words_of("refunds", PaymentFilter(**OCTOBER), "en", buyers=False, by="local", as_of=None)
    assert words.notes == ["Buyers' data are left out."]
    assert told(words)["Exported by"] == "staff without sign-in"
    assert told(words)["As of"] == "–"
    assert words_of("refunds", PaymentFilter(**OCTOBER), "en").notes == []


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", list(BY_KIND))
def test_names_of_sheets_are_such_as_excel_takes(kind: str, language: str) -> None:
    words = words_of(kind, SubscriptionFilter() if kind == "subscriptions" else KeyFilter(), language)
    names = {words.sheet, words.conditions, f"{words.sheet} 99"}
    assert len(names) == 3
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


SAMPLES: dict[str, Any] = {
    "text": "1234qwer",
    "states": frozenset({"paid"}),
    "pg_providers": frozenset({"nice"}),
    "pay_methods": frozenset({"card"}),
    "card_names": frozenset({"신한카드"}),
    "kinds": frozenset({"recurring"}),
    "whole": False,
    "tiers": frozenset({"ABC"}),
    "live": Live.TEST,
    "currency": "USD",
    "amount_from": 0,
    "amount_to": 5,
    "customer_uid": "uid1",
    "only_duplicates": True,
    "month": 202_610,
    "moved": Movement.NEW,
    "churn": Churn.LAPSED,
    "plan": "베이직 월간",
}
NO_ROWS_LESS = {"basis", "from_day", "to_day", "order", "soonest_first", "search_buyers"}
"""Told with the period, or no filter."""


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("payments", PaymentFilter),
        ("refunds", PaymentFilter),
        ("schedules", ScheduleFilter),
        ("billing-keys", KeyFilter),
        ("subscriptions", SubscriptionFilter),
    ],
)
def test_whatever_narrows_a_list_is_told_in_its_file(kind: str, made: Any) -> None:
    before = words_of(kind, made(), "en").lines
    for field in fields(made):
        if field.name not in NO_ROWS_LESS:
            after = words_of(kind, made(**{field.name: SAMPLES[field.name]}), "en").lines
            assert set(after) - set(before), field.name
