"""The tax-free part of a mixed payment by PAYCO, refunded in a browser without typing it."""

from playwright.sync_api import expect

from dashboard.locale import _
from services.operations.journal.journal import asked
from services.sandbox.world.world import Taxes
from tests.browser.till import Till, fill_part, won


def test_the_tax_free_part_of_a_mixed_payment_goes_back_without_being_typed(till: Till, language: str) -> None:
    imp_uid = till.paid(11_000, pg_provider="payco", pay_method="payco")
    till.sandbox.world.taxes[imp_uid] = Taxes(3_300, None)
    till.sandbox.world.payco_parts[imp_uid] = (1_000, 500)
    page = till.open(f"payment?imp_uid={imp_uid}", language=language)
    # Its parts are read with it, if not by the sync already.
    page.get_by_role("button", name=_("Refresh"), exact=True).click()
    supply, vat = (_(words).format(amount=won(n)) for words, n in (("supply {amount}", 455), ("VAT {amount}", 45)))
    expect(page.get_by_text(f"{won(500)} ({supply}, {vat})")).to_be_visible()
    borne = _("The discount is the PG's or the card company's own: they bear it, not the shop.")
    expect(page.get_by_text(borne)).to_be_visible()

    page.goto(f"{till.url}/refund?imp_uid={imp_uid}")
    expect(page.get_by_label(_("Tax-free part of this refund"))).to_have_value("3,300")
    fill_part(page, "5,000", language=language)
    page.get_by_role("button", name=_("Refund {amount}").format(amount=won(5_000))).click()
    expect(page.get_by_text(_("{left} is left.").format(left=won(6_000)))).to_be_visible()

    page.get_by_role("button", name=_("Refund something else")).click()
    expect(page.get_by_label(_("Tax-free part of this refund"))).to_have_value("1,800")
    fill_part(page, "6,000", language=language)
    page.get_by_role("button", name=_("Refund {amount}").format(amount=won(6_000))).click()
    expect(page.get_by_text(_("Is this right?"))).to_have_count(0)
    named = [asked(one)["tax_free"] for one in till.ended(imp_uid)]
    assert (named, till.sandbox.world.tax_free_left(imp_uid)) == ([1_800, 1_500], 0)
    assert till.sandbox.payments[imp_uid]["status"] == "cancelled"
