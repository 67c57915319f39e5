"""Five errands of a day, from Home to their end state, through what is in sight; how many steps each takes.

A step is a click, a key that is pressed, or a field that is typed into.
"""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from services.clock import DAY, date_to_day, day_of, day_start, day_to_date, seoul
from services.gateway.requests import UnscheduleRequest
from services.mirror.sync import sync
from services.store.engine import reading
from services.subscriptions.keep import refresh_chains
from services.tables.journal import OperationState as State
from tests.browser.test_keys import book, elsewhere, naver_key, states, statuses
from tests.browser.test_payments import rows_of
from tests.browser.till import SPAN, Till, fill_part

MOST = 8
WAIT = 60_000
TAIL, WORD = "4821", "물러서 온 귤"
COLUMNS = ["환불 시각 (KST)", "금액 (통화)", "주문번호", "환불 사유", "결제 수단"]


@dataclass
class Errand:
    """Somebody at Home with something to do, and every step that was taken since."""

    page: Page
    steps: list[str] = field(default_factory=list)

    def click(self, what: Locator) -> None:
        """A click on something in sight."""
        expect(what).to_be_visible(timeout=WAIT)
        what.click(timeout=WAIT)
        self.steps.append(f"click {what}")

    def press(self, key: str) -> None:
        """A key."""
        self.page.keyboard.press(key)
        self.steps.append(f"press {key}")

    def type(self, what: Locator, text: str) -> None:
        """A field, which is clicked into where it does not wait for it already."""
        expect(what).to_be_visible(timeout=WAIT)
        what.fill(text)
        self.steps.append(f"type {text}")

    def search(self, text: str) -> Locator:
        """In the search of every screen; the dialog with what was found."""
        self.press("Control+k")
        self.type(self.page.get_by_role("dialog").get_by_role("searchbox"), text)
        return self.page.get_by_role("dialog")

    def took_a_third_less_than(self, before: int, *, asked_by_law: int = 0) -> None:
        """Fails with the steps where they were more; `before` is what the screens of old took, counted the same way.

        What the screens of old did not ask, and the law has asked since, comes on top.
        """
        assert len(self.steps) <= min(before * 2 // 3, MOST) + asked_by_law, self.steps


def at_home(till: Till, email: str) -> Errand:
    """Nothing is counted before the page stands and listens to keys."""
    page = till.open("", email)
    page.locator("html[data-keys=listening]").wait_for(state="attached", timeout=WAIT)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=WAIT)
    return Errand(page)


def mirror(till: Till) -> None:
    """What happened at the gateway is read, and what is kept of subscriptions worked out."""
    with elsewhere(till) as gateway:
        sync(gateway, till.engine, days=SPAN)
    refresh_chains(till.engine, time.time())


def button(page: Page, name: str) -> Locator:
    """By the end of its words, an icon's name stands before them."""
    return page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"{name}$"))


def test_a_payment_is_found_by_the_end_of_a_phone_and_a_part_refunded(till: Till) -> None:
    imp_uid = till.paid(41_300, buyer_name="나하린", buyer_tel=f"010-2233-{TAIL}")
    mirror(till)
    errand = at_home(till, "support@example.com")
    page = errand.page
    hits = errand.search(TAIL)
    expect(hits.get_by_role("link", name=re.compile("나하린.*41,300원.*전화번호"))).to_be_visible(timeout=WAIT)
    errand.click(hits.get_by_role("link", name="환불", exact=True))
    errand.type(page.get_by_label("환불 금액 (원)"), "4,300")
    errand.click(page.get_by_text("단순 변심", exact=True))
    expect(page.get_by_role("radio", name="구매자 요청")).to_be_checked(timeout=WAIT)
    errand.click(button(page, "내용 확인"))
    errand.click(button(page, "4,300원 환불하기"))
    expect(page.get_by_text("환불 가능 금액은 37,000원입니다.")).to_be_visible(timeout=WAIT)
    assert till.refunds(imp_uid) == [(4_300, "단순 변심")]
    errand.took_a_third_less_than(11)


def test_partial_refunds_of_yesterday_are_taken_along_in_five_columns(till: Till, tmp_path: Path) -> None:
    today = day_of(time.time())
    noon = day_start(today - 1) + DAY // 2
    for n, given in enumerate((3_000, 4_000, 20_000)):
        imp_uid = till.paid(20_000, paid_at=noon - 2 * DAY)
        till.sandbox.refund(imp_uid, given, WORD, noon + n)
    mirror(till)
    expected = [
        (seoul(one["cancelled_at"]).replace(tzinfo=None), one["amount"], row["merchant_uid"], one["reason"])
        for row in till.sandbox.payments.values()
        for one in row["cancel_history"]
        if day_of(one["cancelled_at"]) == today - 1 and one["amount"] < row["amount"]
        if row["currency"] == "KRW" and not row["sandbox"]
    ]
    errand = at_home(till, "finance@example.com")
    page = errand.page
    errand.click(page.get_by_role("link", name=re.compile(r"^부분취소 \d+건")))
    expect(page).to_have_url(re.compile(f"from={day_to_date(today - 1)}.*part=partial|part=partial.*from="))
    errand.click(button(page, "내보내기"))
    errand.click(page.get_by_text("마감·세무", exact=True))
    file = page.get_by_role("link", name=re.compile("XLSX"))
    for column in COLUMNS:
        before = file.get_attribute("href") or ""
        errand.click(page.get_by_test_id("stPopoverBody").get_by_role("button", name=column, exact=True))
        expect(file).not_to_have_attribute("href", before, timeout=WAIT)
    with page.expect_download() as download:
        errand.click(file)
    download.value.save_as(tmp_path / "refunds.xlsx")
    heads, *rows = load_workbook(tmp_path / "refunds.xlsx").worksheets[0].iter_rows(values_only=True)
    # Without the currency's column no heading says that it has one.
    assert list(heads) == [column.removesuffix(" (통화)") for column in COLUMNS]
    assert sorted(row[:4] for row in rows) == sorted(expected)
    assert [row[3] for row in expected].count(WORD) == 2
    errand.took_a_third_less_than(12, asked_by_law=1)


def test_the_figure_of_who_left_opens_as_many_rows(till: Till) -> None:
    mirror(till)
    left = oldest_subscriptions(till)[:3]
    assert len(left) == 3
    for uid in left:
        with elsewhere(till) as gateway:
            booked = tuple(order for order, status in statuses(till, uid).items() if status == "scheduled")
            gateway.unschedule(UnscheduleRequest(uid, booked))
    mirror(till)
    errand = at_home(till, "manager@example.com")
    page = errand.page
    page.set_viewport_size({"width": 2_200, "height": 1_100})  # the browser tells of no column that is out of sight
    figure = page.get_by_test_id("stMain").get_by_role("link", name=re.compile(r"종료 [\d,]+건$"))
    expect(figure).to_be_visible(timeout=WAIT)
    number = int(re.sub(r"\D", "", figure.inner_text()))
    errand.click(figure)
    expect(page.get_by_text(f"종료 · KRW · {number}")).to_be_visible(timeout=WAIT)
    rows = rows_of(page)
    assert len(rows) == number
    assert all(any(uid in row for row in rows) for uid in left)
    assert len(errand.steps) == 1  # as before: it cannot be fewer


def oldest_subscriptions(till: Till) -> list[str]:
    """Keys whose subscription counted at the end of last month, with something booked."""
    month = day_start(date_to_day(seoul(time.time()).date().replace(day=1)))
    wanted = "SELECT customer_uid FROM subscription WHERE NOT sandbox AND state = 'active' AND currency = 'KRW'"
    with reading(till.engine) as conn:
        found = conn.exec_driver_sql(f"{wanted} AND since < {month} ORDER BY since").scalars().all()
    return [uid for uid in found if "scheduled" in statuses(till, uid).values()]


def test_who_refunded_this_and_why_is_in_sight(till: Till) -> None:
    imp_uid = till.paid(20_000, merchant_uid="WHO20261128")
    page = till.open(f"refund?imp_uid={imp_uid}", "support@example.com")
    fill_part(page, "3,000", WORD)
    page.get_by_role("button", name="3,000원 환불하기").click()
    expect(page.get_by_text("포트원에서 처리되었습니다.")).to_be_visible(timeout=WAIT)
    assert [one.state for one in till.ended(imp_uid)] == [State.SUCCEEDED]
    errand = at_home(till, "finance@example.com")
    errand.search("WHO20261128")
    told = errand.page.get_by_role("dialog").get_by_role("link", name=re.compile(f"−3,000원.*{WORD}.*WHO20261128"))
    expect(told).to_be_visible(timeout=WAIT)
    assert "support@example.com" in told.inner_text().replace("\u2060", "")
    errand.took_a_third_less_than(4)


def test_a_subscription_is_cancelled(till: Till) -> None:
    uid = naver_key(till, 0)
    mine = book(till, uid, 3, 10)
    mirror(till)
    errand = at_home(till, "support@example.com")
    page = errand.page
    errand.click(errand.search(uid).get_by_role("link", name="구독 해지", exact=True))
    errand.click(page.get_by_text("구매자 구독 해지", exact=True))
    errand.click(button(page, "내용 확인"))
    errand.click(button(page, "구독 해지"))
    expect(page.get_by_text("포트원에서 처리되었습니다.")).to_have_count(2, timeout=WAIT)
    assert states(till, uid) == [("delete_key", State.SUCCEEDED), ("revoke", State.SUCCEEDED)]
    assert {statuses(till, uid)[order] for order in mine} == {"revoked"}
    assert uid not in till.sandbox.world.billing_keys
    errand.took_a_third_less_than(9)
