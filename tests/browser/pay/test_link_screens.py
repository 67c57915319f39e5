"""A link is made on one screen, paid in another browser, and its page says so by itself."""

import re

from playwright.sync_api import Page, expect

from services.checkout.link_list import LinkFilter, list_links
from services.store.engine import reading
from tests.browser.till import Till, verbatim


def _filled(till: Till, name: str) -> Page:
    page = till.open("new-link")
    page.get_by_label("상품명 *").fill(name)
    page.get_by_label("금액 (원) *").fill("12,000")
    return page


def test_a_link_is_made_paid_elsewhere_and_turns_paid_in_sight(till: Till) -> None:
    page = _filled(till, "추가 배송비")
    page.get_by_role("button", name="링크 만들기").click()
    expect(page).to_have_url(re.compile(r"/link\?link=\d+"))
    expect(page.get_by_text("열람 전").first).to_be_visible()
    expect(page.get_by_role("img", name="링크 주소의 QR 코드")).to_be_visible()
    (address, *_words) = verbatim(page)
    buyer = till.tabs.take(locale="ko-KR", viewport={"width": 380, "height": 780})
    buyer.goto(address)
    buyer.locator("#pay").click()
    buyer.get_by_role("button", name=re.compile("^결제 승인")).click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("결제되었습니다. 감사합니다.")
    expect(page.get_by_text("✓ 결제 완료").first).to_be_visible()
    expect(page.get_by_role("link", name="결제 상세 열기")).to_be_visible()
    expect(page.get_by_text(address)).to_have_count(0)


def test_a_double_click_makes_one_link(till: Till) -> None:
    page = _filled(till, "두 번 눌러도")
    page.get_by_role("button", name="링크 만들기").dblclick()
    expect(page).to_have_url(re.compile(r"/link\?link=\d+"))
    page.wait_for_timeout(1_500)
    expect(page).to_have_url(re.compile(r"/link\?link=\d+"))
    with reading(till.engine) as conn:
        assert len(list_links(conn, LinkFilter(text="두 번 눌러도")).rows) == 1
