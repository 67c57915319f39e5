"""The tax-free part of a mixed payment by PAYCO, refunded in a browser without typing it."""

from playwright.sync_api import expect

from services.operations.journal.journal import asked
from services.sandbox.world.world import Taxes
from tests.browser.till import Till, fill_part


def test_the_tax_free_part_of_a_mixed_payment_goes_back_without_being_typed(till: Till) -> None:
    imp_uid = till.paid(11_000, pg_provider="payco", pay_method="payco")
    till.sandbox.world.taxes[imp_uid] = Taxes(3_300, None)
    till.sandbox.world.payco_parts[imp_uid] = (1_000, 500)
    page = till.open(f"payment?imp_uid={imp_uid}")
    # Its parts are read with it, if not by the sync already.
    page.get_by_role("button", name="다시 조회", exact=True).click()
    expect(page.get_by_text("500원 (공급가액 455원, 부가세 45원)")).to_be_visible()
    expect(page.get_by_text("상점이 아니라 PG사·카드사가 부담합니다.")).to_be_visible()

    page.goto(f"{till.url}/refund?imp_uid={imp_uid}")
    expect(page.get_by_label("환불할 면세 금액 (원)")).to_have_value("3,300")
    fill_part(page, "5,000")
    page.get_by_role("button", name="5,000원 환불하기").click()
    expect(page.get_by_text("환불 가능 금액은 6,000원입니다.")).to_be_visible()

    page.get_by_role("button", name="추가로 환불하기").click()
    expect(page.get_by_label("환불할 면세 금액 (원)")).to_have_value("1,800")
    fill_part(page, "6,000")
    page.get_by_role("button", name="6,000원 환불하기").click()
    expect(page.get_by_text("마지막 확인")).to_have_count(0)
    named = [asked(one)["tax_free"] for one in till.ended(imp_uid)]
    assert (named, till.sandbox.world.tax_free_left(imp_uid)) == ([1_800, 1_500], 0)
    assert till.sandbox.payments[imp_uid]["status"] == "cancelled"
