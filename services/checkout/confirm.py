"""The confirm process: just before an approval the gateway asks whether to go on; answered from here, asking nobody."""

from decimal import Decimal

from sqlalchemy import Connection, func, select, update

from services.checkout import attempts, checkouts
from services.errors import says
from services.money import to_minor
from services.store.sql import table
from services.tables.checkouts import ENDED as DONE
from services.tables.checkouts import AttemptState, Checkout, CheckoutAttempt

UNKNOWN = says("This order is not known.")
ENDED = says("This order can no longer be paid.")
OTHER_AMOUNT = says("The amount is not that of the order.")
TAKEN = says("This order is being paid already.")
_RESERVED = 600
"""Seconds for which a payment that was let through keeps others out: a yes is no payment yet."""
_TABLE = table(CheckoutAttempt)


def confirm(conn: Connection, imp_uid: str, merchant_uid: str, amount: Decimal, now: float) -> str | None:
    """None to go on, else the reason for the buyer. The same payment again gets the same answer."""
    attempt = attempts.get(conn, merchant_uid)
    if attempt is None:
        return UNKNOWN
    if attempt.confirmed == imp_uid:
        return attempt.refused
    refused = _refusal(conn, checkouts.get(conn, attempt.checkout_id), attempt, amount, now)
    values = {"confirmed": imp_uid, "confirmed_at": int(now), "refused": refused}
    conn.execute(update(_TABLE).where(_TABLE.c.merchant_uid == merchant_uid).values(values))
    return refused


def _refusal(conn: Connection, checkout: Checkout, attempt: CheckoutAttempt, amount: Decimal, now: float) -> str | None:
    # What was paid under an order that has its end goes back: better it is not taken at all.
    if attempt.state in DONE or not checkouts.may_open(checkout, now):
        return ENDED
    try:
        # Before it becomes an int: 1e999999 would be a million digits.
        asked = to_minor(amount, checkout.currency) if amount.is_finite() and abs(amount.adjusted()) < 20 else None
    except (ValueError, ArithmeticError):
        return OTHER_AMOUNT
    if asked != checkout.amount:
        return OTHER_AMOUNT
    others = select(func.count()).where(
        _TABLE.c.checkout_id == checkout.id, _TABLE.c.merchant_uid != attempt.merchant_uid,
        _TABLE.c.confirmed_at > int(now) - _RESERVED, _TABLE.c.refused.is_(None),
        _TABLE.c.state.in_((AttemptState.STARTED, AttemptState.CHECKING)),
    )  # fmt: skip
    return TAKEN if checkout.used + int(conn.execute(others).scalar_one()) >= checkout.uses else None
