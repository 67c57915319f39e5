"""The directory at 50,000 billing keys and 100,000 schedules against 1,000 of each: its pages open as fast."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from bench.rows import START, batches
from bench.table import Figure, paired
from services.clock import DAY, day_of, day_start, day_to_date
from services.store.engine import create_store, reading, writing
from services.store.lists.key_filters import KeyFilter, KeyOrder
from services.store.lists.keys import (
    count_billing_keys,
    duplicates_of_key,
    get_key_summary,
    key_sums,
    key_tiles,
    payments_of_key,
    schedules_of_key,
    search_billing_keys,
)
from services.store.lists.one import get_billing_key
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import (
    calendar_month,
    schedule_sums,
    schedule_tiles,
    search_schedules,
)
from services.store.migrations import migrate
from services.store.sql import column_names
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.tables.v1 import BillingKey, Schedule

SMALL, LARGE = (1_000, 1_000), (50_000, 100_000)
"""Billing keys and schedules; those of the smaller are booked around the month shown, which is full in both."""
_BATCH = 1_000
_RUNS = 101
_FEW = 10
"""Rows of a page that the smaller store fills too."""
_YEAR = 365
_SURNAMES, _SYLLABLES = "김이박최정강조윤장임", "민서준지우현수영진하은도윤예원재"
_PGS = ("naverpay", "html5_inicis", "kakaopay", "tosspayments")
_KEY = dict.fromkeys(column_names(BillingKey))
_SCHEDULE = dict.fromkeys(column_names(Schedule))
_MIDDLE = day_of(START + _YEAR // 2 * DAY)


def measure(folder: Path) -> list[Figure]:
    """Each read at the larger size, beside itself at the smaller."""
    small, large = (_fill(folder / f"keys{keys}.db", keys, schedules) for keys, schedules in (SMALL, LARGE))
    figures = []
    with reading(small) as few, reading(large) as many:
        for name, read in _READS.items():
            ours, theirs = paired(_of(read, many), _of(read, few), runs=_RUNS, warm=5)
            figures.append(
                Figure(
                    f"{name}, 50 k keys, 100 k schedules",
                    1000 * ours,
                    "ms",
                    "itself at 1 k of each",
                    1000 * theirs,
                    at_most=1.5,
                )
            )
    return figures


Read = Callable[[Connection], object]


def _of(read: Read, conn: Connection) -> Callable[[], object]:
    return lambda: read(conn)


def _key_list(conn: Connection, chosen: KeyFilter, limit: int = 50) -> None:
    search_billing_keys(conn, chosen, limit=limit)
    key_tiles(conn, chosen)
    count_billing_keys(conn, chosen)
    key_sums(conn, chosen)


def _schedule_list(conn: Connection, chosen: ScheduleFilter, limit: int = 50) -> None:
    search_schedules(conn, chosen, limit=limit)
    schedule_tiles(conn, chosen)
    schedule_sums(conn, chosen)


def _key_page(conn: Connection) -> None:
    uid = "member-000500"
    summary = get_key_summary(conn, uid)
    if summary is None:
        raise RuntimeError("no such key")
    get_billing_key(conn, uid)
    duplicates_of_key(conn, summary)
    schedules_of_key(conn, uid)
    payments_of_key(conn, uid)


def _month(conn: Connection) -> None:
    when = day_to_date(_MIDDLE)
    calendar_month(conn, when.year, when.month)


_FAILING = KeyFilter(states=frozenset({"failing", "unused"}), pg_providers=frozenset({"kakaopay"}))
_BOOKED = ScheduleFilter(states=frozenset({"scheduled"}), from_day=_MIDDLE, to_day=_MIDDLE + 14, soonest_first=True)
_FAILED = ScheduleFilter(states=frozenset({"failed"}), from_day=_MIDDLE - 15, to_day=_MIDDLE)
_READS: dict[str, Read] = {
    "key list": lambda conn: _key_list(conn, KeyFilter()),
    "key list by next charge": lambda conn: _key_list(conn, KeyFilter(order=KeyOrder.NEXT_CHARGE)),
    "key list, filtered": lambda conn: _key_list(conn, _FAILING, _FEW),
    "key list, an absent name": lambda conn: search_billing_keys(conn, KeyFilter(text="흐흫")),
    "schedule list": lambda conn: _schedule_list(conn, ScheduleFilter()),
    "schedule list, booked in two weeks": lambda conn: _schedule_list(conn, _BOOKED),
    "schedule list, failed": lambda conn: _schedule_list(conn, _FAILED, _FEW),
    "calendar month": _month,
    "key page": _key_page,
}


def _fill(path: Path, keys: int, schedules: int) -> Engine:
    engine = create_store(f"sqlite:///{path}")
    migrate(engine)
    chance = random.Random(5)
    for first in range(0, keys, _BATCH):
        with writing(engine) as conn:
            upsert_billing_keys(
                conn, [_key(chance, number) for number in range(first, first + _BATCH)], checked_at=START
            )
    for number, batch in enumerate(batches(keys)):
        with writing(engine) as conn:
            upsert_payments(conn, list(_charges(batch, number * _BATCH)), as_of=1)
    for first in range(0, schedules, _BATCH):
        with writing(engine) as conn:
            rows = [
                _schedule(chance, number, keys, min(_YEAR, schedules // 25)) for number in range(first, first + _BATCH)
            ]
            upsert_schedules(conn, rows, as_of=1)
    return engine


def _charges(batch: list[Any], first: int) -> Iterator[Any]:
    for number, write in enumerate(batch, first):
        own = {"customer_uid": f"member-{number:06d}", "customer_uid_usage": "payment.scheduled"}
        yield write._replace(values=write.values | own)


def _key(chance: random.Random, number: int) -> dict[str, Any]:
    name = chance.choice(_SURNAMES) + chance.choice(_SYLLABLES) + chance.choice(_SYLLABLES)
    return _KEY | {
        "customer_uid": f"member-{number:06d}",
        "pg_provider": chance.choice(_PGS),
        "sandbox": False,
        "customer_name": name,
        "customer_tel": f"010-{chance.randrange(10**4):04d}-{chance.randrange(10**4):04d}",
        "card_number": f"5409****{chance.randrange(10**4):04d}",
        "inserted": START + number * 60,
        "updated": 0,
    }


def _schedule(chance: random.Random, number: int, keys: int, days: int) -> dict[str, Any]:
    at = day_start(_MIDDLE) + chance.randrange(-days * DAY // 2, days * DAY // 2)
    ran = day_of(at) < _MIDDLE
    return _SCHEDULE | {
        "merchant_uid": f"plan-{number:06d}",
        "customer_uid": f"member-{number % keys:06d}",
        "pg_provider": chance.choice(_PGS),
        "schedule_at": at,
        "executed_at": at if ran else 0,
        "revoked_at": 0,
        "amount": 9_900,
        "currency": "KRW",
        "name": f"구독 {chance.randrange(40)}",
        "schedule_status": "executed" if ran else chance.choices(("scheduled", "revoked"), (9, 1))[0],
        "payment_status": chance.choices(("paid", "failed"), (9, 1))[0] if ran else None,
        "digest": chance.randbytes(16),
    }
