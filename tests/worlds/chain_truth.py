"""What the sandbox's world knows to be true of its subscriptions: which chains are broken at a time."""

import random
from typing import Any

from services.clock import DAY, day_of, day_start
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.catalog import CHARGE_FAILURES
from services.sandbox.world.plans import Subscription, cycle_start
from services.sandbox.world.rows import schedule_row


def is_booked(sandbox: Sandbox, uid: str) -> bool:
    """Whether anything is booked on a key."""
    orders = sandbox.world.bookings.get(uid, ())
    return any(sandbox.world.schedules[order]["schedule_status"] == "scheduled" for order in orders)


def charges_of(sandbox: Sandbox, uid: str) -> list[dict[str, Any]]:
    """Payments of a subscription, registrations and what was bought besides left out."""
    rows = [sandbox.world.payments[imp_uid] for imp_uid in sandbox.world.charges.get(uid, ())]
    return [row for row in rows if row["customer_uid_usage"] != "issue" and not row["merchant_uid"].startswith("ONCE")]


def is_broken(sandbox: Sandbox, one: Subscription, now: float) -> bool:
    """Paid in the last cycle or this one, by the plan that the merchant knows; alive; and nothing booked."""
    world = sandbox.world
    paid = [row["paid_at"] for row in charges_of(sandbox, one.customer_uid) if row["paid_at"]]
    if not paid or one.customer_uid not in world.billing_keys or is_booked(sandbox, one.customer_uid):
        return False
    cycle = 0
    while cycle_start(one.started_at, one.cadence, cycle + 1) <= max(paid):
        cycle += 1
    return now < day_start(day_of(cycle_start(one.started_at, one.cadence, cycle + 2)))


def undecided(sandbox: Sandbox, one: Subscription, now: float) -> str | None:
    """Why the data do not decide it: nobody could tell from them. None where they do."""
    world, uid = sandbox.world, one.customer_uid
    booked = {day_of(world.schedules[order]["schedule_at"]) for order in world.bookings.get(uid, ())}
    if len(booked | {day_of(row["started_at"]) for row in charges_of(sandbox, uid)}) < 2:
        return "one date"
    cycle, due = 0, set()
    while (at := cycle_start(one.started_at, one.cadence, cycle)) <= now + DAY:
        due |= {day_of(at) - 1, day_of(at), day_of(at) + 1}
        cycle += 1
    rows = [world.payments[imp_uid] for imp_uid in world.charges.get(uid, ())]
    once = [row for row in rows if row["merchant_uid"].startswith("ONCE") and day_of(row["paid_at"]) in due]
    return "something else was bought on its very day: as if the plan had been changed" if once else None


def cards_fail(sandbox: Sandbox, chance: random.Random) -> None:
    """The next charges of some customers fail."""
    for uid in sandbox.world.billing_keys:
        if chance.random() < 0.1:
            sandbox.world.broken_keys[uid] = chance.choice(CHARGE_FAILURES)


def live_on(sandbox: Sandbox, chance: random.Random, now: int) -> None:
    """The merchant's server books the next payment of some that were charged, and sells something besides to some."""
    world = sandbox.world
    for number, one in enumerate(world.subscriptions):
        alive = one.customer_uid in world.billing_keys and one.ended_at is None
        if alive and not is_booked(sandbox, one.customer_uid) and chance.random() < 0.4:
            cycle = 0
            while (at := cycle_start(one.started_at, one.cadence, cycle)) <= now:
                cycle += 1
            row = schedule_row(one.customer_uid, f"NEXT{number}{now}", at, one.price, name=one.plan)
            world.put_schedule(row)
        if one.customer_uid in world.billing_keys and chance.random() < 0.05:
            at = now - chance.randrange(86_400)
            own: dict[str, Any] = {"customer_uid": one.customer_uid, "customer_uid_usage": "payment"}
            own |= {"status": "paid", "paid_at": at, "pg_provider": "html5_inicis", "name": "핸드드립 커피 세트"}
            world.add_payment(45_500, at, merchant_uid=f"ONCE{number}{now}", **own)
