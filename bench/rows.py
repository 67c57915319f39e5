"""Made-up payments for the store's benchmarks: repeatable, with a few thousand Korean names."""

import random
from collections.abc import Iterator
from typing import Any

from services.store.sql import column_names
from services.store.writes.payments import PaymentWrite
from services.tables.v1 import Payment

START = 1_700_000_000
_SURNAMES = "김이박최정강조윤장임한오서신권황안송전홍"
_SYLLABLES = "민서준지우현수영진하은도윤예원재호성경미선희정아연태"
_COLUMNS = column_names(Payment)
_BATCH = 1000


def batches(count: int, *, start: int = START, seed: int = 1, every: float = 30) -> Iterator[list[PaymentWrite]]:
    """`count` payments in batches of 1,000, one `every` so many seconds from `start` on."""
    chance = random.Random(seed)
    for first in range(0, count, _BATCH):
        yield [
            _write(chance, number, start + int(number * every)) for number in range(first, min(first + _BATCH, count))
        ]


def _write(chance: random.Random, number: int, at: int) -> PaymentWrite:
    status = chance.choices(("paid", "failed", "ready", "cancelled"), (90, 5, 2, 3))[0]
    pg = chance.choices(("naverpay", "html5_inicis", "kakaopay", "tosspayments"), (70, 15, 10, 5))[0]
    amount = chance.choice((9_900, 14_900, 29_000, 33_000)) + chance.randrange(50) * 10
    name = chance.choice(_SURNAMES) + chance.choice(_SYLLABLES) + chance.choice(_SYLLABLES)
    values: dict[str, Any] = {
        "imp_uid": f"imp_{chance.randrange(10**12):012d}",
        "merchant_uid": f"order{at}{number % 1000:03d}",
        "status": status,
        "pg_provider": pg,
        "pay_method": pg if pg in ("naverpay", "kakaopay") else "card",
        "channel": "pc",
        "name": f"상품 {chance.randrange(40)}",
        "amount": amount,
        "cancel_amount": amount if status == "cancelled" else 0,
        "currency": "KRW",
        "buyer_name": name,
        "buyer_tel": f"010-{chance.randrange(10**4):04d}-{chance.randrange(10**4):04d}",
        "buyer_email": f"buyer{chance.randrange(20_000)}@example.com",
        "card_number": f"5409****{chance.randrange(10**4):04d}",
        "apply_num": f"{chance.randrange(10**8):08d}",
        "sandbox": False,
        "tier": "",
        "started_at": at - 40,
        "paid_at": at if status in ("paid", "cancelled") else 0,
        "failed_at": at if status == "failed" else 0,
        "cancelled_at": at + 3600 if status == "cancelled" else 0,
    }
    refund = {
        "cancellation_id": f"c{number}",
        "amount": amount,
        "cancelled_at": at + 3600,
        "reason": "고객 변심",
    }
    blank = dict.fromkeys(_COLUMNS - values.keys() - {"id", "position", "facet_id", "status_at", "digest", "read_at"})
    cancellations = [refund] if status == "cancelled" else []
    return PaymentWrite(values=blank | values, cancellations=cancellations, digest=chance.randbytes(16))
