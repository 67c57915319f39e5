"""Links in the store of a screen: planted as the form makes them, in each state."""

import time
from typing import Any

from sqlalchemy import Connection, Engine, update

from services.checkout import attempts, checkouts
from services.checkout.checkouts import Channel, Offer
from services.operations.journal.audit import Actor
from services.store.engine import writing
from services.store.sql import table
from services.tables.checkouts import Checkout, CheckoutAttempt, CheckoutKind, CheckoutState

NAVER = Channel("channel-key-1", "naverpay", "np_abc", sandbox=False)
SUPPORT = Actor("support@example.com", "screen")
SETTINGS = {"user_code": "imp00000000", "public_url": "https://pay.shop.example", "shop_name": "장부 상점"}
"""With which links can be made."""


def planted(conn: Connection, now: float, **more: Any) -> Checkout:
    """A link of 12,000 won for an hour to 홍길동; what else is given replaces parts of its request or of its offer."""
    request: dict[str, Any] = {
        "channelKey": NAVER.key, "name": "추가 배송비", "amount": 12_000, "buyer_name": "홍길동",
        "buyer_tel": "010-1234-5678",
    }  # fmt: skip
    request |= {name: more.pop(name) for name in (*request, "customer_uid") if name in more}
    kind = CheckoutKind.REGISTRATION if "customer_uid" in request else CheckoutKind.PAYMENT
    offer: dict[str, Any] = {"channel": NAVER, "currency": "KRW", "expires_at": int(now) + 3600} | more
    actor = offer.pop("actor", SUPPORT)
    return checkouts.make(conn, Offer(kind=kind, request=request, **offer), actor, now)


def stands(conn: Connection, link: Checkout, state: CheckoutState, *, used: int = 0) -> None:
    """Puts a link where verification would."""
    it = table(Checkout)
    conn.execute(update(it).where(it.c.id == link.id).values(state=state.value, used=used))


def tried(conn: Connection, link: Checkout, now: float, **values: Any) -> CheckoutAttempt:
    """An opening of it, with what became of it."""
    attempt, it = attempts.begin(conn, link.id, now), table(CheckoutAttempt)
    if values:
        conn.execute(update(it).where(it.c.merchant_uid == attempt.merchant_uid).values(**values))
    return attempt


def every_state(engine: Engine) -> None:
    """A link in each state."""
    now = time.time()
    with writing(engine) as conn:
        for number, state in enumerate(CheckoutState):
            link = planted(conn, now - number * 600, name=f"추가 배송비 {number}", memo="전화 주문")
            tried(conn, link, link.made_at)
            stands(conn, link, state, used=int(state == CheckoutState.PAID))


def link_row(number: int, at: int) -> dict[str, Any]:
    """One of many links as its table has it, of every state in turn."""
    states = list(CheckoutState)
    return {
        "id": number + 1, "token": f"token-{number:06d}", "kind": "payment",
        "state": states[number % len(states)].value, "pg_provider": "naverpay", "pg_id": "np_abc", "sandbox": False,
        "name": "추가 배송비", "amount": 12_000, "currency": "KRW", "customer_uid": f"member-{number:04d}",
        "request": "{}", "memo": "", "uses": 1, "used": 0, "attempts": 1, "expires_at": at + 3600,
        "made_by": "support@example.com", "made_at": at, "state_at": at,
    }  # fmt: skip


def attempt_row(link: dict[str, Any]) -> dict[str, Any]:
    """An opening of one of them."""
    return {
        "merchant_uid": f"L{link['id']}-1-00000000", "checkout_id": link["id"], "state": "failed",
        "began_at": link["made_at"], "state_at": link["made_at"], "confirmed_at": 0, "look_at": 0, "looks": 0,
        "read_at": 0,
    }  # fmt: skip
