"""Billing keys, schedules and channels: nothing known is lost, and kept totals say what the schedules say."""

import random
from collections import Counter
from typing import Any

from sqlalchemy import Engine

from services.clock import day_of
from services.models import BillingKey, Schedule
from services.store.engine import reading, writing
from services.store.key_writes import (
    discover_billing_keys,
    keys_to_look_up,
    mark_billing_keys_deleted,
    replace_channels,
    upsert_billing_keys,
    upsert_schedules,
)

NOW = 1_760_000_000
_DAY = 86_400


def key(uid: str, **changes: Any) -> dict[str, Any]:
    blank = dict.fromkeys(BillingKey.__table__.columns.keys())  # type: ignore[attr-defined]
    return blank | {"customer_uid": uid, "sandbox": False, "inserted": NOW, "updated": NOW, **changes}


def schedule(uid: str, digest: bytes | None = b"first", **changes: Any) -> dict[str, Any]:
    blank = dict.fromkeys(Schedule.__table__.columns.keys())  # type: ignore[attr-defined]
    times = {"schedule_at": NOW, "executed_at": 0, "revoked_at": 0}
    known = {"merchant_uid": uid, "amount": 9_900, "currency": "KRW", "schedule_status": "scheduled", "digest": digest}
    return blank | times | known | changes


def put(engine: Engine, rows: list[dict[str, Any]], as_of: int = 1) -> int:
    with writing(engine) as conn:
        return upsert_schedules(conn, rows, as_of=as_of)


def fetch(engine: Engine, sql: str) -> list[Any]:
    with reading(engine) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def kept(engine: Engine) -> dict[Any, tuple[int, int]]:
    rows = fetch(engine, "SELECT day, schedule_status, payment_status, currency, schedules, amount FROM schedule_total")
    return {row[:4]: row[4:] for row in rows if any(row[4:])}


def recounted(engine: Engine) -> dict[Any, tuple[int, int]]:
    numbers: Counter[Any] = Counter()
    amounts: Counter[Any] = Counter()
    rows = fetch(engine, "SELECT schedule_at, schedule_status, payment_status, currency, amount FROM schedule")
    for at, status, payment_status, currency, amount in rows:
        where = (day_of(at), status, payment_status or "", currency)
        numbers[where] += 1
        amounts[where] += amount
    return {where: (numbers[where], amounts[where]) for where in numbers}


def test_schedule_totals_equal_the_schedules_after_random_changes(store: Engine) -> None:
    chance = random.Random(4)
    rows = [schedule(f"s{number}", schedule_at=NOW + number * _DAY // 7) for number in range(120)]
    put(store, rows)
    for as_of in range(2, 7):
        for at in chance.sample(range(len(rows)), 40):
            rows[at] = rows[at] | {
                "schedule_at": NOW + chance.randrange(60) * _DAY,
                "schedule_status": chance.choice(("scheduled", "executed", "revoked", "paused")),
                "payment_status": chance.choice((None, "paid", "failed")),
                "amount": chance.randrange(100, 50_000),
                "currency": chance.choice(("KRW", "USD")),
                "digest": chance.randbytes(16),
            }
        put(store, rows, as_of)
    assert kept(store) == recounted(store)


def test_a_schedule_that_did_not_change_is_not_written(store: Engine) -> None:
    assert put(store, [schedule("a"), schedule("b")]) == 2
    assert put(store, [schedule("a"), schedule("b", b"second", amount=100)], as_of=2) == 1
    assert fetch(store, "SELECT merchant_uid, read_at FROM schedule ORDER BY 1") == [("a", 1), ("b", 2)]


def test_an_older_answer_does_not_bring_a_revoked_schedule_back(store: Engine) -> None:
    put(store, [schedule("a", b"second", schedule_status="revoked")], as_of=5)
    assert put(store, [schedule("a", b"first")], as_of=4) == 0
    assert fetch(store, "SELECT schedule_status FROM schedule") == [("revoked",)]
    assert kept(store) == recounted(store)


def test_a_schedule_read_without_a_digest_still_takes_the_next_change(store: Engine) -> None:
    put(store, [schedule("a", None)])
    assert put(store, [schedule("a", None, schedule_status="executed")], as_of=2) == 1
    assert fetch(store, "SELECT schedule_status FROM schedule") == [("executed",)]


def test_a_schedule_named_twice_in_an_answer_counts_once(store: Engine) -> None:
    put(store, [schedule("a"), schedule("a", amount=5)])
    assert kept(store) == recounted(store) == {(day_of(NOW), "scheduled", "", "KRW"): (1, 5)}


def test_a_key_that_is_named_again_keeps_what_is_known_of_it(store: Engine) -> None:
    with writing(store) as conn:
        upsert_billing_keys(conn, [key("a", card_name="현대카드")], checked_at=NOW)
        discover_billing_keys(conn, ["a", "b", "b"])
    found = fetch(store, "SELECT customer_uid, card_name, checked_at FROM billing_key ORDER BY 1")
    assert found == [("a", "현대카드", NOW), ("b", None, None)]


def test_a_deleted_key_keeps_its_card_and_the_time_it_was_first_missed(store: Engine) -> None:
    with writing(store) as conn:
        upsert_billing_keys(conn, [key("a", card_name="현대카드")], checked_at=NOW)
        mark_billing_keys_deleted(conn, ["a"], at=NOW + 10)
        mark_billing_keys_deleted(conn, ["a"], at=NOW + 20)
    found = fetch(store, "SELECT card_name, deleted_at, checked_at FROM billing_key")
    assert found == [("현대카드", NOW + 10, NOW + 20)]


def test_a_key_that_is_registered_again_is_no_longer_deleted(store: Engine) -> None:
    with writing(store) as conn:
        upsert_billing_keys(conn, [key("a", card_name="현대카드")], checked_at=NOW)
        mark_billing_keys_deleted(conn, ["a"], at=NOW + 10)
        upsert_billing_keys(conn, [key("a", card_name="신한카드")], checked_at=NOW + 20)
    assert fetch(store, "SELECT card_name, deleted_at FROM billing_key") == [("신한카드", None)]


def test_keys_are_looked_up_where_that_is_due_each_once(store: Engine) -> None:
    with writing(store) as conn:
        discover_billing_keys(conn, ["new1", "new2", "new3"])
        upsert_billing_keys(conn, [key("fresh")], checked_at=NOW)
        upsert_billing_keys(conn, [key("old")], checked_at=NOW - _DAY)
    seen, after = [], ""
    with reading(store) as conn:
        while uids := keys_to_look_up(conn, older_than=NOW, after=after, limit=3):
            seen += uids
            after = uids[-1]
    assert seen == ["new1", "new2", "new3", "old"]


def test_a_channel_that_is_gone_is_shown_no_more(store: Engine) -> None:
    one = {"pg_provider": "naverpay", "pg_id": "a", "sandbox": False, "type": "payment"}
    blank = {"channel_name": None, "channel_key": None}
    with writing(store) as conn:
        replace_channels(conn, [one | blank, one | blank | {"pg_id": "b"}])
        replace_channels(conn, [one | blank | {"pg_id": "b"}])
    assert fetch(store, "SELECT pg_id FROM channel") == [("b",)]
