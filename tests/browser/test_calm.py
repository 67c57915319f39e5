"""Every page is calm and within reach: nothing jumps or scrolls, axe-core finds nothing serious, print is clean."""

import re

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.shop import MOST, STREAMLITS, WATCH, serious, settle

A4 = 718
"""Pixels that a sheet has between margins of a centimetre."""
_RIGHTMOST = """
what => Math.max(0, ...[...document.querySelectorAll(`.stMain ${what}`)].map(one => one.getBoundingClientRect().right))
"""

_LOST = "window.lost = true; window.reportError(new Error('Bad delta path index 2 (should be between [0, 1])'))"
"""What Streamlit says as it takes a page away: an error that nobody catches."""
_LEAVING = """
const link = document.querySelector('a[href$="/system"]');
link.addEventListener('click', event => { event.preventDefault(); event.stopPropagation(); });
link.click();
"""
"""A link is clicked, and nothing has come of it yet."""

# A sheet is laid out once: there is no frame in which what is drawn is measured again, as on a screen that looks so.
_NOT_ON_PAPER = """
window.ResizeObserver = class extends window.ResizeObserver {
  constructor(told) { super((...what) => { if (!window.onPaper) told(...what); }); }
};
"""


def test_nothing_jumps_and_nothing_serious_is_found_on_any_page(browser: Browser, shop: tuple[str, list[str]]) -> None:
    url, addresses = shop
    page = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(WATCH)
    found: list[tuple[object, ...]] = []
    for address in addresses:
        page.emulate_media(color_scheme="light")
        page.goto(f"{url}/{address}")
        settle(page)
        if (shifted := page.evaluate("window.shifted")) > MOST:
            found.append((address, "jumps", shifted, *page.evaluate("window.moved")))
        assert page.evaluate("document.documentElement.lang") == "ko"
        page.evaluate(AXE_SCRIPT)
        found += [(address, *one) for one in serious(page, {}, STREAMLITS)]
        page.emulate_media(color_scheme="dark")
        page.wait_for_function("getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'")
        page.wait_for_timeout(300)
        found += [(address, "dark", *one) for one in serious(page, {"runOnly": ["color-contrast"]}, {})]
    page.context.close()
    assert found == []


def test_a_rerun_keeps_the_place(browser: Browser, dashboard: str) -> None:
    page = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 600}).new_page()
    page.goto(f"{dashboard}/payments")
    settle(page)
    main = page.get_by_test_id("stMain")
    main.evaluate("main => main.scrollTo(0, 200)")
    # A click of the mouse would bring what is clicked into sight first.
    page.locator(".st-key-tile_paid button").dispatch_event("click")
    expect(page.locator(".st-key-tile_paid [data-testid=stBaseButton-primary]")).to_be_attached()
    settle(page)
    assert main.evaluate("main => main.scrollTop") == 200
    page.locator(".st-key-payments-look button").dispatch_event("click")
    page.get_by_test_id("stPopoverBody").get_by_role("combobox", name="열", exact=True).fill("승인번호")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("columns="))
    settle(page)
    assert main.evaluate("main => main.scrollTop") == 200
    page.context.close()


def test_a_page_that_streamlit_lost_is_loaded_anew_once(browser: Browser, dashboard: str) -> None:
    page = browser.new_context(locale="ko-KR").new_page()
    page.goto(f"{dashboard}/payments")
    settle(page)
    page.evaluate(_LOST)
    page.wait_for_function("!window.lost")
    settle(page)
    expect(page.get_by_role("heading", name="결제 내역")).to_be_visible()
    page.evaluate(_LOST)
    page.wait_for_timeout(1_000)
    assert page.evaluate("window.lost")  # what breaks again at once would be loaded for ever


def test_a_page_that_is_lost_as_its_reader_leaves_leads_where_the_reader_goes(browser: Browser, dashboard: str) -> None:
    page = browser.new_context(locale="ko-KR").new_page()
    page.goto(f"{dashboard}/payments")
    settle(page)
    page.evaluate(_LEAVING + _LOST)
    expect(page.get_by_role("heading", name="시스템")).to_be_visible()
    page.context.close()


def test_a_page_fits_on_paper_without_menu_or_anything_to_click(browser: Browser, shop: tuple[str, list[str]]) -> None:
    url, addresses = shop
    page = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(_NOT_ON_PAPER)
    for address in ("payment?", "closing", "revenue"):
        page.emulate_media(media="screen")
        page.goto(f"{url}/{next(one for one in addresses if one.startswith(address))}")
        settle(page)
        assert _clickable(page) > 0
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.evaluate("window.onPaper = true")
        page.emulate_media(media="print")
        assert _clickable(page) == 0
        widths = [page.evaluate(_RIGHTMOST, what) for what in ("canvas", ".main-svg", ".stMetric")]
        assert max(widths) <= A4
        if address == "revenue":
            assert widths[0] > 0.9 * A4
            told = [one.inner_text() for one in page.locator(".stMain [role=radio]").locator("visible=true").all()]
            assert {"한눈에 보기", "KRW"} <= set(told)
            assert "예측" not in told
        page.evaluate("window.onPaper = false")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.context.close()


def _clickable(page: Page) -> int:
    return (
        page.locator(".stMain :is(.stButton, .stPageLink, .stDownloadButton, .stSelectbox)")
        .locator("visible=true")
        .count()
    )
