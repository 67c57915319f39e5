"""What the payment window is told: every parameter by V1's names, the amount as the server has it."""

import json
from typing import Any

from services.money import exponent, to_major
from services.tables.checkouts import Checkout, CheckoutKind


def window_of(checkout: Checkout, merchant_uid: str, back: str) -> dict[str, Any]:
    """The argument of `request_pay`; `back` is the address that it comes back to."""
    known = {
        "channelKey": checkout.channel_key, "merchant_uid": merchant_uid, "name": checkout.name,
        "amount": _number(checkout.amount, checkout.currency), "currency": checkout.currency,
        "buyer_name": checkout.buyer_name, "buyer_tel": checkout.buyer_tel, "buyer_email": checkout.buyer_email,
        "tax_free": None if checkout.tax_free is None else _number(checkout.tax_free, checkout.currency),
        "customer_uid": checkout.customer_uid if checkout.kind == CheckoutKind.REGISTRATION else None,
        "m_redirect_url": back,
    }  # fmt: skip
    more = json.loads(checkout.request)
    return {name: value for name, value in (more | known).items() if value is not None}


def _number(amount: int, currency: str) -> int | float:
    """V1 takes numbers alone: whole ones where the currency has no smaller unit."""
    return amount if exponent(currency) == 0 else float(to_major(amount, currency))
