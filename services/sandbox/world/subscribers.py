"""Customers with a billing key: registered, charged each cycle, failing, recovering, leaving."""

import random
from collections.abc import Iterator

from services.sandbox.world.buyers import Buyer
from services.sandbox.world.catalog import CHARGE_FAILURES
from services.sandbox.world.channels import SUBSCRIBED, SUBSCRIBED_SHARES, instrument
from services.sandbox.world.numbers import Numbers
from services.sandbox.world.orders import Shopping
from services.sandbox.world.plans import PLANS, Cadence, Churn, Plan, Subscription, cycle_start
from services.sandbox.world.rows import BUYER, payment_row, schedule_row
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_DAY = 86_400
_FAILS, _RECOVERS, _LEAVES, _CHANGES = 0.05, 0.5, 0.025, 0.008
_MONTHS = {Cadence.WEEK: 0.25, Cadence.MONTH: 1.0, Cadence.YEAR: 12.0}
_TRIES_AGAIN_AFTER = (1, 3, 5)
_OF_CARD = ("card_name", "card_code", "card_number", "card_type", "pg_provider", "pg_id")


class Subscribing:
    """Makes the rows of one subscriber after another and tells the world about keys, schedules and the truth."""

    def __init__(self, chance: random.Random, world: World, numbers: Numbers, shop: Shopping) -> None:
        self._chance, self._world, self._numbers, self._shop = chance, world, numbers, shop
        self._begin, self._until = numbers.begin, numbers.until
        self._serial = 0

    def subscribe(self, buyer: Buyer, at: int) -> Iterator[Row]:
        """Every payment of one subscription begun at `at`."""
        chance = self._chance
        plan = chance.choices(PLANS, [plan.share for plan in PLANS])[0]
        route = chance.choices(SUBSCRIBED, SUBSCRIBED_SHARES)[0]
        self._serial += 1
        uid = f"member{buyer.number + 1:07d}_{route.pg.split('_')[0]}{self._serial}"
        how = instrument(chance, route)
        truth = Subscription(uid, plan.name, self._price(plan, at), plan.cadence, at)
        self._world.subscriptions.append(truth)
        self._world.billing_keys[uid] = _key(uid, buyer, how, at)
        common = {**buyer.fields(), **how, "customer_uid": uid, "channel": "api"}
        if route.pg == "naverpay":
            yield self._registration(truth, common)
        yield from self._cycles(truth, plan, common)

    def _cycles(self, truth: Subscription, plan: Plan, common: Row) -> Iterator[Row]:
        number = 0
        while (at := cycle_start(truth.started_at, truth.cadence, number)) < self._until:
            order = self._numbers.order("SUB", at)
            if number and self._chance.random() < _LEAVES * _MONTHS[truth.cadence]:
                return self._leave(truth, order, at, common)
            plan = self._changed(truth, plan, at) if number else plan
            yield from self._cycle(truth, order, at, common, scheduled=number > 0)
            if truth.ended_at is not None:
                return None
            number += 1
        self._world.put_schedule(self._booked(truth, self._numbers.order("SUB", at), at, common))
        return None

    def _cycle(self, truth: Subscription, order: str, at: int, common: Row, *, scheduled: bool) -> Iterator[Row]:
        usage = "payment.scheduled" if scheduled else "payment"
        fails = self._chance.random() < _FAILS
        row = self._charged(truth, order, at, common, usage, fails=fails)
        if scheduled:
            self._world.put_schedule(self._executed(truth, row, common))
        yield row
        if not fails:
            return
        for days in _TRIES_AGAIN_AFTER:
            again = at + days * _DAY
            if again >= self._until:
                return
            fails = self._chance.random() > _RECOVERS
            yield self._charged(truth, self._numbers.order("SUB", again), again, common, "payment", fails=fails)
            if not fails:
                truth.recoveries += 1
                return
        self._end(truth, Churn.FAILED, again)

    def _charged(self, truth: Subscription, order: str, at: int, common: Row, usage: str, *, fails: bool) -> Row:
        own = {**common, "name": truth.plan, "customer_uid_usage": usage}
        row = payment_row(self._numbers.imp_uid(), order, truth.price, at, **own)
        ended = at + 1 + self._chance.randrange(4)
        if fails:
            reason = self._chance.choice(CHARGE_FAILURES)
            return row | {"status": "failed", "failed_at": ended, "fail_reason": reason}
        return self._shop.refunded(row | self._numbers.approval(row["pg_provider"], ended))

    def _registration(self, truth: Subscription, common: Row) -> Row:
        """Naver Pay shows an amount in its window when a key is registered, and does not charge it."""
        at = truth.started_at - 120
        order = self._numbers.order("REG", at)
        own = {**common, "channel": "mobile", "name": truth.plan, "customer_uid_usage": "issue"}
        row = payment_row(self._numbers.imp_uid(), order, truth.price, at, **own)
        return row | self._numbers.approval("naverpay", at + 60)

    def _changed(self, truth: Subscription, plan: Plan, at: int) -> Plan:
        """Another plan of the same cadence now and then; and the price that the plan has by now."""
        if self._chance.random() < _CHANGES:
            plan = self._chance.choice([other for other in PLANS if other.cadence == plan.cadence])
        price = self._price(plan, at)
        if (plan.name, price) != (truth.plan, truth.price):
            truth.plan, truth.price = plan.name, price
            truth.prices.append((at, plan.name, price))
        return plan

    def _price(self, plan: Plan, at: int) -> int:
        raised = self._begin + plan.raised_at * (self._until - self._begin)
        return plan.raised_to if plan.raised_to and at >= raised else plan.price

    def _booked(self, truth: Subscription, order: str, at: int, common: Row) -> Row:
        person = {name: common[name] for name in (*BUYER, "pg_provider", "pg_id")}
        return schedule_row(truth.customer_uid, order, at, truth.price, name=truth.plan, **person)

    def _executed(self, truth: Subscription, row: Row, common: Row) -> Row:
        return self._booked(truth, row["merchant_uid"], row["started_at"], common) | {
            "imp_uid": row["imp_uid"],
            "executed_at": row["started_at"],
            "schedule_status": "executed",
            "payment_status": row["status"],
            "fail_reason": row["fail_reason"],
        }

    def _leave(self, truth: Subscription, order: str, at: int, common: Row) -> None:
        """The customer left some days before the next charge: it is revoked."""
        left = at - self._chance.randrange(_DAY, 5 * _DAY)
        revoked = {"schedule_status": "revoked", "revoked_at": left}
        self._world.put_schedule(self._booked(truth, order, at, common) | revoked)
        self._end(truth, Churn.KEY_DELETED if self._chance.random() < 0.55 else Churn.CHOSEN, left)

    def _end(self, truth: Subscription, churn: Churn, at: int) -> None:
        truth.ended_at, truth.churn = at, churn
        if churn == Churn.KEY_DELETED:
            del self._world.billing_keys[truth.customer_uid]
        elif churn == Churn.FAILED:
            self._world.broken_keys[truth.customer_uid] = self._chance.choice(CHARGE_FAILURES)


def _key(uid: str, buyer: Buyer, how: Row, at: int) -> Row:
    return {
        "customer_uid": uid,
        **{name: how.get(name) for name in _OF_CARD},
        "card_name": how.get("card_name") or "네이버페이",
        "sandbox": False,
        "customer_id": None,
        "card_issuer_code": how.get("card_code"),
        "card_issuer_name": how.get("card_name"),
        "card_publisher_code": how.get("card_code"),
        "card_publisher_name": how.get("card_name"),
        "customer_name": buyer.name,
        "customer_tel": buyer.tel,
        "customer_email": buyer.email,
        "customer_addr": buyer.addr,
        "customer_postcode": buyer.postcode,
        "inserted": at,
        "updated": at,
    }
