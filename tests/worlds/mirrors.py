"""For tests of the mirror: a sandbox whose clock moves, stores by the dozen, and what differs between the two."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from services.gateway import Gateway
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.build import build_world
from services.store.engine import reading
from tests.worlds.sandboxes import UNTIL, MovingClock
from tests.worlds.stores import new_store

_FIELDS = "imp_uid, status, currency, amount, cancel_amount, started_at, paid_at, cancelled_at, failed_at"
SYNC_TELLS = [
    "payments", "changed", "billing_keys", "schedules", "requests", "seconds", "unreadable", "unreadable_rows",
]  # fmt: skip
"""What `jangbu sync --json` tells, in this order."""

Handler = Callable[[httpx.Request], httpx.Response]


def make_sandbox(seed: int = 1, *, payments: int = 600, days: int = 400) -> tuple[Sandbox, MovingClock]:
    """A small world that ends at UNTIL, with its clock."""
    clock = MovingClock()
    return Sandbox(build_world(seed, payments=payments, days=days, until=UNTIL), clock=clock), clock


def make_gateway(handler: Handler, clock: Callable[[], float]) -> Gateway:
    """The client in front of a sandbox, or of something that stands before it."""
    transport = httpx.MockTransport(handler)
    return Gateway("http://sandbox", IMP_KEY, IMP_SECRET, transport=transport, clock=clock)


class Stores:
    """New SQLite stores, one after another."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0

    @contextmanager
    def new(self) -> Iterator[Engine]:
        """An empty store."""
        self._made += 1
        path = self._folder / f"{self._made}.db"
        engine = new_store(path)
        try:
            yield engine
        finally:
            engine.dispose()
            for left in self._folder.glob(f"{path.name}*"):
                left.unlink()


def stored(engine: Engine) -> dict[str, tuple[Any, ...]]:
    """What the store says of each payment, refunds included."""
    with reading(engine) as conn:
        rows = {row[0]: tuple(row[1:]) for row in conn.exec_driver_sql(f"SELECT {_FIELDS} FROM payment")}
        refunds: dict[str, list[tuple[Any, ...]]] = {}
        sql = "SELECT imp_uid, cancellation_id, amount, cancelled_at FROM cancellation ORDER BY imp_uid, seq"
        for imp_uid, *one in conn.exec_driver_sql(sql):
            refunds.setdefault(imp_uid, []).append(tuple(one))
    return {uid: (*row, tuple(refunds.get(uid, ()))) for uid, row in rows.items()}


def at_gateway(sandbox: Sandbox) -> dict[str, tuple[Any, ...]]:
    """The same as the gateway says it."""
    return {uid: _told(row) for uid, row in sandbox.world.payments.items()}


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    cents = 100 if row["currency"] == "USD" else 1
    refunds = tuple(
        (one["cancellation_id"], int(one["amount"] * cents), one["cancelled_at"]) for one in row["cancel_history"]
    )
    amounts = (int(row["amount"] * cents), int(row["cancel_amount"] * cents))
    times = tuple(row[f"{name}_at"] for name in ("started", "paid", "cancelled", "failed"))
    return (row["status"], row["currency"], *amounts, *times, refunds)


def difference(engine: Engine, sandbox: Sandbox) -> list[str]:
    """imp_uids whose status, amounts, times or refunds differ between store and gateway."""
    ours, theirs = stored(engine), at_gateway(sandbox)
    return [uid for uid in ours.keys() | theirs.keys() if ours.get(uid) != theirs.get(uid)]


def refundable(sandbox: Sandbox) -> list[str]:
    """Paid payments in won of which nothing was refunded, oldest first."""
    found = [row for row in sandbox.world.payments.values() if _can_be_refunded(row)]
    return [row["imp_uid"] for row in sorted(found, key=lambda row: row["paid_at"])]


def _can_be_refunded(row: dict[str, Any]) -> bool:
    return row["status"] == "paid" and row["currency"] == "KRW" and not row["cancel_amount"]


def change(sandbox: Sandbox, chance: random.Random, now: int) -> None:
    """Something happens at the gateway: a refund, in part or whole, or a payment."""
    uids = list(sandbox.world.payments)
    while not _can_be_refunded(sandbox.world.payments[uid := chance.choice(uids)]):
        pass
    match chance.randrange(3):
        case 0:
            sandbox.world.refund(uid, 10, "부분 환불", now)
        case 1:
            sandbox.world.refund(uid, sandbox.world.payments[uid]["amount"], "전체 환불", now)
        case _:
            begun = now - chance.choice((5, 300, 2 * 86_400))
            fields = {"status": "paid", "paid_at": now, "pg_provider": "naverpay", "pay_method": "card"}
            sandbox.world.add_payment(chance.randrange(100, 90_000), begun, **fields)
