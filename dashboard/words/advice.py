"""What helps after a refusal: ours, beside the gateway's words and never instead of them."""

import re
from collections.abc import Callable

from dashboard.locale import _

# Words that refusals of V1 and of the PGs behind it are known to hold, the most telling first.
_RULES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("checksum|취소 가능 ?잔액", lambda: _("Read the payment again: something was refunded elsewhere meanwhile.")),
    ("이미 .*취소", lambda: _("Read the payment again: it was refunded already.")),
    ("기간|당월", lambda: _("The method's deadline is over: pay the buyer back by bank transfer.")),
    ("부분취소", lambda: _("This method is refunded whole: refund everything, or pay the part back by bank transfer.")),
    ("환불 ?계좌|계좌", lambda: _("Check bank, account number and holder with the buyer.")),
    ("부가세|vat_amount|면세", lambda: _("Fill in the tax-free part and VAT as they were paid.")),
    ("한도", lambda: _("The card's limit is used up: ask the buyer for another card, or try another day.")),
    ("잔액", lambda: _("The buyer's balance is too low: ask the buyer, or try another day.")),
    ("유효기간|만료|정지|분실", lambda: _("The card no longer works: ask the buyer to register another one.")),
    ("빌링키|customer_uid", lambda: _("The billing key no longer works: ask the buyer to register anew.")),
)


def advice(message: str) -> str | None:
    """What usually helps after this refusal; None where nothing is known."""
    return next((words() for pattern, words in _RULES if re.search(pattern, message)), None)
