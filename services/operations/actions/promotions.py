"""Payments with a promotion: what it took off the order's amount, and what of that amount is left to refund.

The vendor's guide on refunding them gives `amount` and `checksum` in the order's amount, without the discount: of
an order of 20,000 won with 10 % off (18,000 paid) a refund of 10,000 gives 9,000 back, and the next checksum is
10,000. So what our own refunds gave back less than was asked for is no longer there to be asked for.
What a refund in the vendor's console was asked for is told nowhere: there the gateway's checksum decides.
"""

import json
from decimal import Decimal

from sqlalchemy import Connection

from services.money import to_minor
from services.store.lists.one import Refundable
from services.store.lists.refunds import given_back_less
from services.tables.v1 import Payment


def discount_of(payment: Payment | Refundable) -> int | None:
    """What a promotion took off the order's amount, in the smallest unit; None where there was none."""
    promotion = json.loads(payment.extra, parse_float=Decimal).get("promotion") if payment.extra else None
    if not isinstance(promotion, dict):
        return None
    try:
        return to_minor(Decimal(str(promotion.get("discount") or 0)), payment.currency)
    except (ValueError, ArithmeticError):
        return 0


def less_of(conn: Connection, payment: Payment | Refundable) -> int:
    """By how much less than V1 shows is left of a payment's order amount, as its checksum counts."""
    return 0 if discount_of(payment) is None else given_back_less(conn, payment.imp_uid)
