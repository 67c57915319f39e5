"""Nothing jumps while a page comes: the shifts of its layout add up to no more than 0.02, where 0.1 is called good."""

import pytest
from playwright.sync_api import Browser, expect

MOST = 0.02
_WATCH = """
window.shifted = 0;
new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("name", ["payments", "refunds", "schedules", "billing-keys"])
def test_nothing_jumps(browser: Browser, dashboard: str, name: str) -> None:
    page = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(_WATCH)
    page.goto(f"{dashboard}/{name}")
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(2_000)
    assert page.evaluate("window.shifted") <= MOST
    page.context.close()
