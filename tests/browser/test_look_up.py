"""A payment that only the gateway has, in a real browser: found from the search box, and refunded."""

import re
import time

import pytest
from playwright.sync_api import expect

from services.clock import DAY
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.journal import OperationState as State
from tests.browser.till import Till, fill_part

WORDS = {
    "ko": ("결제를 찾았습니다.", "그런 결제가 없습니다.", "환불", "포트원에서 처리되었습니다"),
    "en": (": found.", "it knows no such payment.", "Refund", "The gateway has done it"),
}
"""Found, not found, the button, the end of a refund."""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_id_that_only_the_gateway_has_is_found_from_the_search_box_and_refunded(till: Till, language: str) -> None:
    said, _none, _button, done = WORDS[language]
    imp_uid = till.paid(10_000, started_at=int(time.time()) - 800 * DAY)
    with reading(till.engine) as conn:
        assert get_payment(conn, imp_uid) is None
    page = till.open("payments", language=language)
    box = page.get_by_placeholder(re.compile("imp_uid"))
    box.fill(imp_uid, timeout=60_000)
    box.press("Enter")
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    page.goto(f"{till.url}/refund?imp_uid={imp_uid}")
    fill_part(page, "4000", language=language)
    page.get_by_role("button", name={"ko": "4,000원 환불하기", "en": "Refund ₩4,000"}[language]).click()
    expect(page.get_by_text(re.compile(done)).first).to_be_visible()
    assert [one.state for one in till.ended(imp_uid)] == [State.SUCCEEDED]
    assert till.refunds(imp_uid) == [(4_000, till.refunds(imp_uid)[0][1])]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_address_of_a_payment_that_is_not_here_asks_too_and_says_what_was_answered(
    till: Till, language: str
) -> None:
    said, none, button, _done = WORDS[language]
    imp_uid = till.paid(5_000, started_at=int(time.time()) - 801 * DAY)
    page = till.open(f"payment?imp_uid={imp_uid}", language=language)
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(f"{button}$"))).to_be_visible()
    page.goto(f"{till.url}/payment?imp_uid=imp_00000000000{language == 'ko':d}")
    expect(page.get_by_text(none)).to_be_visible()
    page.goto(f"{till.url}/refund?imp_uid=imp_00000000000{language == 'ko':d}")
    expect(page.get_by_text(none)).to_be_visible()
