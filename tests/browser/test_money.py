"""Money in a real browser, against a served sandbox: refunds, an approval, charges, in Korean and English."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from services.clock import DAY
from services.sandbox.faults import Fault, Plan, calls
from services.tables.journal import OperationState as State
from tests.browser.test_payments import pick_row, rows_of
from tests.browser.till import APPROVAL_FROM, Till, fill_part, verbatim

TOO_OLD = "취소 가능 기간(1095일)이 지났습니다."
LIMIT = "[한도초과] 카드 이용한도를 초과하였습니다."


def naver_key(till: Till, number: int = 0) -> str:
    """A Naver Pay billing key that can be charged."""
    return [uid for uid in till.naver_keys() if uid not in till.sandbox.world.broken_keys][number]


def ask_for_charge(page: Page, amount: str, *, language: str = "ko") -> None:
    words = {
        "ko": ("결제 금액 (원)", "상품명", "내용 확인"),
        "en": ("Amount of this charge (won)", "What it is for", "Review"),
    }[language]
    page.get_by_label(words[0]).fill(amount, timeout=60_000)
    page.get_by_label(words[1]).fill("사과 정기배송")
    again = page.get_by_test_id("stCheckbox").filter(has_text=re.compile("오늘 이미|today already"))
    if again.count():
        again.click()
    page.get_by_role("button", name=words[2]).click()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_support_refunds_a_part_of_a_naver_pay_payment(till: Till, language: str) -> None:
    imp_uid = till.paid(10_000)
    page = till.open(f"payment?imp_uid={imp_uid}", language=language)
    reread, refund = {"ko": ("다시 조회", "환불"), "en": ("Refresh", "Refund")}[language]
    page.get_by_role("button", name=re.compile(f"{reread}$|다시 조회$")).click(timeout=60_000)
    page.get_by_role("button", name=re.compile(f"{refund}$")).click(timeout=60_000)
    fill_part(page, "3,000", language=language)
    says = {
        "ko": "10,000원 중 3,000원을 홍길동 님의 네이버페이로 돌려줍니다.",
        "en": "₩3,000 of ₩10,000 goes back to the buyer 홍길동: Naver Pay.",
    }
    expect(page.get_by_text(says[language])).to_be_visible()
    assert not till.operations(imp_uid)
    page.get_by_role("button", name={"ko": "3,000원 환불하기", "en": "Refund ₩3,000"}[language]).click()
    done = {"ko": "환불 가능 금액은 7,000원입니다.", "en": "₩7,000 is left."}
    expect(page.get_by_text(done[language])).to_be_visible()
    assert till.refunds(imp_uid) == [(3_000, "색상이 달라요")]
    (operation,) = till.operations(imp_uid)
    assert (operation.state, operation.asked_by) == (State.SUCCEEDED, "support@example.com")


def test_a_click_right_after_the_amount_is_not_lost_and_says_every_mistake(till: Till) -> None:
    page = till.open(f"refund?imp_uid={till.paid(10_000)}")
    page.get_by_label("환불 금액 (원)").fill("10,001")
    page.get_by_role("button", name="내용 확인").click()
    for words in ("남은 금액보다 큽니다.", "누가 요청했는지 선택하세요", "사유를 적으세요"):
        expect(page.get_by_test_id("stAlert").filter(has_text=words)).to_be_visible()


def test_a_refused_refund_shows_the_korean_message_untouched(till: Till) -> None:
    long_ago = int(time.time()) - 1_200 * DAY
    imp_uid = till.paid(10_000, paid_at=long_ago, started_at=long_ago)
    page = till.open(f"refund?imp_uid={imp_uid}")
    expect(page.get_by_text("거절될 것으로 보임")).to_be_visible()
    fill_part(page, "3,000")
    page.get_by_role("button", name="3,000원 환불하기").click()
    expect(page.get_by_text("포트원이 거절했습니다")).to_be_visible()
    # Behind it stand the words to the buyer, which tell nothing of it.
    assert [text.encode() for text in verbatim(page)].count(TOO_OLD.encode()) == 1
    assert till.operations(imp_uid)[0].message == TOO_OLD
    page.reload()
    expect(page.get_by_text(TOO_OLD)).to_be_visible()


def test_a_virtual_account_is_refunded_to_an_account(till: Till) -> None:
    imp_uid = till.paid(20_000, pay_method="vbank", pg_provider="html5_inicis", vbank_num="110222333333")
    page = till.open(f"refund?imp_uid={imp_uid}")
    bank = page.get_by_label("은행 *", exact=True)
    bank.wait_for()
    # A list that is opened amid the first run is closed when the field is drawn anew.
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    bank.click()
    page.get_by_role("option", name="신한은행").click()
    page.get_by_label("예금주 *", exact=True).fill("홍길동")
    page.get_by_text("구매자 요청", exact=True).click()
    page.get_by_label("사유 상세 (구매자·은행에 전달)").fill("품절")
    page.get_by_role("button", name="내용 확인").click()
    expect(page.get_by_text("이 항목이 빠졌습니다.")).to_be_visible()
    expect(page.get_by_label("예금주 *", exact=True)).to_have_value("홍길동")
    page.get_by_label("계좌번호").fill("110-222-333333")
    page.get_by_role("button", name="내용 확인").click()
    page.get_by_role("button", name="20,000원 환불하기").click()
    expect(page.get_by_text("포트원에서 처리되었습니다.")).to_be_visible()
    assert till.refunds(imp_uid) == [(20_000, "품절")]


def test_a_second_person_approves(till: Till) -> None:
    imp_uid = till.paid(APPROVAL_FROM)
    page = till.open(f"refund?imp_uid={imp_uid}")
    page.get_by_text("구매자 요청", exact=True).click(timeout=60_000)
    page.get_by_label("사유 상세 (구매자·은행에 전달)").fill("단순 변심")
    page.get_by_role("button", name="내용 확인").click()
    page.get_by_role("button", name="승인 요청").click()
    expect(page.get_by_text("다른 담당자가 ‘확인 필요’에서 승인하기 전에는")).to_be_visible()
    time.sleep(1.5)
    assert not till.refunds(imp_uid)

    other = till.open("needs-person", "finance@example.com")
    expect(other.get_by_text("support@example.com 요청")).to_be_visible()
    expect(other.get_by_text("유기농 사과 5kg")).to_be_visible()
    expect(other.get_by_text("홍길동")).to_be_visible()
    other.get_by_role("button", name="승인", exact=True).click()
    # The first person's screen, still open, tells by itself.
    expect(page.get_by_text("포트원에서 처리되었습니다.")).to_be_visible()
    (operation,) = till.operations(imp_uid)
    assert (operation.state, operation.approved_by) == (State.SUCCEEDED, "finance@example.com")
    assert till.refunds(imp_uid) == [(APPROVAL_FROM, "단순 변심")]
    # So does the second person's, where the card stood.
    expect(other.get_by_text("포트원에서 처리되었습니다.")).to_be_visible()

    manager = till.open(f"activity?q={imp_uid}", "manager@example.com")
    expect(manager.get_by_role("heading", name="작업 내역")).to_be_visible()
    (row,) = rows_of(manager)
    assert "support@example.com" in row
    assert "finance@example.com" in row
    pick_row(manager, 0)
    expect(manager).to_have_url(re.compile(f"/operation\\?number={operation.id}$"))
    expect(manager.get_by_text("환불: 승인")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "최소 결제 금액은 100원입니다"), ("en", "less than minimum amount (100 won)")],
)
def test_a_charge_of_99_won_is_refused_in_the_minimums_words(till: Till, language: str, words: str) -> None:
    key = naver_key(till)
    before = len(till.sandbox.world.charges.get(key, ()))
    page = till.open(f"charge?customer_uid={key}", language=language)
    ask_for_charge(page, "99", language=language)
    alert = page.get_by_test_id("stAlert").filter(has_text=words)
    expect(alert).to_be_visible()
    assert alert.get_by_test_id("stMarkdownContainer").inner_text().strip() == words
    assert len(till.sandbox.world.charges.get(key, ())) == before


def test_a_charge_that_fails_says_why_word_for_word(till: Till) -> None:
    key = naver_key(till)
    till.sandbox.world.broken_keys[key] = LIMIT
    page = till.open(f"charge?customer_uid={key}")
    ask_for_charge(page, "9,900")
    page.get_by_role("button", name="9,900원 결제하기").click()
    expect(page.get_by_text("결제되지 않았습니다.")).to_be_visible()
    del till.sandbox.world.broken_keys[key]
    page.get_by_test_id("stCode").filter(has_text=LIMIT).wait_for()
    assert LIMIT.encode() in [text.encode() for text in verbatim(page)]
    expect(page.get_by_role("link", name="결제 상세 열기")).to_be_visible()


def test_a_charge_that_is_paid_leads_to_its_payment(till: Till) -> None:
    page = till.open(f"charge?customer_uid={naver_key(till, 1)}")
    ask_for_charge(page, "9,900")
    page.get_by_role("button", name="9,900원 결제하기").click()
    page.get_by_role("link", name="결제 상세 열기").click(timeout=60_000)
    expect(page).to_have_url(re.compile("/payment\\?imp_uid=imp_"))


def test_a_lost_answer_is_being_checked_and_then_known(till: Till) -> None:
    imp_uid = till.paid(10_000)
    page = till.open(f"refund?imp_uid={imp_uid}")
    fill_part(page, "3,000")
    read = calls("GET", f"/payments/{imp_uid}")
    # What became of it is not told before the page was seen.
    looks = Plan(Fault.LOST_BEFORE, 1_000, lambda request: read(request) and bool(till.refunds(imp_uid)))
    till.sandbox.plans += [Plan(Fault.LOST_AFTER, picks=calls("POST", "/payments/cancel")), looks]
    page.get_by_role("button", name="3,000원 환불하기").click()
    expect(page.get_by_text("확인 중입니다. 다시 요청하지 마세요")).to_be_visible()
    looks.times = 0
    expect(page.get_by_text("환불 가능 금액은 7,000원입니다.")).to_be_visible()
    assert till.refunds(imp_uid) == [(3_000, "색상이 달라요")]
