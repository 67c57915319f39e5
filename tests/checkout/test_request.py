"""A checked request: what may come later, and how the window is told amounts."""

from decimal import Decimal

from services.checkout.parameters.request import as_v1, checked_request
from services.tables.checkouts import CheckoutKind
from tests.checkout.requests import ANYBODY, NAVER, NOW, checked


def test_what_is_set_with_each_attempt_may_be_missing() -> None:
    values = {name: value for name, value in NAVER.items() if name != "merchant_uid"} | {"naverPopupMode": False}
    later = {"merchant_uid", "m_redirect_url"}
    kept = checked_request(values, kind=CheckoutKind.PAYMENT, pg="naverpay", merchant=ANYBODY, now=NOW, later=later)
    assert kept == values


def test_the_window_is_told_whole_won_and_cents_as_a_fraction() -> None:
    assert as_v1(checked("naver", amount=1_004, tax_free=4), "naverpay")["amount"] == 1_004
    dollars = as_v1(checked("paymentwall", amount=1_050, tax_free=200), "paymentwall")
    assert (dollars["amount"], dollars["tax_free"]) == (Decimal("10.50"), 2)
    assert as_v1(checked("paypal", amount=1_050), "paypal")["amount"] == Decimal("10.50")
