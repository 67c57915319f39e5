"""A cash receipt in a real browser: issued on a payment, the payment refunded in part, the receipt cancelled."""

import re

from playwright.sync_api import Page, expect

from services.receipts.kept import receipts_of_payment
from services.store.engine import reading
from services.tables.receipts import CashReceipt
from tests.browser.till import Till, fill_part


def kept(till: Till, imp_uid: str) -> list[CashReceipt]:
    with reading(till.engine) as conn:
        return receipts_of_payment(conn, imp_uid)


def issue(page: Page) -> None:
    """To a phone, up to its outcome."""
    page.get_by_text("휴대폰", exact=True).click()
    page.get_by_role("textbox", name=re.compile("^번호")).fill("010-7341-5678")
    page.get_by_role("button", name="내용 확인").click()
    expect(page.get_by_text("휴대폰 ····5678로 발급합니다.")).to_be_visible()
    page.get_by_role("button", name="현금영수증 발급하기").click()
    expect(page.get_by_role("button", name="현금영수증 취소하기")).to_be_visible()


def test_a_receipt_is_issued_the_payment_refunded_and_the_receipt_cancelled(till: Till) -> None:
    imp_uid = till.paid(11_000, pg_provider="html5_inicis", pay_method="trans")
    page = till.open(f"payment?imp_uid={imp_uid}")
    page.get_by_role("link", name="현금영수증", exact=True).click()
    issue(page)
    assert till.sandbox.world.receipts[imp_uid]["amount"] == 11_000
    assert "01073415678" not in page.content()

    page.goto(f"{till.url}/refund?imp_uid={imp_uid}")
    page.get_by_text("현금영수증은 그대로 두기", exact=True).click()
    fill_part(page, "4,000")
    page.get_by_role("button", name="4,000원 환불하기").click()
    expect(page.get_by_text("환불 가능 금액은 7,000원입니다.")).to_be_visible()

    page.goto(f"{till.url}/cash-receipts?state=differs")
    expect(page.get_by_text("발급 1건 11,000원")).to_be_visible()
    page.goto(f"{till.url}/cash-receipt?imp_uid={imp_uid}")
    expect(page.get_by_text("금액과 다름").first).to_be_attached()
    page.get_by_role("button", name="현금영수증 취소하기").click()
    expect(page.get_by_text("마지막 확인")).to_be_visible()
    page.get_by_role("button", name="현금영수증 취소하기").click()
    expect(page.get_by_role("button", name="다시 발급하기")).to_be_visible()
    (receipt,) = kept(till, imp_uid)
    assert (receipt.cancelled_at > 0, receipt.amount, receipt.identifier_end) == (True, 11_000, "5678")
    kinds = [(one.kind, one.state) for one in till.ended(imp_uid)]
    assert kinds == [("cancel_receipt", "succeeded"), ("refund", "succeeded"), ("issue_receipt", "succeeded")]
