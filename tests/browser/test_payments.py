"""The way a person goes: open, search, filter, share the address, open a payment, export."""

import csv
import io
import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

ROW_HEIGHT = 35
AT_REST = 500
"""Milliseconds after which a page that was drawn hears what is typed."""


def open_list(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="결제 내역")).to_be_visible()
    page.wait_for_timeout(AT_REST)


def rows_of(page: Page) -> list[str]:
    """What the table says, as the browser tells it to those who cannot see it, once it has come to rest."""
    grid = page.get_by_test_id("data-grid-canvas").first
    expect(grid).to_be_visible()
    seen: list[str] = []
    for _ in range(40):
        page.wait_for_timeout(400)
        now = [text for text in grid.locator("tr").all_inner_texts()[1:] if text.strip()]
        if now and now == seen:
            break
        seen = now
    return seen


def until_filtered(page: Page) -> None:
    """The list shows partly refunded payments alone: its newest row, which is paid, has gone."""
    grid = page.get_by_test_id("data-grid-canvas").first
    expect(grid).to_contain_text("imp_100000000002")
    expect(grid).not_to_contain_text("imp_100000000001")


def pick_row(page: Page, row: int) -> None:
    # The canvas lies below an element that scrolls: a click goes where the row is drawn, and is one for the grid only
    # after the mouse was seen on its way.
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 15, box["y"] + ROW_HEIGHT * (row + 1) + 18, steps=10)
    page.wait_for_timeout(200)
    page.mouse.down()
    page.mouse.up()


def test_a_person_finds_filters_shares_opens_and_goes_back(page: Page, dashboard: str, browser: Browser) -> None:
    open_list(page, f"{dashboard}/payments")
    page.get_by_role("button", name=re.compile("부분취소")).click()
    expect(page).to_have_url(re.compile("state=partly_refunded"))
    until_filtered(page)
    mine = rows_of(page)

    other = browser.new_context(locale="ko-KR").new_page()
    open_list(other, page.url)
    assert rows_of(other) == mine
    other.context.close()

    pick_row(page, 0)
    expect(page).to_have_url(re.compile("/payment\\?imp_uid=imp_100000000002"))
    expect(page.get_by_text("환불 3,000원 · 남은 금액 7,000원")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/payments\\?.*state=partly_refunded"))
    until_filtered(page)
    assert rows_of(page) == mine


def test_back_leads_through_what_was_chosen_one_step_at_a_time(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    every = rows_of(page)
    page.get_by_role("button", name=re.compile("부분취소")).click()
    expect(page).to_have_url(re.compile("state=partly_refunded"))
    until_filtered(page)
    mine = rows_of(page)
    pick_row(page, 0)
    expect(page).to_have_url(re.compile("/payment\\?imp_uid="))
    expect(page.get_by_text("환불 3,000원 · 남은 금액 7,000원")).to_be_visible()
    # Nothing but the address is left of what was chosen.
    page.reload()
    expect(page.get_by_text("환불 3,000원 · 남은 금액 7,000원")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/payments\\?.*state=partly_refunded"))
    until_filtered(page)
    assert rows_of(page) == mine
    page.go_back()
    expect(page).to_have_url(f"{dashboard}/payments")
    expect(page.get_by_role("button", name=re.compile("^이전"))).to_be_enabled()
    assert rows_of(page) == every
    page.go_forward()
    until_filtered(page)
    assert rows_of(page) == mine


def test_a_name_that_was_typed_is_still_there_after_back(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    page.get_by_role("button", name=re.compile("부분취소")).click()
    expect(page).to_have_url(re.compile("state=partly_refunded"))
    until_filtered(page)
    box = page.get_by_placeholder(re.compile("imp_uid"))
    box.fill("길동")
    page.keyboard.press("Enter")
    expect(page.get_by_text("이 결제들의 환불").first).to_be_visible()
    mine = rows_of(page)
    pick_row(page, 0)
    expect(page).to_have_url(re.compile("/payment\\?imp_uid="))
    page.go_back()
    expect(page).to_have_url(re.compile("/payments\\?.*state=partly_refunded"))
    expect(box).to_have_value("길동")
    assert rows_of(page) == mine


def test_a_name_is_found_and_stays_out_of_the_address(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    page.get_by_placeholder(re.compile("imp_uid")).fill("길동")
    page.keyboard.press("Enter")
    expect(page.get_by_text("이 결제들의 환불").first).to_be_visible()
    assert "q" not in parse_qs(urlsplit(page.url).query)


def test_pages_turn_by_button_and_arrow_key_and_stand_in_the_address(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    first = rows_of(page)
    page.get_by_role("button", name=re.compile("^이전")).click()
    expect(page).to_have_url(re.compile("before="))
    second = rows_of(page)
    assert not set(first) & set(second)
    page.reload()
    expect(page.get_by_role("heading", name="결제 내역")).to_be_visible()
    assert rows_of(page) == second
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(f"{dashboard}/payments")
    expect(page.get_by_role("button", name=re.compile("^최신"))).to_be_disabled()


def test_the_export_holds_as_many_rows_as_its_button_says(page: Page, dashboard: str, tmp_path: Path) -> None:
    open_list(page, f"{dashboard}/payments")
    page.get_by_role("button", name=re.compile("내보내기")).click()
    link = page.get_by_role("link", name=re.compile("CSV"))
    page.get_by_text("대사", exact=True).click()
    expect(link).to_have_attribute("href", re.compile("^/export/"))
    promised = int(re.sub(r"\D", "", link.inner_text()))
    with page.context.expect_event("page") as _opened, page.expect_popup():
        link.click()
    response = page.context.request.get(dashboard + (link.get_attribute("href") or ""))
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(response.body().decode("utf-8-sig"))))
    assert len(rows) - 1 == promised > 100
    for column, head in (("주문번호", "주문번호"), ("금액 (통화)", "주문번호,금액")):
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=column, exact=True).click()
        raw = file_with(page, link, head)
    assert {len(row) for row in csv.reader(io.StringIO(raw))} == {2}


def file_with(page: Page, link: Locator, head: str) -> str:
    """The file behind a link once its columns are these: every run gives the link an address of its own."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        address = urljoin(page.url, link.get_attribute("href"))
        raw = page.context.request.get(address).body().decode("utf-8-sig")
        if raw.splitlines()[0] == head:
            return raw
        page.wait_for_timeout(200)
    raise TimeoutError(head)


def press_slash(page: Page, box: Locator) -> None:
    """Once as a rule; again, five times at most, where the page was drawn anew meanwhile and dropped the focus."""
    for _time in range(5):
        # The box of every screen comes with the key.
        if not (box.count() and box.evaluate("box => document.activeElement === box")):
            page.keyboard.press("/")
        try:
            expect(box).to_be_focused(timeout=4_000)
        except AssertionError:
            continue
        return
    expect(box).to_be_focused(timeout=1_000)


def test_the_slash_finds_the_search_box_of_the_screen_or_that_of_every_screen(page: Page, dashboard: str) -> None:
    # The second one has nothing to show below its filters, and ends there.
    nothing = "payments?q=imp_000000000000"
    for screen, title, words in (
        ("payments", "결제 내역", "imp_uid"),
        (nothing, "결제 내역", "imp_uid"),
        ("system", "시스템", "화면$"),
    ):
        page.goto(f"{dashboard}/{screen}")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        page.locator("html[data-keys=listening]").wait_for(state="attached")
        page.wait_for_timeout(AT_REST)
        box = page.get_by_placeholder(re.compile(words))
        press_slash(page, box)
        page.keyboard.type("a/b")
        expect(box).to_have_value("a/b")


@pytest.mark.parametrize(
    ("locale", "group", "words"), [("ko-KR", "결제 내역", "결제 완료"), ("en-US", "Payments", "Paid")]
)
def test_keys_alone_lead_from_any_screen_to_a_payment(
    browser: Browser, dashboard: str, locale: str, group: str, words: str
) -> None:
    page = browser.new_context(locale=locale).new_page()
    page.goto(f"{dashboard}/revenue")
    page.locator("html[data-keys=listening]").wait_for(state="attached", timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(AT_REST)
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    # Streamlit's dialog takes the focus when it comes to it, which is late on a slow machine.
    dialog.evaluate("it => { it.tabIndex = -1; it.focus(); }")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("홍길동 60000")
    page.keyboard.press("Enter")
    found = dialog.get_by_role("link", name=re.compile(f"60,000.*{words}"))
    expect(found).to_be_visible()
    expect(dialog.get_by_text(group, exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(found).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/payment\\?imp_uid=imp_100000000009$"))
    expect(dialog).to_be_hidden()
    page.context.close()


def test_r_reads_the_store_again(page: Page, dashboard: str) -> None:
    with page.expect_websocket() as opened:
        open_list(page, f"{dashboard}/payments")
    rows = rows_of(page)
    with opened.value.expect_event("framereceived"):
        page.keyboard.press("r")
    assert rows_of(page) == rows


def test_chosen_columns_outlive_a_reload_and_are_there_next_time(page: Page, dashboard: str, browser: Browser) -> None:
    open_list(page, f"{dashboard}/payments")
    page.get_by_role("button", name=re.compile("보기$")).first.click()
    columns = page.get_by_role("combobox", name="열", exact=True)
    for _last in ("imp_uid", "merchant_uid", "pay_method", "name"):
        columns.press("Backspace")
    columns.fill("승인번호")
    page.get_by_role("option", name="승인번호", exact=True).click()
    chosen = re.compile("columns=made_at%2Camount%2Cbuyer_name%2Cstatus%2Ccancel_amount%2Capply_num$")
    expect(page).to_have_url(chosen)
    page.reload()
    rows_of(page)
    expect(page).to_have_url(chosen)
    other = browser.new_context(locale="ko-KR").new_page()
    open_list(other, f"{dashboard}/payments")
    expect(other).to_have_url(chosen)
    rows_of(other)
    headings = other.get_by_test_id("data-grid-canvas").first.locator("th").all_inner_texts()
    assert [heading for heading in headings if heading.strip()][-1] == "승인번호"
    other.get_by_role("button", name=re.compile("보기$")).first.click()
    other.get_by_role("button", name="열을 처음 상태로").click()
    expect(other).to_have_url(re.compile("/payments$"))
    other.context.close()


def test_the_screens_stand_while_the_gateway_does_not_answer(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    expect(page.get_by_text("포트원 연결 실패")).to_be_visible()
    expect(page.get_by_text(re.compile("KST 기준"))).to_be_visible()
    assert rows_of(page)


def test_the_language_can_be_switched(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("heading", name="Payments")).to_be_visible()
    page.get_by_role("link", name="System").click()
    expect(page.get_by_role("heading", name="System", exact=True)).to_be_visible()
    page.goto(f"{dashboard}/payments")
    expect(page.get_by_role("heading", name="Payments")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_text("한국어", exact=True).click()
    expect(page.get_by_role("heading", name="결제 내역")).to_be_visible()
    page.wait_for_function("!document.cookie.includes('jangbu_language')")  # written once the page is drawn
    page.reload()
    expect(page.get_by_role("heading", name="결제 내역")).to_be_visible()


def test_no_screen_asks_another_host_for_anything(page: Page, dashboard: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", "payments", "payment?imp_uid=imp_100000000008", "system"):
        page.goto(f"{dashboard}/{path}")
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
    foreign = [url for url in asked if not url.startswith((dashboard, "data:", "blob:"))]
    assert not foreign


def test_a_figure_of_the_overview_leads_to_its_rows(page: Page, dashboard: str) -> None:
    page.goto(dashboard)
    page.get_by_role("link", name=re.compile("실패 \\d+건")).first.click()
    expect(page).to_have_url(re.compile("/payments\\?.*state=failed"))
    expect(page.get_by_test_id("data-grid-canvas").first).to_be_visible()


@pytest.mark.parametrize("path", ["", "payments", "payment?imp_uid=imp_100000000002", "system"])
def test_a_phone_shows_every_page_without_sideways_scrolling(page: Page, dashboard: str, path: str) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(f"{dashboard}/{path}")
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_load_state("networkidle")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1


def test_a_foreign_page_is_refused(page: Page, dashboard: str) -> None:
    response = page.request.get(f"{dashboard}/healthz", headers={"Origin": "https://evil.example"})
    assert response.status == 403


def test_filters_behind_a_button_outlive_its_closing_and_a_visit_elsewhere(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    page.get_by_role("button", name=re.compile("^필터")).click()
    page.get_by_text("실결제와 테스트", exact=True).click()
    expect(page).to_have_url(re.compile("live=all"))
    page.get_by_label("최소 금액", exact=True).fill("700")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("min=700"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("결제 완료")).click()
    expect(page).to_have_url(re.compile("state=paid"))
    page.get_by_role("link", name="시스템").click()
    expect(page.get_by_role("heading", name="시스템")).to_be_visible()
    page.get_by_role("link", name="결제 내역").click()
    expect(page).to_have_url(re.compile("(?=.*live=all)(?=.*min=700)(?=.*state=paid)"))
    expect(page.get_by_role("button", name="실결제·테스트: 실결제와 테스트")).to_be_visible()
    page.get_by_role("button", name="최소 금액 700").click()
    expect(page).not_to_have_url(re.compile("min="))
    expect(page).to_have_url(re.compile("live=all"))


def test_names_and_values_are_offered_while_typing_and_become_filters(page: Page, dashboard: str) -> None:
    open_list(page, f"{dashboard}/payments")
    box = page.get_by_test_id("stMain").locator('input[type="search"]')
    offered = page.locator("#jangbu-completion option")
    page.locator("#jangbu-completion").wait_for(state="attached")
    box.click()
    expect(box).to_be_focused()
    box.press_sequentially("홍길동 상")
    expect(offered).to_have_count(1)
    assert offered.first.get_attribute("value") == "홍길동 상태:"
    box.press_sequentially("태:부")
    expect(offered).to_have_count(1)
    box.fill(offered.first.get_attribute("value") or "")
    box.press("Enter")
    expect(page).to_have_url(re.compile("state=partly_refunded"))
    expect(box).to_have_value("홍길동")
