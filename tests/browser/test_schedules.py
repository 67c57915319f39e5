"""Schedules in a real browser, while the gateway's clock runs: a series booked, run, failed, rebooked, cancelled."""

import re
import time

from playwright.sync_api import Page, expect

from services.clock import DAY, day_of, day_to_date, seoul
from services.operations.actions.bookings import order_numbers
from services.store.engine import reading
from services.store.lists.operations import OperationFilter, list_operations
from services.tables.journal import OperationKind
from tests.browser.till import Till, type_time, verbatim

REASON = "[잔액부족] 출금 가능 잔액이 부족합니다."
DONE = "포트원에서 처리되었습니다."
PATIENCE = 20_000


def has_cell(page: Page, text: str) -> None:
    """A table says this, as the browser tells it to those who cannot see it."""
    cells = page.get_by_test_id("data-grid-canvas").locator("td")
    expect(cells.filter(has_text=text).first).to_be_attached(timeout=PATIENCE)


def review_and_send(page: Page) -> None:
    """The last look, and the click that has it written down."""
    page.locator(".st-key-review_it button").click()
    page.locator(".st-key-send button").click(timeout=PATIENCE)
    expect(page.get_by_text(DONE)).to_be_visible(timeout=PATIENCE)


def booked_series(till: Till, page: Page, first: float) -> list[str]:
    """Three payments, one a week, from the form; their order numbers."""
    page.get_by_text("반복", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_text("정해진 횟수만큼")).to_be_visible(timeout=PATIENCE)  # the form is drawn anew
    page.get_by_label("건당 금액 (원)").fill("11,300")
    page.get_by_label("상품명").fill("사과 정기배송")
    type_time(page, "첫 결제 일시(한국 시간)", first)
    page.get_by_label("단위").click()
    page.get_by_role("option", name="주").click()
    page.locator(".st-key-review_it button").click()
    expect(page.get_by_text("마지막 확인")).to_be_visible(timeout=PATIENCE)
    has_cell(page, "33900")
    page.locator(".st-key-send button").click()
    expect(page.get_by_text(DONE)).to_be_visible(timeout=PATIENCE)
    with reading(till.engine) as conn:
        (booking,) = list_operations(conn, OperationFilter(kind=OperationKind.BOOK)).rows
    return order_numbers(booking)


def read_again(page: Page, order: str, state: str, url: str) -> None:
    """Opens one schedule, reads it from the gateway, and sees its state."""
    page.goto(f"{url}/schedule?merchant_uid={order}")
    page.get_by_role("button", name="다시 조회").click(timeout=PATIENCE)
    expect(page.get_by_text(state, exact=True).first).to_be_visible(timeout=PATIENCE)


def test_a_series_of_three_runs_fails_and_is_mended_on_the_screens(till: Till) -> None:
    world, now = till.sandbox.world, time.time()
    uid = next(uid for uid, key in world.billing_keys.items() if uid not in world.broken_keys and not key["sandbox"])
    first = int(now) // 60 * 60 + 240
    page = till.open(f"booking?customer_uid={uid}")
    orders = booked_series(till, page, first)
    assert [world.schedules[order]["schedule_at"] for order in orders] == [first, first + 7 * DAY, first + 14 * DAY]

    # The first is charged, the second fails.
    till.clock_runs_to(first + DAY)
    world.broken_keys[uid] = REASON
    till.clock_runs_to(first + 8 * DAY)
    read_again(page, orders[0], "✓ 결제 완료", till.url)
    read_again(page, orders[1], "✕ 결제 실패", till.url)

    see_on_the_calendar(page, till.url, first + 7 * DAY)
    see_in_the_list(page, till.url, orders[1])
    see_the_payment(page, till.url, orders[0], str(world.schedules[orders[0]]["imp_uid"]))
    see_on_the_key(page, till.url, uid, orders)

    # The failed one is booked again, the third cancelled.
    again = int(now) // 60 * 60 + 40 * DAY
    page.goto(f"{till.url}/schedule?merchant_uid={orders[1]}")
    page.locator(".st-key-do_rebook button").click(timeout=PATIENCE)
    type_time(page, "새 결제 일시(한국 시간)", again)
    review_and_send(page)
    expect(page.get_by_text("◷ 예약됨", exact=True).first).to_be_visible(timeout=PATIENCE)
    page.goto(f"{till.url}/schedule?merchant_uid={orders[2]}")
    page.locator(".st-key-do_revoke button").click(timeout=PATIENCE)
    page.get_by_label("사유").fill("구매자 요청")
    review_and_send(page)
    expect(page.get_by_text("⊘ 취소됨", exact=True).first).to_be_visible(timeout=PATIENCE)
    standing = [(world.schedules[one]["schedule_status"], world.schedules[one]["schedule_at"]) for one in orders]
    assert standing == [("executed", first), ("scheduled", again), ("revoked", first + 14 * DAY)]
    with reading(till.engine) as conn:
        kinds = [one.kind for one in list_operations(conn, OperationFilter()).rows]
    assert kinds == ["revoke", "rebook", "book"]


def see_on_the_calendar(page: Page, url: str, at: float) -> None:
    """The day says that something failed; a click on it opens its list."""
    day = day_to_date(day_of(at))
    page.goto(f"{url}/schedules?view=calendar&month={day:%Y-%m}")
    chart = page.get_by_test_id("stEChartsChart").locator("svg")
    expect(chart).to_be_visible(timeout=PATIENCE)
    expect(chart.get_by_text(re.compile("✕ 1")).first).to_be_visible()
    chart.get_by_text(str(day.day), exact=True).first.click(force=True)
    expect(page).to_have_url(re.compile(f"from={day}&to={day}"), timeout=PATIENCE)
    has_cell(page, "사과 정기배송")


def see_in_the_list(page: Page, url: str, order: str) -> None:
    """An order number finds it; a click on its box opens it, with the gateway's reason untouched."""
    page.goto(f"{url}/schedules")
    box = page.get_by_placeholder(re.compile("주문번호"))
    box.fill(order, timeout=PATIENCE)
    box.press("Enter")
    expect(page.get_by_text("번호가 정확히 일치해")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stDataFrame").first.click(position={"x": 15, "y": 35 + 18})
    expect(page.get_by_role("heading", name="예약 상세")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("stMain").get_by_text(REASON).first).to_be_visible(timeout=PATIENCE)


def see_the_payment(page: Page, url: str, order: str, imp_uid: str) -> None:
    """The schedule leads to the payment that it became."""
    page.goto(f"{url}/schedule?merchant_uid={order}")
    page.get_by_role("link", name=imp_uid).click(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(rf"/payment\?imp_uid={imp_uid}$"), timeout=PATIENCE)
    expect(page.get_by_text("11,300원").first).to_be_visible()
    assert imp_uid in verbatim(page)


def see_on_the_key(page: Page, url: str, uid: str, orders: list[str]) -> None:
    """The billing key lists all three."""
    page.goto(f"{url}/billing-key?customer_uid={uid}")
    expect(page.get_by_role("heading", name="예약결제")).to_be_visible(timeout=PATIENCE)
    for order in orders:
        has_cell(page, order)


def test_the_calendar_reads_on_a_telephone(till: Till) -> None:
    page = till.open("schedules?view=calendar")
    page.set_viewport_size({"width": 380, "height": 900})
    chart = page.get_by_test_id("stEChartsChart").locator("svg")
    expect(chart).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(500)
    edges = chart.evaluate(
        """svg => { const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].map(t => t.getBoundingClientRect())
            .every(t => t.left >= box.left - 1 && t.right <= box.right + 1); }"""
    )
    assert edges
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 380
    assert seoul(time.time()).strftime("%Y년") in page.content()
