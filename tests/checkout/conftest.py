"""Links on both databases, in front of a sandbox whose window is played by its world."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from services.checkout import attempts, checkouts
from services.checkout.checkouts import Channel, Offer
from services.operations.journal.audit import Actor
from services.store.engine import writing
from services.tables.checkouts import Checkout, CheckoutAttempt, CheckoutKind

SUPPORT = Actor("support@shop.example", "screen")
NAVER = Channel("channel-key-live", "naverpay", "np_jangbu00001", sandbox=False)
Made = Callable[..., Checkout]


@pytest.fixture
def now() -> float:
    return time.time()


@pytest.fixture
def made(store: Engine, now: float) -> Made:
    """Makes a link of 12,000 won that lasts an hour; what else is given replaces parts of it.

    With a `customer_uid` it registers a key.
    """

    def make(**other: Any) -> Checkout:
        request = {"name": "추가 배송비", "amount": 12_000}
        request |= {name: other.pop(name) for name in ("amount", "customer_uid") if name in other}
        kind = CheckoutKind.REGISTRATION if "customer_uid" in request else CheckoutKind.PAYMENT
        offer = {"currency": "KRW", "expires_at": int(now) + 3600} | other
        with writing(store) as conn:
            return checkouts.make(conn, Offer(kind, NAVER, request, **offer), SUPPORT, now)

    return make


def begun(store: Engine, checkout: Checkout, now: float) -> CheckoutAttempt:
    """An order under a link."""
    with writing(store) as conn:
        return attempts.begin(conn, checkout.id, now)
