"""Every list on a phone: two-line cards that stand high, open by a touch, and can be chosen where many are."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.shop import MOST, STREAMLITS, WATCH, serious, settle

LISTS = ("payments", "links", "refunds", "schedules", "billing-keys", "subscriptions", "recovery", "radar")
WIDTH = 380
PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone, for all tests of the file."""
    context = browser.new_context(
        locale="ko-KR", viewport={"width": WIDTH, "height": 800}, user_agent=PHONE, has_touch=True
    )
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def _cards(page: Page, url: str) -> Locator:
    page.goto(url)
    settle(page)
    return page.get_by_test_id("stMain").locator("li .card")


def test_the_first_card_of_every_list_stands_above_260_and_nothing_is_cut(
    phone: Page, shop: tuple[str, list[str]]
) -> None:
    begins = {}
    for name in LISTS:
        cards = _cards(phone, f"{shop[0]}/{name}")
        box = cards.first.bounding_box()
        assert box
        begins[name] = box["y"]
        for card in cards.all()[:10]:
            assert len(card.inner_text().splitlines()) >= 2
            assert card.evaluate("one => one.scrollWidth") <= WIDTH
        assert phone.evaluate("document.documentElement.scrollWidth") <= WIDTH
        expect(phone.get_by_test_id("stDataFrame").locator("visible=true")).to_have_count(0)
        assert phone.evaluate("window.shifted") <= MOST, phone.evaluate("window.moved")
    assert {name: y for name, y in begins.items() if y >= 260} == {}


@pytest.mark.parametrize("name", ["payments", "recovery"])
def test_cards_are_read_out_and_seen_by_everybody(phone: Page, shop: tuple[str, list[str]], name: str) -> None:
    assert _cards(phone, f"{shop[0]}/{name}").count() > 0
    phone.evaluate(AXE_SCRIPT)
    assert serious(phone, {}, STREAMLITS) == []


def test_a_card_opens_its_payment(phone: Page, shop: tuple[str, list[str]]) -> None:
    card = _cards(phone, f"{shop[0]}/payments").nth(1)
    buyer, *_rest, amount = (part.inner_text() for part in card.locator(".line").first.locator("> *").all())
    card.tap()
    expect(phone).to_have_url(re.compile("payment\\?imp_uid="))
    settle(phone)
    said = phone.get_by_test_id("stMain").inner_text()
    assert buyer in said
    assert amount in said


def test_a_card_opens_a_drawer_as_often_as_it_is_touched(phone: Page, shop: tuple[str, list[str]]) -> None:
    card = _cards(phone, f"{shop[0]}/subscriptions").nth(2)
    for _time in range(2):
        card.tap()
        drawer = phone.get_by_role("dialog")
        expect(drawer.get_by_text("추정의 근거가 된 날짜")).to_be_visible()
        drawer.get_by_role("button", name="Close").tap()
        expect(drawer).to_be_hidden()


def test_cards_are_chosen_by_their_boxes(phone: Page, shop: tuple[str, list[str]]) -> None:
    cards = _cards(phone, f"{shop[0]}/recovery")
    cards.first.tap()
    expect(phone.get_by_text("포트원 메시지 (원문)").first).to_be_visible()
    expect(cards.first.get_by_role("checkbox")).to_be_checked()
    cards.first.tap()
    expect(phone.get_by_text("포트원 메시지 (원문)")).to_have_count(0)


def test_revenue_is_read_without_moving_it_sideways(phone: Page, shop: tuple[str, list[str]]) -> None:
    phone.goto(f"{shop[0]}/revenue?tab=forecast")
    settle(phone)
    table = phone.get_by_test_id("stDataFrame").first
    expect(table.locator("th")).to_have_text(["월", "하한", "중간", "상한"])
    assert table.locator(".dvn-scroller").evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    moved = _cards(phone, f"{shop[0]}/revenue")
    for card in moved.all():
        assert "비교: " in card.inner_text()
        assert card.evaluate("one => one.scrollWidth") <= WIDTH
    moved.filter(has_text="구독 매출").tap()
    expect(phone).to_have_url(re.compile("/payments\\?.*kind=recurring"))
