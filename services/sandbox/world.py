"""A made-up merchant: repeatable from a seed, as many payments as asked for, a known truth behind its subscriptions."""

import random
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import Any

import msgspec

Row = dict[str, Any]
_TIME_OF = {"paid": "paid_at", "cancelled": "cancelled_at", "failed": "failed_at"}
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass
class Subscription:
    """What is true of one customer's subscription, whatever the payments look like."""

    customer_uid: str
    plan: str
    price: int
    every_days: int
    started_at: int
    ended_at: int | None = None
    ended_by: str | None = None


@dataclass
class World:
    """Everything the sandbox knows, in V1's spelling. Change payments through `put_payment` only."""

    payments: dict[str, Row] = field(default_factory=dict)
    billing_keys: dict[str, Row] = field(default_factory=dict)
    schedules: dict[str, Row] = field(default_factory=dict)
    channels: list[Row] = field(default_factory=list)
    prepared: dict[str, Row] = field(default_factory=dict)
    subscriptions: list[Subscription] = field(default_factory=list)
    broken_keys: dict[str, str] = field(default_factory=dict)
    """customer_uid -> why its next charge fails."""
    encoded: dict[str, bytes] = field(default_factory=dict)
    by_order: dict[str, list[str]] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    """imp_uid -> when it changed last, as a counter that only grows: what `-updated` sorts by."""
    ordered: list[tuple[int, str]] = field(default_factory=list)
    """(time of the final status, imp_uid), sorted: windows are cut out of it."""
    due: list[tuple[int, str]] = field(default_factory=list)
    chance: random.Random = field(default_factory=random.Random)
    _counter: int = 0

    def put_payment(self, row: Row) -> None:
        """Adds or changes a payment; it is now the one that changed last."""
        imp_uid, at = row["imp_uid"], status_time(row)
        if imp_uid not in self.payments:
            self.by_order.setdefault(row["merchant_uid"], []).append(imp_uid)
        elif self.times[imp_uid] != at:
            del self.ordered[bisect_left(self.ordered, (self.times[imp_uid], imp_uid))]
        if self.times.get(imp_uid) != at:
            insort(self.ordered, (at, imp_uid))
        self.payments[imp_uid], self.times[imp_uid] = row, at
        self.encoded[imp_uid] = _encode(row)
        self._counter += 1
        self.changes[imp_uid] = self._counter

    def fill(self, rows: list[Row]) -> None:
        """Adds many new payments at once, in the order in which they changed."""
        for row in rows:
            imp_uid = row["imp_uid"]
            self.payments[imp_uid], self.times[imp_uid] = row, status_time(row)
            self.encoded[imp_uid] = _encode(row)
            self.by_order.setdefault(row["merchant_uid"], []).append(imp_uid)
            self._counter += 1
            self.changes[imp_uid] = self._counter
        self.ordered = sorted((at, imp_uid) for imp_uid, at in self.times.items())

    def put_schedule(self, row: Row) -> None:
        """Adds or changes a booked payment."""
        self.schedules[row["merchant_uid"]] = row
        if row["schedule_status"] == "scheduled":
            insort(self.due, (row["schedule_at"], row["merchant_uid"]))

    def between(self, first: int, last: int) -> list[str]:
        """imp_uids whose final status lies in [first, last], oldest first."""
        low = bisect_left(self.ordered, (first, ""))
        high = bisect_left(self.ordered, (last + 1, ""))
        return [imp_uid for _at, imp_uid in self.ordered[low:high]]

    def new_imp_uid(self) -> str:
        """An id that nobody has yet."""
        while (imp_uid := f"imp_{self.chance.randrange(10**12):012d}") in self.payments:
            pass
        return imp_uid


def status_time(row: Row) -> int:
    """The time that belongs to a payment's status."""
    return int(row[_TIME_OF.get(row["status"], "started_at")] or row["started_at"])
