"""What the payment window is told: the checked request of a link, and what each opening adds to it."""

import json
from decimal import Decimal
from typing import Any

from services.checkout.parameters.request import as_v1
from services.tables.checkouts import Checkout


def window_of(checkout: Checkout, merchant_uid: str, back: str) -> dict[str, Any]:
    """The argument of `request_pay`, with V1's numbers; `back` is the address that it comes back to."""
    told = json.loads(checkout.request) | {"merchant_uid": merchant_uid, "m_redirect_url": back}
    sent = as_v1(told, checkout.pg_provider)
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in sent.items()}
