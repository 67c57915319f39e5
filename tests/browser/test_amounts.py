"""Amounts sort as amounts: a click on the head of a list with pages puts all of it in order, not the rows shown."""

import random
import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.kit.lists.money_cells import Money, money_cells
from dashboard.words.formats import money
from services.clock import DAY
from tests.browser.conftest import MANY
from tests.browser.test_payments import open_list, rows_of
from tests.worlds.screens.screens import payments

TIME, AMOUNT = 40, 160
"""Where the heads of the first and the third column are."""
PAGE = 50
_AMOUNTS = """grid => {
    const [head, ...rows] = grid.querySelectorAll("tr");
    const at = [...head.children].findIndex(cell => cell.innerText.replace(/[↑↓] /, "") === "금액");
    return rows.map(row => row.children[at].innerText);
}"""


def click_head(page: Page, x: int) -> None:
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": x, "y": 15})


def shown(page: Page) -> list[str]:
    """The amounts of the rows in sight; a column of one currency is told as plain numbers."""
    rows_of(page)
    cells: list[str] = page.get_by_test_id("data-grid-canvas").first.evaluate(_AMOUNTS)
    return [money(int(cell), "KRW") if cell.isdecimal() else cell for cell in cells]


def in_order(*, largest_first: bool) -> list[str]:
    """The live payments of the last thirty days in the store."""
    now = int(time.time())
    recent = [write.values for write in payments(now) if write.values["started_at"] > now - 29 * DAY]
    values = [one for one in recent if not one["sandbox"]]
    known = [(one["currency"], one["amount"]) for one in values] + [("KRW", 1_000 + n) for n in range(MANY)]
    known.sort(key=lambda one: (one[0], -one[1] if largest_first else one[1]))
    return [money(amount, currency) for currency, amount in known]


def test_a_click_on_the_head_puts_the_whole_list_in_order_and_stands_in_the_address(
    page: Page, dashboard: str, browser: Browser
) -> None:
    open_list(page, f"{dashboard}/payments")
    newest = shown(page)
    click_head(page, AMOUNT)
    expect(page).to_have_url(re.compile("order=-amount"))
    first = shown(page)
    assert first == in_order(largest_first=True)[: len(first)] != newest

    page.get_by_role("button", name=re.compile("^다음")).click()
    expect(page).to_have_url(re.compile("before="))
    second = shown(page)
    assert second == in_order(largest_first=True)[PAGE : PAGE + len(second)]
    other = browser.new_context(locale="ko-KR").new_page()
    open_list(other, page.url)
    assert shown(other) == second
    other.context.close()

    click_head(page, AMOUNT)
    expect(page).to_have_url(re.compile("order=amount"))
    assert (smallest := shown(page)) == in_order(largest_first=False)[: len(smallest)]
    click_head(page, AMOUNT)
    expect(page).to_have_url(f"{dashboard}/payments")
    assert shown(page) == newest


def test_no_head_sorts_the_rows_of_a_page_alone(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    newest = shown(page)
    click_head(page, TIME)
    page.wait_for_timeout(500)
    assert shown(page) == newest
    table = page.get_by_test_id("stDataFrame").first
    menu = page.get_by_test_id("stDataFrameColumnMenu")
    for x in range(70, 130, 4):
        table.hover(position={"x": TIME, "y": 15})
        table.click(position={"x": x, "y": 15})
        page.wait_for_timeout(300)
        if menu.count():
            break
    expect(menu.get_by_text("Hide column")).to_be_visible()
    expect(menu.get_by_text("Sort ascending")).to_be_hidden()
    expect(menu.get_by_text("Sort descending")).to_be_hidden()


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_cells_of_several_currencies_are_in_order_as_a_browser_compares_texts(browser: Browser, locale: str) -> None:
    chance = random.Random(4)
    column: list[Money] = [
        (chance.choice((0, 5, 99, 900, 9_900, 12_000, 123_456, 1_234_567, 10**10)) + chance.randrange(9), currency)
        for currency in ("KRW", "USD", "EUR", "JPY", "KWD")
        for _ in range(20)
    ]
    chance.shuffle(column)
    cells = money_cells(column)
    wanted = sorted(range(len(column)), key=lambda n: (column[n][1] != "KRW", column[n][1], column[n][0]))
    page = browser.new_context(locale=locale).new_page()
    # What Streamlit's table does with a column of texts.
    compared = page.evaluate("cells => cells.sort((one, other) => one.localeCompare(other))", cells)
    page.context.close()
    assert compared == [cells[n] for n in wanted]
