"""Building a world: buyers who shop, buyers who subscribe, and what goes wrong for some of them."""

import random
from decimal import Decimal
from typing import Any

from services.sandbox.people import FAIL_REASONS, PLANS, PRODUCTS, REFUND_REASONS, Buyer, make_buyers
from services.sandbox.rows import BANKS, CARDS, PG_IDS, buyer_fields, payment_row, refund_row, schedule_row
from services.sandbox.world import Row, Subscription, World

_DAY = 86_400
_PGS = tuple(PG_IDS)
_WEIGHTS = (70, 9, 7, 6, 3, 2, 2, 1)
_BUYERS_PER_PAYMENT = 0.15
_SUBSCRIBED = 0.35
_FIRST_RECOVERY_DAYS = 3


def build_world(seed: int = 1, *, payments: int = 24_000, days: int = 400, until: float) -> World:
    """The same arguments, the same world. About `payments` payments over `days` days up to `until` (UNIX seconds)."""
    builder = _Builder(seed, days, int(until))
    builder.build(payments)
    return builder.world


class _Builder:
    def __init__(self, seed: int, days: int, until: int) -> None:
        self.chance = random.Random(seed)
        self.world = World(chance=random.Random(seed + 1))
        self.until = until
        self.begin = until - days * _DAY
        self.rows: list[Row] = []
        self.used: set[str] = set()

    def build(self, count: int) -> None:
        buyers = make_buyers(self.chance, max(20, int(count * _BUYERS_PER_PAYMENT)))
        self._channels()
        self.rows.append(self._known_order(buyers[0]))
        subscribers = iter(buyers)
        while len(self.rows) < count * _SUBSCRIBED and (buyer := next(subscribers, None)):
            self._subscribe(buyer)
        while len(self.rows) < count:
            self._shop(self.chance.choice(buyers))
        self.rows.sort(key=lambda row: (_last_change(row), row["imp_uid"]))
        self.world.fill(self.rows)

    def _channels(self) -> None:
        for sandbox in (False, True):
            for pg, pg_id in PG_IDS.items():
                self.world.channels.append(
                    {
                        "pg_provider": pg,
                        "pg_id": pg_id,
                        "sandbox": sandbox,
                        "type": "payment",
                        "channel_name": f"{pg} {'테스트' if sandbox else '실연동'}",
                        "channel_key": f"channel-key-{pg}-{'test' if sandbox else 'live'}",
                    }
                )

    def _known_order(self, buyer: Buyer) -> Row:
        """The paid order that the tests of V1 clients look for."""
        at = self.until - 2 * _DAY
        return self._paid(
            payment_row(self._uid(), "1234qwer", 1_004, at, name="테스트 결제", **buyer_fields(buyer)),
            "html5_inicis",
            at + 30,
        )

    def _uid(self) -> str:
        while (uid := f"imp_{self.chance.randrange(10**12):012d}") in self.used:
            pass
        self.used.add(uid)
        return uid

    def _order(self, at: int) -> str:
        return f"ord{at}{self.chance.randrange(10**5):05d}"

    def _moment(self) -> int:
        """A time of the span: more by day than by night, a little more each month."""
        share = self.chance.random() ** 0.85
        at = self.begin + int(share * (self.until - self.begin - _DAY))
        return at - at % _DAY + int(self.chance.triangular(0, 15 * 3600, 6 * 3600)) + self.chance.randrange(3600)

    def _paid(self, row: Row, pg: str, at: int) -> Row:
        return (
            row
            | self._instrument(pg)
            | {"status": "paid", "paid_at": at, "apply_num": f"{self.chance.randrange(10**8):08d}"}
        )

    def _instrument(self, pg: str) -> dict[str, Any]:
        own = {
            "naverpay": "naverpay",
            "kakaopay": "kakaopay",
            "payco": "payco",
            "danal": "phone",
            "paypal_v2": "paypal",
        }
        found: dict[str, Any] = {
            "pg_provider": pg,
            "pg_id": PG_IDS[pg],
            "pay_method": own.get(pg, "card"),
            "pg_tid": f"{pg[:4]}{self.chance.randrange(10**14):014d}",
            "receipt_url": f"https://sandbox.invalid/receipts/{self.chance.randrange(10**9)}",
        }
        if own.get(pg, "card") in ("card", "naverpay"):
            code, name = self.chance.choice(CARDS)
            front, last = self.chance.randrange(400_000, 999_999), self.chance.randrange(10**4)
            number = f"{front}******{last:04d}"
            found |= {"card_code": code, "card_name": name, "card_number": number, "card_type": 0}
        return found

    def _shop(self, buyer: Buyer) -> None:
        at, (name, price) = self._moment(), self.chance.choice(PRODUCTS)
        pg = self.chance.choices(_PGS, _WEIGHTS)[0]
        count = self.chance.choice((1, 1, 1, 2, 3))
        more: dict[str, Any] = {"name": name, "sandbox": self.chance.random() < 0.02, **buyer_fields(buyer)}
        more["channel"] = self.chance.choice(("pc", "mobile"))
        amount: int | Decimal = price * count
        if pg == "paypal_v2":
            amount, more["currency"] = Decimal(price * count // 13) / 100, "USD"
        order = self._order(at)
        luck = self.chance.random()
        row = payment_row(self._uid(), order, amount, at, **more)
        if pg == "tosspayments" and luck < 0.5:
            self._virtual_account(row, at)
            return
        if luck < 0.07:
            self.rows.append(self._failed(row, pg, at + 60))
            if self.chance.random() < 0.5:
                again = payment_row(self._uid(), order, amount, at + 120, **more)
                self.rows.append(self._refunded(self._paid(again, pg, at + 180)))
        elif luck < 0.09:
            self.rows.append(
                row | {"pg_provider": pg, "pg_id": PG_IDS[pg], "pay_method": self._instrument(pg)["pay_method"]}
            )
        else:
            self.rows.append(self._refunded(self._paid(row, pg, at + self.chance.randrange(20, 120))))

    def _virtual_account(self, row: Row, at: int) -> None:
        code, bank = self.chance.choice(BANKS)
        row |= self._instrument("tosspayments") | {
            "pay_method": "vbank", "vbank_code": code, "vbank_name": bank, "vbank_holder": "장부상점",
            "vbank_num": f"{self.chance.randrange(10**13):013d}",
            "vbank_date": at + 3 * _DAY, "vbank_issued_at": at + 20,
            "card_code": None, "card_name": None, "card_number": None, "card_type": None,
        }  # fmt: skip
        paid_at = at + self.chance.randrange(600, 2 * _DAY)
        if self.chance.random() < 0.7 and paid_at < self.until:
            row |= {"status": "paid", "paid_at": paid_at}
        self.rows.append(row)

    def _failed(self, row: Row, pg: str, at: int) -> Row:
        return (
            row
            | self._instrument(pg)
            | {"status": "failed", "failed_at": at, "fail_reason": self.chance.choice(FAIL_REASONS)}
        )

    def _refunded(self, row: Row) -> Row:
        luck = self.chance.random()
        if luck > 0.055 or row["currency"] != "KRW":
            return row
        partial = luck < 0.02 and row["pay_method"] != "phone"
        amounts = [row["amount"] // 10 * self.chance.randrange(1, 5)] if partial else [row["amount"]]
        at = row["paid_at"]
        for number, amount in enumerate(amounts, 1):
            at += self.chance.randrange(_DAY // 4, 12 * _DAY)
            if at < self.until:
                row = refund_row(row, amount, self.chance.choice(REFUND_REASONS), at, number)
        return row

    def _subscribe(self, buyer: Buyer) -> None:
        plan, price, every = self.chance.choice(PLANS)
        at, pg = (
            self._moment(),
            self.chance.choices(("naverpay", "html5_inicis", "tosspayments"), (70, 20, 10))[0],
        )
        uid = f"cust_{self.chance.randrange(10**10):010d}"
        truth = Subscription(uid, plan, price, every, at)
        self.world.subscriptions.append(truth)
        instrument = self._instrument(pg)
        self._key(uid, buyer, instrument, at)
        common = {"customer_uid": uid, "name": plan, **buyer_fields(buyer)}
        if pg == "naverpay":
            row = payment_row(self._uid(), self._order(at), price, at, customer_uid_usage="issue", **common)
            self.rows.append(row | instrument | {"status": "paid", "paid_at": at + 30})
        usage = "payment"
        while at < self.until:
            if self.chance.random() < 0.02:
                price += 1_000
            at = self._charge(truth, at, price, instrument, common, usage)
            usage = "payment.scheduled"
            if truth.ended_at:
                return
            at += every * _DAY
        truth.price = price
        self._book(truth, at, price, common)

    def _charge(self, truth: Subscription, at: int, price: int, instrument: Row, common: Row, usage: str) -> int:
        """One cycle: paid, or failed and then recovered or lost; some leave. Returns when it was over."""
        row = payment_row(self._uid(), self._order(at), price, at, customer_uid_usage=usage, channel="api", **common)
        luck = self.chance.random()
        if luck < 0.05:
            reason = self.chance.choice(FAIL_REASONS)
            self.rows.append(row | instrument | {"status": "failed", "failed_at": at, "fail_reason": reason})
            self._executed(truth, row, usage, "failed", reason)
            if luck < 0.02:
                self._end(truth, at, "failed")
                return at
            at += _FIRST_RECOVERY_DAYS * _DAY
            if at >= self.until:
                return at
            row = payment_row(
                self._uid(), self._order(at), price, at, customer_uid_usage="payment", channel="api", **common
            )
        paid = (
            row | instrument | {"status": "paid", "paid_at": at + 3, "apply_num": f"{self.chance.randrange(10**8):08d}"}
        )
        self.rows.append(self._refunded(paid))
        if row["customer_uid_usage"] == "payment.scheduled":
            self._executed(truth, row, usage, "paid", None)
        if self.chance.random() < 0.03:
            self._end(truth, at, "chosen")
        return at

    def _executed(self, truth: Subscription, row: Row, usage: str, status: str, reason: str | None) -> None:
        if usage != "payment.scheduled":
            return
        booked = schedule_row(truth.customer_uid, row["merchant_uid"], row["started_at"], row["amount"], truth.plan)
        booked |= {name: row[name] for name in ("buyer_name", "buyer_tel", "buyer_email", "imp_uid")}
        booked |= {
            "schedule_status": "executed",
            "payment_status": status,
            "fail_reason": reason,
            "executed_at": row["started_at"],
        }
        self.world.schedules[row["merchant_uid"]] = booked

    def _end(self, truth: Subscription, at: int, by: str) -> None:
        truth.ended_at, truth.ended_by = at, by
        if by == "chosen":
            order = self._order(at)
            booked = schedule_row(truth.customer_uid, order, at + truth.every_days * _DAY, truth.price, truth.plan)
            self.world.schedules[order] = booked | {"schedule_status": "revoked", "revoked_at": at + 3600}
        if self.chance.random() < 0.6:
            del self.world.billing_keys[truth.customer_uid]

    def _book(self, truth: Subscription, at: int, price: int, common: Row) -> None:
        person = {name: common[name] for name in ("buyer_name", "buyer_tel", "buyer_email")}
        row = schedule_row(truth.customer_uid, self._order(at), at, price, truth.plan, **person)
        self.world.put_schedule(row)

    def _key(self, uid: str, buyer: Buyer, instrument: Row, at: int) -> None:
        cards = ("card_name", "card_code", "card_number", "card_type", "pg_provider", "pg_id")
        self.world.billing_keys[uid] = {name: instrument.get(name) for name in cards} | {
            "customer_uid": uid,
            "sandbox": False,
            "customer_id": None,
            "card_name": instrument.get("card_name") or "네이버페이",
            "customer_name": buyer.name,
            "customer_tel": buyer.tel,
            "customer_email": buyer.email,
            "customer_addr": buyer.addr,
            "customer_postcode": buyer.postcode,
            "inserted": at,
            "updated": at,
        }


def _last_change(row: Row) -> int:
    refunds = [entry["cancelled_at"] for entry in row["cancel_history"]]
    return int(max(row["started_at"], row["paid_at"], row["failed_at"], *refunds))
