"""For the simulator of operations: booked payments that the gateway's clock executes while people edit them (F16)."""

from collections.abc import Callable
from typing import Any

from services.operations.actions import (
    bookings,
    key_deletions,
    moves,
    rebookings,
    retries,
    revocations,
)
from services.operations.actions.bookings import BookingForm
from services.operations.journal.journal import asked
from services.sandbox.api.charges import execute_due
from services.sandbox.world.world import World
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import BillingKey, Schedule
from tests.worlds.operations.gate import Gate, put_booking, schedule_of, small_world
from tests.worlds.operations.people import FINANCE, People
from tests.worlds.operations.simulator import Simulator

_SOON = (70, 130, 250, 600, 1_200)
_FAILS = "[잔액부족] 출금 가능 잔액이 부족합니다."


class ScheduleGate(Gate):
    """Notes what calls on schedules and billing keys did."""

    def made_of(self, operation: Operation) -> list[str]:
        """Payments that a retry made; for the rest one word that says that it stands as it was wanted."""
        done = self._stands(operation)
        return super().made_of(operation) if done is None else ["stands"] * done

    def _stands(self, operation: Operation) -> bool | None:
        world, wanted = self.sandbox.world, asked(operation)
        row = world.schedules.get(operation.merchant_uid or "", {})
        match operation.kind:
            case OperationKind.BOOK:
                return all(one["merchant_uid"] in world.schedules for one in wanted["schedules"])
            case OperationKind.MOVE:
                return bool(row["schedule_at"] == wanted["schedule_at"])
            case OperationKind.REBOOK:
                there = row["schedule_at"] == wanted["schedule_at"]
                return bool(there and row["schedule_status"] == "scheduled")
            case OperationKind.REVOKE:
                return all(world.schedules[one]["schedule_status"] == "revoked" for one in wanted["merchant_uid"])
            case OperationKind.DELETE_KEY:
                return operation.customer_uid not in world.billing_keys
        return None


class Bookers(People):
    """People who book, move, revoke, book again, retry, and end subscriptions, by what they saw a while ago."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(simulator)
        self._seen: dict[str, Schedule] = {}
        self._times: set[int] = set()

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        return {
            self._move: 8, self._rebook: 5, self._retry: 4, self._revoke: 4, self._book: 3, self._end: 1,
            self.again: 3, self.decide: 5,
        }  # fmt: skip

    def console(self) -> None:
        """In the vendor's console a booking is moved or revoked that nobody is working on here; or a card is mended."""
        world, order = self.all.gate.sandbox.world, self._some_order()
        row, under_way = world.schedules[order], [one for one in self.open_ones() if self._touches(one, order)]
        if self.chance.random() < 0.4:
            uid = row["customer_uid"]
            if world.broken_keys.pop(uid, None) is None:
                world.broken_keys[uid] = _FAILS
        elif row["schedule_status"] == "scheduled" and not under_way:
            self.all.seen["console edits"] += 1
            at = int(self.all.times.at)
            new: dict[str, Any] = {"schedule_at": self._unused(at + self.chance.choice(_SOON) + 7)}
            if self.chance.random() < 0.3:
                new = {"schedule_status": "revoked", "revoked_at": at}
            world.put_schedule(row | new)

    def _touches(self, operation: Operation, order: str) -> bool:
        return order == operation.merchant_uid or order in asked(operation).get("merchant_uid", ())

    def _move(self) -> None:
        self.ask(moves.wanted_move(self.token(), self._look(), self._soon(), now=self._now()))

    def _rebook(self) -> None:
        self.ask(rebookings.wanted_rebooking(self.token(), self._look(ended=True), self._soon(), now=self._now()))

    def _retry(self) -> None:
        self.ask(retries.wanted_retry(self.token(), self._look(ended=True)))

    def _revoke(self) -> None:
        first = self._look()
        more = [schedule_of(self._world, one) for one in self._world.bookings[first.customer_uid or ""]]
        booked = [one for one in more if one.schedule_status == "scheduled"]
        chosen = booked if len(booked) > 1 and self.chance.random() < 0.4 else [first]
        self.ask(revocations.wanted_revocation(self.token(), chosen, reason="고객 요청", now=self._now()))

    def _book(self) -> None:
        key = BillingKey(customer_uid=self.chance.choice(list(self._world.billing_keys)), pg_provider="html5_inicis")
        forms = [BookingForm(self._soon(), 9_900, "구독") for _ in range(self.chance.choice((1, 1, 3)))]
        self.ask(bookings.wanted_booking(self.token(), key, forms, minimum=100, now=self._now()))

    def _end(self) -> None:
        uid = self.chance.choice(list(self._world.billing_keys))
        key = BillingKey(customer_uid=uid, pg_provider="html5_inicis")
        rows = [schedule_of(self._world, one) for one in self._world.bookings.get(uid, ())]
        booked = [one for one in rows if one.schedule_status == "scheduled"]
        how: dict[str, Any] = {"reason": "해지", "requester": "customer", "actor": FINANCE, "now": self._now()}
        self.all.seen["subscriptions ended"] += 1
        key_deletions.end_subscription(self.all.engine, self.token(), key, booked, **how)

    @property
    def _world(self) -> World:
        return self.all.gate.sandbox.world

    def _now(self) -> float:
        return self.all.times.ours()

    def _soon(self) -> int:
        return self._unused(int(self._now()) + self.chance.choice(_SOON) + self.chance.randrange(60))

    def _unused(self, at: int) -> int:
        """A time that nobody meant before: where one stands at the gateway, it is known whose it is."""
        while at in self._times:
            at += 1
        self._times.add(at)
        return at

    def _look(self, *, ended: bool = False) -> Schedule:
        """A schedule as somebody saw it: now, or when they looked at it last."""
        rows = self._world.schedules.items()
        fitting = [one for one, row in rows if (row["schedule_status"] != "scheduled") == ended]
        order = self.chance.choice(fitting) if fitting and self.chance.random() < 0.8 else self._some_order()
        if self.chance.random() < 0.8 or order not in self._seen:
            self._seen[order] = schedule_of(self._world, order)
        return self._seen[order]

    def _some_order(self) -> str:
        return self.chance.choice(list(self._world.schedules))


class Booking(Simulator):
    """Histories of schedules: the gateway's clock charges what is due whatever people are doing."""

    people: Bookers

    def new_gate(self) -> Gate:
        sandbox = small_world(self.times, keys=3)
        for number in range(6):
            put_booking(sandbox, f"order{number}", f"key{number % 3}", self.times.at + self.chance.randrange(90, 1_500))
        return ScheduleGate(sandbox, self.times, self.engine)

    def new_people(self) -> People:
        return Bookers(self)

    def passing(self) -> None:
        """Whatever is due is charged."""
        before = len(self.gate.sandbox.payments)
        execute_due(self.gate.sandbox.world, int(self.times.at))
        self.seen["schedules executed"] += len(self.gate.sandbox.payments) - before
