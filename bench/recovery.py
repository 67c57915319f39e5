"""The radar and the recovery desk at 50,000 keys and 100,000 schedules against 1,000 and 2,000."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from bench.table import Figure, paired, seconds
from services.recovery.desk import failed_by_action, list_failed, proposals
from services.recovery.jumps import failure_rates
from services.recovery.policy import Policy
from services.recovery.radar import at_risk, broken_chains
from services.recovery.reports import recovered_by_month
from services.store.engine import create_store, reading, writing
from services.store.migrations import migrate
from services.store.sql import column_names
from services.store.writes.payments import V1_COLUMNS, PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.subscriptions.keep import refresh_chains
from services.tables.v1 import Schedule

SIZES = (1_000, 50_000)
NOW = 1_790_000_000
_MONTH = 30 * 86_400
_COLUMNS = column_names(Schedule)
_NO_MONEY = "[잔액부족] 출금 가능 잔액이 부족합니다."
_PAGE = 50
_LATELY, _BROKEN, _FAILED = 140, 20, 10
"""How many keys were charged in the last hours, have nothing booked, and failed last; as many at both sizes."""


def measure(folder: Path) -> list[Figure]:
    """What the two screens read, at both sizes; and working the chains out, by key."""
    figures, stores = [], []
    for size in SIZES:
        engine = create_store(f"sqlite:///{folder / f'recovery{size}.db'}")
        migrate(engine)
        fill(engine, size)
        stores.append((engine, 1000 * seconds(partial(refresh_chains, engine, NOW)) / size))
    (few, slow), (many, fast) = stores
    figures.append(Figure("chain worked out, 50,000 keys", fast, "ms a key", "itself at 1,000", slow, at_most=2))
    with reading(few) as small, reading(many) as large:
        for name, read in _READS.items():
            ours, theirs = paired(_of(read, large), _of(read, small), runs=51)
            name = f"{name}, 50,000 keys"
            figures.append(Figure(name, ours * 1000, "ms", "itself at 1,000", theirs * 1000, at_most=1.5))
    return figures


_READS: dict[str, Callable[[Connection], object]] = {
    "Broken chains, first page": lambda conn: broken_chains(conn, NOW, limit=_PAGE),
    "Broken chains, sums": lambda conn: at_risk(conn, NOW),
    "Recovery desk, first page": lambda conn: list_failed(conn, NOW, limit=_PAGE),
    "Recovery desk, sums": lambda conn: failed_by_action(conn, NOW),
    "Recovery desk, proposals": lambda conn: proposals(conn, NOW, Policy()),
    "Recovered by month": lambda conn: recovered_by_month(conn, 202509, 202609),
    "Failure rates by PG": lambda conn: failure_rates(conn, NOW),
}


def _of(read: Callable[[Connection], object], conn: Connection) -> Callable[[], object]:
    return lambda: read(conn)


def fill(engine: Engine, keys: int) -> None:
    """Keys charged monthly three times; the last was booked, as is the next one. As many broken at every size."""
    payments, schedules = _payments(keys), _schedules(keys)
    while batch := list(islice(payments, 3_000)):
        with writing(engine) as conn:
            upsert_payments(conn, batch, as_of=1)
    while rows := list(islice(schedules, 3_000)):
        with writing(engine) as conn:
            upsert_schedules(conn, rows, as_of=1)


def _payments(keys: int) -> Iterator[PaymentWrite]:
    blank = dict.fromkeys(V1_COLUMNS) | {"tier": ""}
    for number in range(keys):
        for cycle in range(3):
            at = _last_at(number) - (2 - cycle) * _MONTH
            failed = cycle == 2 and number < _FAILED
            own = {
                "imp_uid": f"imp_{number:07d}{cycle}", "merchant_uid": f"order{number}-{cycle}", "amount": 9_900,
                "cancel_amount": 0, "currency": "KRW", "name": "구독", "status": "failed" if failed else "paid",
                "started_at": at, "paid_at": 0 if failed else at, "failed_at": at if failed else 0, "cancelled_at": 0,
                "fail_reason": _NO_MONEY if failed else None, "pg_provider": "kcp", "pay_method": "card",
                "sandbox": False, "customer_uid": f"key{number}", "customer_uid_usage": "payment.scheduled",
                "buyer_name": f"구매자{number}", "buyer_tel": f"010-{number // 10_000:04d}-{number % 10_000:04d}",
            }  # fmt: skip
            yield PaymentWrite(blank | own, [], None)


def _schedules(keys: int) -> Iterator[dict[str, Any]]:
    blank = dict.fromkeys(_COLUMNS) | {
        "executed_at": 0,
        "revoked_at": 0,
        "currency": "KRW",
        "amount": 9_900,
        "tier": "",
    }
    for number in range(keys):
        at, failed = _last_at(number), number < _FAILED
        own = {"customer_uid": f"key{number}", "name": "구독", "pg_provider": "kcp"}
        ran = {"schedule_status": "executed", "payment_status": "failed" if failed else "paid", "executed_at": at}
        yield blank | own | ran | {"merchant_uid": f"order{number}-2", "schedule_at": at}
        if number >= _BROKEN:
            booked = {"schedule_status": "scheduled", "schedule_at": at + _MONTH}
            yield blank | own | booked | {"merchant_uid": f"order{number}-3"}


def _last_at(number: int) -> int:
    """As many within the last hours at every size, the others within four weeks."""
    back = 3600 + number * 48 if number < _LATELY else 86_400 + number * 9_973 % (27 * 86_400)
    return NOW - back
