"""Building a world: the same arguments, the same bytes."""

import gc
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from services.sandbox.world.buyers import Buyer, make_buyers
from services.sandbox.world.channels import ROUTES, channel_rows, instrument
from services.sandbox.world.known_people import put_known_people
from services.sandbox.world.numbers import Numbers
from services.sandbox.world.orders import Shopping
from services.sandbox.world.rows import approved, payment_facts, payment_row
from services.sandbox.world.shelf import Facts, Row, encode
from services.sandbox.world.subscribers import Subscribing
from services.sandbox.world.world import Taxes, World

_DAY = 86_400
_SUBSCRIBED = 0.35
_BUYERS = 0.2
_TAXED = 0.03
_SENT_WITHIN = 5 * _DAY
"""Escrow payments that are older were sent, and nobody told Jangbu."""
_Entry = tuple[int, str, bytes, Facts]


def build_world(seed: int = 1, *, payments: int = 24_000, days: int = 400, until: float) -> World:
    """`payments` payments over `days` days up to `until` (UNIX seconds), and all that belongs to them."""
    with _without_collection():
        return _Builder(seed, days, int(until)).build(payments)


def add_second_order(world: World, until: int) -> None:
    """The other order that they look for: it exists, over another amount than they ask about."""
    own = {"imp_uid": "imp_000000001004", "merchant_uid": "qwer1234", "name": "주문명:결제테스트", "pay_method": "card"}
    world.put_payment(approved(payment_row(amount=1_004, started_at=until - _DAY, pg_provider="kcp", **own), until))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Nothing here is garbage before the end, and looking for it takes longer than the building."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Builder:
    def __init__(self, seed: int, days: int, until: int) -> None:
        self._chance = random.Random(seed)
        later = random.Random(seed + 1)
        self._world = World(channels=channel_rows(), chance=later)
        self._begin, self._until = until - days * _DAY, until
        self._numbers = Numbers(self._chance, self._begin, until)
        self._shop = Shopping(self._chance, self._numbers)
        self._longest = days // 5
        """How many payments one subscriber may come to: weekly ones, with failures among them."""
        self._entries: list[_Entry] = []

    def build(self, count: int) -> World:
        buyers = make_buyers(self._chance, max(5, int(count * _BUYERS)))
        self._take([self._known_order(buyers[0])], count)
        self._subscribe(buyers, count)
        while len(self._entries) < count:
            buyer = buyers[int(self._chance.random() ** 1.5 * len(buyers))]
            self._take(self._shop.order(buyer, self._numbers.moment()), count)
        put_known_people(self._world, self._until)
        # What changed last is put last: that is what -updated sorts by.
        self._entries.sort()
        for _changed, imp_uid, raw, facts in self._entries:
            self._world.payments.put_encoded(imp_uid, raw, facts)
        self._world.payments.settle()
        self._world.schedules.settle()
        return self._world

    def _subscribe(self, buyers: list[Buyer], count: int) -> None:
        office = Subscribing(self._chance, self._world, self._numbers, self._shop)
        for buyer in buyers:
            if len(self._entries) >= min(count * _SUBSCRIBED, count - self._longest):
                return
            # The merchant had subscribers before the span begins.
            early = self._chance.random() < 0.3
            at = self._begin + self._chance.randrange(300, 30 * _DAY) if early else self._numbers.moment()
            self._take(office.subscribe(buyer, at))

    def _known_order(self, buyer: Buyer) -> Row:
        """The paid order that the tests of V1 clients look for."""
        at = self._until - 2 * _DAY
        route = next(route for route in ROUTES if (route.pg, route.method) == ("html5_inicis", "card"))
        own = {"name": "주문명:결제테스트", **buyer.fields(), **instrument(self._chance, route)}
        row = payment_row(self._numbers.imp_uid(), "1234qwer", 1_004, at, **own)
        return row | self._numbers.approval(route.pg, at + 30)

    def _take(self, rows: Iterable[Row], limit: int | None = None) -> None:
        for row in rows:
            if limit is not None and len(self._entries) >= limit:
                return
            facts = payment_facts(row)
            imp_uid, order = row["imp_uid"], row["merchant_uid"]
            if row["pg_provider"] in ("html5_inicis", "nice_v2") and self._chance.random() < _TAXED:
                self._world.taxes[imp_uid] = Taxes(0, row["amount"] // 11)
            if row["pg_provider"] == "payco":
                _mix(self._world, row)
            if row["escrow"] and row["status"] == "paid" and row["paid_at"] < self._until - _SENT_WITHIN:
                self._world.deliveries[imp_uid] = _entered(row)
            self._world.note_payment(imp_uid, order, row["customer_uid"])
            self._entries.append((_changed_at(row, facts), imp_uid, encode(row), facts))


def _mix(world: World, row: Row) -> None:
    """Makes every third payment by PAYCO one of taxed and tax-free goods, with points and a discount in it."""
    imp_uid, amount = row["imp_uid"], row["amount"]
    if int(imp_uid[-4:]) % 3:
        return
    tax_free = amount * 3 // 10
    world.taxes[imp_uid] = Taxes(tax_free, None)
    # Refunds of the past took taxed goods back first.
    world.tax_free_back[imp_uid] = max(0, row["cancel_amount"] - (amount - tax_free))
    world.payco_parts[imp_uid] = amount // 10, amount // 20


def _entered(row: Row) -> Row:
    """The delivery that the shop's own program entered the day after."""
    at = row["paid_at"] + _DAY
    own = {"company": "CJGLS", "invoice": f"6{row['imp_uid'][-11:]}", "sent_at": at, "applied_at": at}
    return own | {"entered_at": at, "changes": 0}


def _changed_at(row: Row, facts: Facts) -> int:
    history = row["cancel_history"]
    return max(facts.at, history[-1]["cancelled_at"]) if history else facts.at
