"""Chosen reasons: a code inside, one language outside whatever the screen's is, and counted by the code."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.locale import set_language
from dashboard.words import reason_labels
from services.clock import date_to_day, day_start
from services.revenue.periods import Period
from services.revenue.splits import reasons
from services.stated import DELETION, REFUND, Language, code_of, words_in
from services.store.engine import reading, writing
from services.store.writes.payments import upsert_payments
from services.tables.revenue import Split
from tests.worlds.screens.money_forms import money_store, operations, partial, press, refund_page
from tests.worlds.screens.screens import payment

pytestmark = pytest.mark.usefixtures("gateway_is_read")

DAY = date_to_day(date(2026, 11, 20))


@pytest.mark.parametrize("language", list(Language))
def test_a_screen_in_the_language_of_the_words_shows_exactly_what_is_told(language: Language) -> None:
    set_language(language.value)
    assert {code: reason_labels.refund(code) for code in REFUND} == words_in(REFUND, language)
    assert {code: reason_labels.deletion(code) for code in DELETION} == words_in(DELETION, language)


def test_the_code_is_found_in_either_language_whatever_was_added() -> None:
    for code, both in REFUND.items():
        assert {code_of(words) for words in both} == {code_of(f"{words}: 사이즈가 작아요") for words in both} == {code}
    assert [code_of(text) for text in ("사이즈", "", "단순 변심이 아님")] == [None, None, None]


@pytest.mark.parametrize(("settings", "told"), [({}, "단순 변심"), ({"reason_language": "en"}, "Change of mind")])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_is_sent_does_not_follow_the_screens_language(
    tmp_path: Path, settings: dict[str, str], told: str, language: str
) -> None:
    engine = money_store(tmp_path, **settings)
    set_language(language)
    press(press(partial(refund_page(language=language)), "review_it"), "send")
    assert [one.reason for one in operations(engine)] == [told]


def test_statistics_count_codes(sqlite_store: Engine) -> None:
    told = {"단순 변심": 1_000, "Change of mind: too small": 2_000, "단순 변심: 색상": 4_000, "콘솔": 500}
    at = day_start(DAY) + 3_600
    rows = []
    for number, (reason, amount) in enumerate(told.items()):
        entry = {"cancellation_id": f"c{number}", "amount": amount, "cancelled_at": at, "reason": reason}
        more = {"refunds": [entry], "cancel_amount": amount}
        rows.append(payment(f"imp_{number}", at - 60, "paid", 10_000, **more))
    with writing(sqlite_store) as conn:
        upsert_payments(conn, rows, as_of=at * 1000)
    with reading(sqlite_store) as conn:
        found = reasons(conn, Split.REFUND_REASON, Period(DAY, DAY))
    assert [(one.value, one.n, one.amount) for one in found] == [("mind", 3, 7_000), ("콘솔", 1, 500)]
