"""The merchant's channels: which PGs take how much of the business, and what a payment through each looks like."""

import random
from dataclasses import dataclass
from typing import Any

from services.sandbox.world.codes import BANKS, CARDS
from services.sandbox.world.shelf import Row


@dataclass(frozen=True, slots=True)
class Route:
    """A PG with a pay method, its share of ordinary payments, and for how many days it refunds."""

    pg: str
    pg_id: str
    method: str
    share: float
    refund_days: int
    currency: str = "KRW"


ROUTES = (
    Route("naverpay", "np_jangbu00001", "naverpay", 70, 1095),
    Route("html5_inicis", "MOIjangbu1", "card", 7, 365),
    Route("html5_inicis", "MOIjangbu1", "trans", 1, 90),
    Route("kakaopay", "CJANGBU001", "kakaopay", 7, 365),
    Route("tosspayments", "im_jangbu01", "card", 4, 365),
    Route("tosspayments", "im_jangbu01", "vbank", 3, 365),
    Route("nice_v2", "JANGBU001m", "card", 3, 365),
    Route("payco", "JANGBUPAY", "payco", 2, 365),
    Route("danal", "A010052001", "phone", 2, 31),
    Route("paypal_v2", "jangbu-usd", "paypal", 1, 180, "USD"),
)
CHARGED_REGISTRATIONS = ("kakaopay", "danal", "mobilians", "mobilians_v2", "settle_acc", "paymentwall")
"""PGs at which a key that is registered with an amount is charged it."""
REFUND_DAYS = {(route.pg, route.method): route.refund_days for route in ROUTES}
SHARES = tuple(route.share for route in ROUTES)
SUBSCRIBED = tuple(route for route in ROUTES if (route.pg, route.method) in
                   (("naverpay", "naverpay"), ("html5_inicis", "card"), ("tosspayments", "card")))  # fmt: skip
SUBSCRIBED_SHARES = (70, 18, 12)
ESCROW = ("html5_inicis", "trans")
"""Whose payments the PG holds until the buyer has what was bought."""
_ISSUERS = tuple(
    (code, name) for code, name in CARDS.items() if code in ("361", "365", "366", "367", "368", "371", "381")
)
_BANKS = tuple((code, BANKS[code]) for code in ("004", "088", "020", "011", "081", "090"))


def channel_rows() -> list[Row]:
    """What GET /users/pg answers: every PG live and as a test channel, some by API or for verifications too."""
    rows = []
    for sandbox in (False, True):
        for pg, pg_id in {route.pg: route.pg_id for route in ROUTES}.items():
            rows.append(_channel(pg, pg_id, sandbox, "payment"))
        rows += [_channel(pg, pg_id, sandbox, "api_payment") for pg, pg_id in
                 (("html5_inicis", "MOIjangbu2"), ("tosspayments", "im_jangbu02"),
                  ("settle", "STjangbu1"), ("galaxia", "GXjangbu1"), ("kcp", "T0000"))]  # fmt: skip
        rows += [_channel(pg, pg_id, sandbox, "certification") for pg, pg_id in
                 (("danal", "A010002002"), ("kcp_v2", "AGVQ1"))]  # fmt: skip
    return rows


def _channel(pg: str, pg_id: str, sandbox: bool, kind: str) -> Row:
    own = {"settle": "가상계좌", "galaxia": "편의점"}
    of_kind = {"api_payment": "정기결제", "certification": "본인인증"}
    label = own.get(pg) or of_kind.get(kind, "일반결제")
    return {
        "pg_provider": pg,
        "pg_id": f"{pg_id}_test" if sandbox else pg_id,
        "sandbox": sandbox,
        "type": kind,
        "channel_name": f"{pg} {label}{' (테스트)' if sandbox else ''}",
        "channel_key": f"channel-key-{pg.replace('_', '-')}-{kind.replace('_', '-')}{'-test' if sandbox else ''}",
    }


def instrument(chance: random.Random, route: Route, *, sandbox: bool = False) -> Row:
    """What a payment says of how it was paid."""
    draw = chance.random
    found: dict[str, Any] = {
        "pg_provider": route.pg,
        "pg_id": f"{route.pg_id}_test" if sandbox else route.pg_id,
        "pay_method": route.method,
        "sandbox": sandbox,
        "currency": route.currency,
        "escrow": (route.pg, route.method) == ESCROW,
    }
    # Naver Pay and Kakao Pay name the card behind them; bank money behind them has none.
    if route.method == "card" or (route.method in ("naverpay", "kakaopay") and draw() < 0.7):
        code, name = _ISSUERS[int(draw() * len(_ISSUERS))]
        found |= {
            "card_code": code, "card_name": name, "card_type": int(draw() < 0.25),
            "card_number": f"{4000 + int(draw() * 5999)}{int(draw() * 100):02d}******{int(draw() * 10_000):04d}",
        }  # fmt: skip
    elif route.method in ("trans", "naverpay"):
        found["bank_code"], found["bank_name"] = _BANKS[int(draw() * len(_BANKS))]
    return found


def virtual_account(chance: random.Random, issued_at: int, days: int) -> Row:
    """The fields of a virtual account that can be paid into for some days."""
    code, bank = _BANKS[chance.randrange(len(_BANKS))]
    return {
        "vbank_code": code, "vbank_name": bank, "vbank_num": f"{chance.randrange(10**13):014d}",
        "vbank_holder": "장부상점",
        "vbank_date": issued_at + days * 86_400, "vbank_issued_at": issued_at,
    }  # fmt: skip
