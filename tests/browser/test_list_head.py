"""A list begins high on the screen, opens by a click anywhere on a row, and its tab says what it is."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

HEAD = 35
"""Pixels of a table's head: the first row begins below it."""


@pytest.mark.parametrize("name", ["payments", "refunds", "links"])
def test_the_first_row_stands_high(browser: Browser, dashboard: str, name: str) -> None:
    page = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{dashboard}/{name}")
    table = page.get_by_test_id("stDataFrame").first
    expect(table).to_be_visible()
    page.wait_for_timeout(1_000)
    box = table.bounding_box()
    assert box
    assert box["y"] + HEAD < 300
    page.context.close()


def test_a_click_on_any_cell_opens_the_row(page: Page, dashboard: str) -> None:
    page.goto(f"{dashboard}/payments")
    expect(page).to_have_title("결제 내역 · Jangbu")
    table = page.get_by_test_id("stDataFrame").first
    for x in (20, 400, 700):
        table.click(position={"x": x, "y": HEAD + 18})
        expect(page).to_have_url(re.compile(r"/payment\?imp_uid="))
        page.go_back()
        expect(page).to_have_url(re.compile("/payments$"))
        expect(page.get_by_role("heading", name="결제 내역")).to_be_visible()
        page.wait_for_timeout(1_000)
