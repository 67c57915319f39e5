"""Billing keys in a real browser, against a served sandbox: found, blocked from deletion, ended step by step."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from services.clock import DAY
from services.gateway import Gateway
from services.gateway.requests import Booking, BookRequest, UnscheduleRequest
from services.operations.journal.states import OPEN
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.engine import reading
from services.store.lists.operations import operations_of_key
from services.tables.journal import OperationState as State
from tests.browser.till import Till, verbatim

WAIT = 60_000


def naver_key(till: Till, number: int) -> str:
    """A Naver Pay key on which nothing is booked any more."""
    uid = sorted(till.naver_keys())[number]
    if booked := tuple(order for order, status in statuses(till, uid).items() if status == "scheduled"):
        with elsewhere(till) as gateway:
            gateway.unschedule(UnscheduleRequest(uid, booked))
    return uid


@contextmanager
def elsewhere(till: Till) -> Iterator[Gateway]:
    """Another program of the merchant's, behind the dashboard's back."""
    gateway = Gateway(till.gateway_url, IMP_KEY, IMP_SECRET)
    yield gateway
    gateway.close()


def book(till: Till, uid: str, *days: int) -> list[str]:
    """Payments booked by another program; their order numbers."""
    now = int(time.time())
    entries = tuple(Booking(f"{uid}d{day}", now + day * DAY, 1_000 * day, "사과 정기배송", "KRW") for day in days)
    with elsewhere(till) as gateway:
        gateway.book_schedules(BookRequest(uid, entries))
    return [entry.merchant_uid for entry in entries]


def statuses(till: Till, uid: str) -> dict[str, str]:
    """The state of everything that was ever booked on a key, as the gateway has it."""
    world = till.sandbox.world
    return {order: world.schedules[order]["schedule_status"] for order in world.bookings.get(uid, ())}


def fill_in(page: Page, note: str = "전화로 요청") -> None:
    """Who wants it and why, up to the last look."""
    page.get_by_text("구매자 요청", exact=True).click(timeout=WAIT)
    page.get_by_label("사유 상세 (PG사에 전달)").fill(note)
    page.get_by_role("button", name="내용 확인").click()
    expect(page.get_by_text("마지막 확인")).to_be_visible(timeout=WAIT)


def states(till: Till, uid: str) -> list[tuple[str, str]]:
    """What the journal holds on a key once nothing is open any more, the latest first."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with reading(till.engine) as conn:
            found = operations_of_key(conn, uid)
        if not [one for one in found if one.state in OPEN]:
            return [(one.kind, one.state) for one in found]
        time.sleep(0.1)
    raise TimeoutError(uid)


def test_a_key_with_two_booked_payments_is_not_deleted_and_ending_revokes_exactly_those(till: Till) -> None:
    uid, other = naver_key(till, 0), naver_key(till, 1)
    mine, others = book(till, uid, 3, 10), book(till, other, 4)
    before = statuses(till, uid)
    page = till.open(f"billing-key?customer_uid={uid}")
    page.get_by_role("button", name=re.compile("빌링키 삭제$")).click(timeout=WAIT)
    expect(page.get_by_text("이 빌링키에 예약된 결제가 2건 있습니다")).to_be_visible(timeout=WAIT)
    assert not page.get_by_role("button", name="내용 확인").count()
    page.get_by_role("button", name=re.compile("구독 해지$")).click()
    expect(page.get_by_text("아래 예약을 취소한 뒤 빌링키를 삭제합니다")).to_be_visible(timeout=WAIT)
    # A form that is drawn anew stands beside the one before it for a moment.
    expect(page.get_by_text("예약 2건 · 13,000원")).to_have_count(1, timeout=WAIT)
    fill_in(page)
    says = "예약 2건(13,000원)을 취소한 뒤 빌링키를 삭제합니다. 되돌릴 수 없습니다."
    expect(page.get_by_text(says)).to_be_visible()
    assert uid in till.sandbox.world.billing_keys
    page.get_by_role("button", name=re.compile("구독 해지$")).click()
    expect(page.get_by_text("포트원에서 처리되었습니다.")).to_have_count(2, timeout=WAIT)
    assert states(till, uid) == [("delete_key", State.SUCCEEDED), ("revoke", State.SUCCEEDED)]
    after = statuses(till, uid)
    assert {order for order in after if after[order] != before.get(order)} == set(mine)
    assert {after[order] for order in mine} == {"revoked"}
    assert uid not in till.sandbox.world.billing_keys
    assert [statuses(till, other)[order] for order in others] == ["scheduled"]
    page.reload()
    expect(page.get_by_text("2단계 중 2단계")).to_be_visible(timeout=WAIT)


def test_a_reason_says_who_wants_it_before_its_answer_is_there(till: Till) -> None:
    page = till.open(f"key-deletion?customer_uid={naver_key(till, 2)}", "support@example.com")
    expect(page.get_by_text("회원 탈퇴", exact=True)).to_be_visible(timeout=WAIT)
    # Quicker than an answer: with the second click the browser says again that nobody is chosen.
    page.evaluate(
        """async () => {
            const named = words => [...document.querySelectorAll("button")].find(one => one.innerText.includes(words));
            const drawn = async found => { while (!found()) await new Promise(again => setTimeout(again)); };
            named("회원 탈퇴").click();
            await drawn(() => named("회원 탈퇴")?.ariaChecked === "true" && named("내용 확인"));
            named("내용 확인").click();
        }"""
    )
    expect(page.get_by_text("마지막 확인")).to_be_visible(timeout=WAIT)


def test_a_deletion_that_the_gateway_refuses_keeps_its_words_and_what_was_typed(till: Till) -> None:
    uid = naver_key(till, 2)
    page = till.open(f"key-deletion?customer_uid={uid}")
    fill_in(page, "중복 등록")
    kept = till.sandbox.world.billing_keys.pop(uid)
    page.get_by_role("button", name=re.compile("빌링키 삭제$")).click()
    expect(page.get_by_test_id("stCode").nth(1)).to_be_visible(timeout=WAIT)
    till.sandbox.world.billing_keys[uid] = kept
    assert states(till, uid) == [("delete_key", State.REFUSED)]
    assert any("찾을 수 없습니다" in words for words in verbatim(page))


def test_a_key_is_found_by_its_buyer_and_opened(till: Till) -> None:
    uid = naver_key(till, 3)
    page = till.open("billing-keys")
    page.get_by_placeholder("customer_uid, 구매자 이름").fill(uid, timeout=WAIT)
    page.keyboard.press("Enter")
    expect(page.get_by_text("번호가 정확히 일치해")).to_be_visible(timeout=WAIT)
    page.get_by_test_id("stDataFrame").click(position={"x": 15, "y": 53})
    expect(page.get_by_role("heading", name="예약결제", exact=True)).to_be_visible(timeout=WAIT)
    assert f"customer_uid={uid}" in page.url
