"""A cash receipt in a real browser: issued on a payment, the payment refunded in part, the receipt cancelled."""

import re

from playwright.sync_api import Page, expect

from dashboard.locale import _, ngettext
from services.receipts.kept import receipts_of_payment
from services.store.engine import reading
from services.tables.receipts import CashReceipt
from tests.browser.till import Till, fill_part, press, won


def kept(till: Till, imp_uid: str) -> list[CashReceipt]:
    with reading(till.engine) as conn:
        return receipts_of_payment(conn, imp_uid)


def issue(page: Page) -> None:
    """To a phone, up to its outcome."""
    page.get_by_text(_("Mobile phone"), exact=True).click()
    page.get_by_role("textbox", name=re.compile(f"^{_('Number')}")).fill("010-7341-5678")
    press(page, _("Review"))
    expect(page.get_by_text("····5678").first).to_be_visible()
    press(page, _("Issue the receipt"))
    expect(page.get_by_role("button", name=_("Cancel the receipt"))).to_be_visible()


def test_a_receipt_is_issued_the_payment_refunded_and_the_receipt_cancelled(till: Till, language: str) -> None:
    imp_uid = till.paid(11_000, pg_provider="html5_inicis", pay_method="trans")
    page = till.open(f"payment?imp_uid={imp_uid}", language=language)
    page.get_by_role("link", name=_("Cash receipt"), exact=True).click()
    issue(page)
    assert till.sandbox.world.receipts[imp_uid]["amount"] == 11_000
    assert "01073415678" not in page.content()

    page.goto(f"{till.url}/refund?imp_uid={imp_uid}")
    page.get_by_text(_("Leave the receipt as it is"), exact=True).click()
    fill_part(page, "4,000", language=language)
    press(page, _("Refund {amount}").format(amount=won(4_000)))
    expect(page.get_by_text(_("{left} is left.").format(left=won(7_000)))).to_be_visible()

    page.goto(f"{till.url}/cash-receipts?state=differs")
    stands = ngettext("{n} receipt stands", "{n} receipts stand", 1).format(n=1)
    expect(page.get_by_text(f"{stands} {won(11_000)}")).to_be_visible()
    page.goto(f"{till.url}/cash-receipt?imp_uid={imp_uid}")
    expect(page.get_by_text(_("Differs from the money")).first).to_be_attached()
    press(page, _("Cancel the receipt"))
    expect(page.get_by_text(_("Is this right?"))).to_be_visible()
    press(page, _("Cancel the receipt"))
    expect(page.get_by_role("button", name=_("Issue another one"))).to_be_visible()
    (receipt,) = kept(till, imp_uid)
    assert (receipt.cancelled_at > 0, receipt.amount, receipt.identifier_end) == (True, 11_000, "5678")
    kinds = [(one.kind, one.state) for one in till.ended(imp_uid)]
    assert kinds == [("cancel_receipt", "succeeded"), ("refund", "succeeded"), ("issue_receipt", "succeeded")]
