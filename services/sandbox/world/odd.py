"""The odd world: rows as PGs, shops and PHP write them, planted beside the ordinary ones, each with its truth."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.sandbox.world.plans import Cadence, cycle_start
from services.sandbox.world.rows import Money, schedule_row
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_DAY = 86_400
_DEEP = 2_000
SPOILT = {
    b"%half-emoji%": rb"\ud83d",
    b"%euc-kr%": "홍길동".encode("euc-kr"),
    b"%control%": b"\n\x07",
    b'"%nan%"': b"NaN",
    b'"%deep%"': b"[" * _DEEP + b"]" * _DEEP,
}
"""What stands in a row here, and the bytes that are answered in its place."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One odd row. Sums in the currency's smallest unit: what was taken, and each refund with its time."""

    name: str
    kind: str
    """payment, schedule or billing_key"""
    uid: str
    readable: bool = True
    """False where no careful reader could say what it is; it has to be told then."""
    currency: str = "KRW"
    paid_at: int = 0
    gross: int = 0
    refunds: tuple[tuple[int, int], ...] = ()


def plant(world: World, until: int) -> list[Planted]:
    """Adds every kind of odd row to a world that ends at `until` (UNIX seconds)."""
    world.spoilt = SPOILT
    return [*_Garden(world, until).all()]


class _Garden:
    def __init__(self, world: World, until: int) -> None:
        self._world, self._until = world, until
        self._number = 0

    def all(self) -> Iterator[Planted]:
        yield from self._texts()
        yield from self._phones()
        yield from self._amounts()
        yield from self._registrations()
        yield from self._ends()
        yield from self._unreadable()
        yield from self._beside_payments()

    def _texts(self) -> Iterator[Planted]:
        decomposed = unicodedata.normalize("NFD", "김민서")
        for name, fields in {
            "half-emoji": {"buyer_name": "김토끼%half-emoji%"},
            "euc-kr": {"buyer_name": "%euc-kr%", "buyer_addr": "서울 %euc-kr%"},
            "control": {"name": "줄이%control%바뀐 상품"},
            "nfd": {"buyer_name": decomposed, "name": unicodedata.normalize("NFD", "한라봉 선물세트")},
            "full-width": {"buyer_name": "ＫＩＭ　ＭＩＮ", "name": "ＡＢＣ　１２３"},
            "long": {"name": "가" * 4_000, "buyer_name": "나" * 4_000},
            "bidi-and-link": {"name": "\u202e원000,1 www.evil.example \u2066http://evil.example"},
            "card-number": {"name": "주문 4111-1111-1111-1111", "custom_data": "900101-1234567"},
            "formula": {"name": "\n=HYPERLINK(1)", "buyer_name": " =1+1"},
            "strange-values": {"card_quota": "%nan%", "brand_new": "%deep%"},
        }.items():  # fmt: skip
            yield self._paid(name, 11_000, **fields)

    def _phones(self) -> Iterator[Planted]:
        for way in ("+82 10-4321-8765", "010-4321-8765", "01043218765", "010.4321.8765", "０１０－４３２１－８７６５"):
            yield self._paid("phone", 1_000, buyer_tel=way)

    def _amounts(self) -> Iterator[Planted]:
        yield self._paid("php-float", Decimal("19.989999999999998"), 1_999, currency="USD")
        at = self._until - 3_600
        refunded = self._refund(Decimal("10.100000000000001"), at)
        yield self._paid(
            "php-float-refund", Decimal("30.0"), 3_000, [(at, 1_010)], currency="USD",
            cancel_amount=Decimal("10.100000000000001"), cancel_history=[refunded],
        )  # fmt: skip
        yield self._paid("three-decimals", Decimal("1.234"), 1_234, currency="KWD", pg_provider="eximbay")
        yield self._spoilt(self._paid("amount-as-text", 15_000), "15000")  # as a shop's plug-in wrote it
        twice = [self._refund(3_000, at), self._refund(4_000, at + 60)]
        yield self._paid(
            "one-cancellation-id-twice", 20_000, 20_000, [(at, 3_000), (at + 60, 4_000)],
            cancel_amount=7_000, cancel_history=twice,
        )  # fmt: skip

    def _registrations(self) -> Iterator[Planted]:
        """Kakao Pay's registration is a charge, Naver Pay's is none."""
        for uid, pg in (("odd-kakao", "kakaopay"), ("odd-naver", "naverpay")):
            self._world.billing_keys[uid] = self._key(uid, pg)
        kakao = {"pg_provider": "kakaopay", "pay_method": "point", "customer_uid": "odd-kakao"}
        first = self._until - 49 * _DAY
        yield self._paid("registration-that-charged", 5_900, at=first, customer_uid_usage="issue", **kakao)
        yield self._paid(
            "charged-a-month-later",
            5_900,
            at=cycle_start(first, Cadence.MONTH, 1),
            customer_uid_usage="payment.scheduled",
            **kakao,
        )
        naver = {"pg_provider": "naverpay", "pay_method": "naverpay", "customer_uid": "odd-naver"}
        yield self._paid("registration-that-took-nothing", 5_900, 0, customer_uid_usage="issue", **naver)

    def _ends(self) -> Iterator[Planted]:
        at = self._until - 7_200
        never_paid = {"status": "cancelled", "paid_at": 0, "cancelled_at": at, "cancel_amount": 33_000}
        yield self._paid(
            "revoked-before-a-deposit", 33_000, 0, pay_method="vbank", pg_provider="nice_v2",
            vbank_num="110222333333", cancel_history=[self._refund(33_000, at)], **never_paid,
        )  # fmt: skip
        gone = {"status": "cancelled", "cancelled_at": at, "cancel_amount": 8_000, "cancel_reason": "단순 변심"}
        yield self._paid("refund-without-a-history", 8_000, 8_000, [(at, 8_000)], cancel_history=None, **gone)
        yield self._paid("promotion", 6_000, promotion={"id": "promotion-id-1", "discount": 600})
        late = self._paid(
            "failed-and-then-paid", 9_900, 0, status="failed", paid_at=0, failed_at=at, pg_provider="paymentwall",
            fail_reason="(PG사 결제 장애) Internal error", at=at,
        )  # fmt: skip
        self._world.late.append((self._until + 60, late.uid))
        yield late
        blank = dict.fromkeys(
            ("pay_method", "channel", "pg_provider", "sandbox", "escrow", "card_quota", "vbank_date", "vbank_issued_at",
             "name", "buyer_name", "failed_at", "cancelled_at", "cancel_history", "cancel_receipt_urls", "currency",
             "cancel_amount", "cash_receipt_issued")
        )  # fmt: skip
        yield self._paid("nulls", 9_000, **blank)

    def _unreadable(self) -> Iterator[Planted]:
        odd: tuple[tuple[str, object, Row], ...] = (
            ("no-amount", None, {}),
            ("half-a-won", Decimal("0.5"), {}),
            ("thousandths-of-dollars", Decimal("10.555"), {"currency": "USD"}),
            ("refunded-who-knows-what", 10_000, {"cancel_amount": "many"}),
        )
        for name, amount, fields in odd:
            row = self._spoilt(self._paid(name, 0, **fields), amount)
            yield Planted(name, "payment", row.uid, readable=False)

    def _beside_payments(self) -> Iterator[Planted]:
        for number, name in enumerate(("half-emoji", "euc-kr")):
            uid, order, mark = f"odd-key-{name}", f"odd-schedule-{name}", f"%{name}%"
            spoilt = {"card_name": f"카드{mark}", "customer_name": f"김{mark}", "customer_tel": "+82 10-1111-2222"}
            self._world.billing_keys[uid] = self._key(uid, "nice_v2") | spoilt
            yield Planted(name, "billing_key", uid)
            at, words = self._until + (number + 5) * _DAY, {"name": f"구독{mark}", "buyer_name": f"김{mark}"}
            self._world.put_schedule(schedule_row(uid, order, at, 7_700, **words))
            yield Planted(name, "schedule", order)
        order = "odd-schedule-no-amount"
        booked = schedule_row("odd-key-euc-kr", order, self._until + 9 * _DAY, 0, name="구독")
        self._world.put_schedule(booked | {"amount": None})
        yield Planted("no-amount", "schedule", order, readable=False)

    def _paid(
        self,
        name: str,
        amount: Money,
        gross: int | None = None,
        refunds: list[tuple[int, int]] | None = None,
        /,
        **fields: Any,
    ) -> Planted:
        self._number += 1
        uid, paid_at = f"imp_odd{self._number:09d}", fields.pop("at", self._until - self._number * 600)
        usual: Row = {
            "imp_uid": uid, "merchant_uid": f"odd-{name}-{self._number}", "status": "paid", "paid_at": paid_at,
            "pg_provider": "nice_v2", "pay_method": "card", "name": name, "buyer_name": "홍길동",
            "buyer_tel": "010-1234-5678",
        }  # fmt: skip
        row = self._world.add_payment(amount, paid_at - 30, **(usual | fields))
        moved = gross if gross is not None else int(amount)
        taken = row["paid_at"] if moved else 0
        return Planted(name, "payment", uid, True, row["currency"] or "KRW", taken, moved, tuple(refunds or ()))

    def _spoilt(self, planted: Planted, amount: object) -> Planted:
        """A payment with an amount that V1 never sends."""
        self._world.put_payment(self._world.payments[planted.uid] | {"amount": amount})
        return planted

    def _key(self, uid: str, pg: str) -> Row:
        at = self._until - 50 * _DAY
        return {
            "customer_uid": uid, "pg_provider": pg, "pg_id": "odd", "sandbox": False, "inserted": at, "updated": at
        }  # fmt: skip

    @staticmethod
    def _refund(amount: Money, at: int) -> Row:
        return {
            "pg_tid": "odd", "amount": amount, "cancelled_at": at, "reason": "단순 변심 \u202e www.evil.example",
            "cancellation_id": "cancellation-odd", "receipt_url": None,
        }  # fmt: skip
