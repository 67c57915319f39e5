"""A manager reads revenue, opens what is behind a figure, and finance closes a month, in a real browser."""

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.commands.demo import free_port
from services.clock import day_of, day_to_date
from services.revenue.closed_months import closing_of, months_to_close
from services.store.engine import create_store, reading
from tests.browser.servers import serving
from tests.worlds.screens.revenue_screens import world_store

CHARTS = {"sales": 1, "subscriptions": 2, "cohorts": 1, "failures": 3, "forecast": 2}
WORDS = {
    "ko-KR": {
        "revenue": "매출", "subscriptions": "구독", "closing": "마감", "note": "메모", "numbers": "숫자로 보기",
        "csv": "이 표 CSV", "closed": "마감했습니다", "open_key": "빌링키 보기",
    },
    "en-US": {
        "revenue": "Revenue", "subscriptions": "Subscriptions", "closing": "Closing", "note": "Note",
        "numbers": "The numbers", "csv": "CSV of this table", "closed": "Closed by", "open_key": "Open the billing key",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard on the mirror of a small world, and the folder of its store."""
    folder = tmp_path_factory.mktemp("revenue")
    world_store(folder).dispose()
    port = free_port()
    with serving(port, folder):
        yield f"http://127.0.0.1:{port}", folder


@pytest.fixture(params=WORDS)
def words(request: pytest.FixtureRequest) -> dict[str, str]:
    """What the screens say in one language."""
    return WORDS[request.param] | {"locale": request.param}


@pytest.fixture
def browser_context_args(words: dict[str, str]) -> dict[str, object]:
    """Whose browser: one of that language, dark for the English one."""
    dark = words["locale"] == "en-US"
    size = {"width": 380 if dark else 1280, "height": 900}
    return {"locale": words["locale"], "viewport": size, "color_scheme": "dark" if dark else "light"}


def open_page(page: Page, address: str, heading: str) -> list[str]:
    """Opens it and returns what the browser complains of later."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
    return wrong


def test_an_axis_of_few_days_names_each_once(page: Page, shop: tuple[str, Path], words: dict[str, str]) -> None:
    url, _folder = shop
    today = day_of(time.time())
    for days in (1, 2, 7):
        first, last = (day_to_date(day).isoformat() for day in (today - days + 1, today))
        open_page(page, f"{url}/revenue?from={first}&to={last}", words["revenue"])
        marks = page.locator(".js-plotly-plot").first.locator(".xtick text")
        expect(marks).to_have_count(days)
        named = [text[:5] for text in marks.all_text_contents()]
        assert named == [f"{day_to_date(day):%m-%d}" for day in range(today - days + 1, today + 1)]


@pytest.mark.parametrize("tab", CHARTS)
def test_a_tab_is_one_screen_high_and_each_chart_has_its_numbers(
    page: Page, shop: tuple[str, Path], words: dict[str, str], tab: str
) -> None:
    url, _folder = shop
    narrower = page.viewport_size
    assert narrower
    page.set_viewport_size({"width": 1440, "height": 900})
    # On the first of a month its days hold next to nothing.
    first, last = (day_to_date(day_of(time.time()) - days).isoformat() for days in (29, 0))
    wrong = open_page(page, f"{url}/revenue?tab={tab}&from={first}&to={last}", words["revenue"])
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(CHARTS[tab])
    assert page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight") <= 900
    page.set_viewport_size(narrower)
    page.get_by_text(words["numbers"]).first.click()
    page.wait_for_timeout(1_500)
    with page.expect_download() as download:
        page.get_by_role("button", name=words["csv"]).first.click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) > 1
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert wrong == []


def test_mrr_leads_to_subscriptions_and_one_of_them_to_its_key(
    page: Page, shop: tuple[str, Path], words: dict[str, str]
) -> None:
    url, _folder = shop
    open_page(page, f"{url}/revenue?tab=subscriptions", words["revenue"])
    page.locator('a[href*="subscriptions"][href*="month="]').first.click()
    expect(page).to_have_url(re.compile(r"/subscriptions\?month=\d{4}-\d\d&currency=KRW"))
    expect(page.get_by_role("heading", name=words["subscriptions"], exact=True)).to_be_visible()
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid).to_be_visible()
    page.wait_for_timeout(1_500)
    grid.click(position={"x": 15, "y": 35 + 18})
    page.get_by_role("link", name=words["open_key"]).click()
    expect(page).to_have_url(re.compile(r"/billing-key\?customer_uid="))


def test_a_month_is_closed_with_a_note(page: Page, shop: tuple[str, Path], words: dict[str, str]) -> None:
    url, folder = shop
    months = months_to_close(time.time())
    month = months[0 if words["locale"] == "ko-KR" else 1]
    open_page(page, f"{url}/closing?month={month // 100}-{month % 100:02d}", words["closing"])
    page.get_by_label(words["note"]).fill("대조 완료")
    page.get_by_role("button", name=re.compile(r"20\d\d-\d\d 마감|Close 20")).click()
    page.locator(".st-key-closing_close button").click(timeout=60_000)
    expect(page.get_by_text(re.compile(words["closed"]))).to_be_visible()
    expect(page.get_by_text("대조 완료")).to_be_visible()
    with reading(create_store(f"sqlite:///{folder / 'screens.db'}")) as conn:
        closed = closing_of(conn, month)
    assert closed is not None
    assert closed.note == "대조 완료"
