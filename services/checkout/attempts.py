"""Each opening of a link: an order number of its own, and when the gateway is asked what became of it."""

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from services.checkout import checkouts
from services.clock import DAY
from services.errors import Busy, Moved
from services.store.sql import read_all, read_one, table
from services.tables.checkouts import ENDED, LEFT, AttemptState, Checkout, CheckoutAttempt, CheckoutState
from services.tables.v1 import Payment, PaymentStatus

MOST_AN_HOUR = 30
"""Openings of one link, besides those that it is for; each has its amount registered at the gateway."""
_HOUR = 3600
_TABLE = table(CheckoutAttempt)
_CHECKOUT, _PAYMENT = table(Checkout), table(Payment)
_LONGEST_LATE = 40 * DAY
"""Virtual accounts wait for a month at most."""
_LEFT_AT_ONCE = 5_000
"""Read in 80 ms beside a million payments, on a machine with other work."""
_WAITS = (20, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)
"""Seconds before each look at an attempt of which nobody told us the end: a tab may be closed after the approval."""


def begin(conn: Connection, checkout_id: int, now: float) -> CheckoutAttempt:
    """A new order under a link. Raises Moved where nobody may pay by it any more, Busy for too many in an hour."""
    this = update(_CHECKOUT).where(_CHECKOUT.c.id == checkout_id)
    counted = this.values(attempts=_CHECKOUT.c.attempts + 1).returning(_CHECKOUT.c.attempts)
    number = conn.execute(counted).scalar_one()
    # Read behind the lock of that: it may have ended while this waited.
    checkout = checkouts.get(conn, checkout_id)
    if not checkouts.may_open(checkout, now):
        raise Moved("This link has ended already.")
    recent = select(func.count()).where(_TABLE.c.checkout_id == checkout.id, _TABLE.c.began_at > int(now) - _HOUR)
    most = MOST_AN_HOUR + checkout.uses
    if conn.execute(recent).scalar_one() >= most:
        raise Busy("This link was opened {n} times within an hour: wait a while.", n=most)
    started = this.where(_CHECKOUT.c.state == CheckoutState.OPEN)
    conn.execute(started.values(state=CheckoutState.STARTED.value, state_at=int(now)))
    attempt = CheckoutAttempt(
        # The random part: a database that was put back must not give a number out twice.
        merchant_uid=f"L{checkout.id}-{number}-{secrets.token_hex(4)}",
        checkout_id=checkout.id, state=AttemptState.STARTED.value, began_at=int(now), state_at=int(now),
        look_at=int(now) + _WAITS[0],
    )  # fmt: skip
    conn.execute(_TABLE.insert().values(attempt.model_dump()))
    return attempt


def get(conn: Connection, merchant_uid: str) -> CheckoutAttempt | None:
    """The attempt of an order number; None where it is no link's."""
    return read_one(conn, CheckoutAttempt, select(_TABLE).where(_TABLE.c.merchant_uid == merchant_uid))


def of_checkout(conn: Connection, checkout_id: int, limit: int = 50) -> list[CheckoutAttempt]:
    """The latest openings of a link, newest first."""
    wanted = select(_TABLE).where(_TABLE.c.checkout_id == checkout_id)
    return read_all(conn, CheckoutAttempt, wanted.order_by(_TABLE.c.began_at.desc()).limit(limit))


def due(conn: Connection, now: float, limit: int = 20) -> Sequence[str]:
    """Order numbers at which the gateway has to be looked."""
    wanted = select(_TABLE.c.merchant_uid).where(_TABLE.c.look_at > 0, _TABLE.c.look_at <= int(now))
    return list(conn.execute(wanted.order_by(_TABLE.c.look_at).limit(limit)).scalars())


def look_later(conn: Connection, merchant_uid: str, now: float) -> None:
    """Puts the next look off, each time further; after a day nobody looks any more but `left_behind`.

    Once a day goes on for what has to go back: the refund may wait a week for a person, and be refused then.
    """
    attempt = get(conn, merchant_uid)
    if attempt is None or not attempt.look_at:
        return
    wait = _WAITS[attempt.looks + 1 : attempt.looks + 2] or (_WAITS[-1:] if attempt.state in ENDED else ())
    values = {"looks": attempt.looks + 1, "look_at": int(now) + wait[0] if wait else 0}
    conn.execute(update(_TABLE).where(_TABLE.c.merchant_uid == merchant_uid).values(values))


def left_behind(conn: Connection, now: float, since: int = 0) -> tuple[list[str], int]:
    """Orders that the mirror says were paid after all, by a deposit days later or a late approval; where to go on.

    It looks at a part of those that began at `since` or later; 0 is the first part, and follows on the last one.
    """
    paid = select(_PAYMENT.c.imp_uid).where(
        _PAYMENT.c.merchant_uid == _TABLE.c.merchant_uid, _PAYMENT.c.status == PaymentStatus.PAID.value
    )
    began = _TABLE.c.began_at
    part = select(_TABLE.c.merchant_uid, began, paid.exists()).where(
        LEFT, began >= max(since, int(now) - _LONGEST_LATE)
    )
    rows = conn.execute(part.order_by(began).limit(_LEFT_AT_ONCE)).all()
    # From the second of the last one on: others may have begun in it.
    after = max(rows[-1][1], since + 1) if len(rows) == _LEFT_AT_ONCE else 0
    return [order for order, _began, is_paid in rows if is_paid], after


def look_again(conn: Connection, orders: Sequence[str], now: float) -> None:
    """Has another look taken at orders at which nobody looks any more."""
    these = update(_TABLE).where(LEFT, _TABLE.c.merchant_uid.in_(orders))
    conn.execute(these.values(look_at=int(now), looks=0))


def is_told(conn: Connection, merchant_uid: str, now: float) -> None:
    """Somebody says that it is over: the gateway is asked now."""
    values = {"state": AttemptState.CHECKING.value, "state_at": int(now), "look_at": int(now), "looks": 0}
    told = update(_TABLE).where(_TABLE.c.merchant_uid == merchant_uid, _TABLE.c.state == AttemptState.STARTED)
    conn.execute(told.values(values))
