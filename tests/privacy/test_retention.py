"""After five years nobody can say whose a payment was, by any byte of the store; every figure is as before."""

import json
import random
from collections import Counter
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Engine, text

from services.clock import DAY, SEOUL
from services.mirror.keep import read_again, read_key_again
from services.mirror.sync import sync
from services.operations.journal.audit import verify
from services.operations.journal.replay import differing
from services.privacy import retention
from services.privacy.retention import anonymise, is_due
from services.privacy.terms import past_before
from services.store.anonymous import anonymous_request
from services.store.engine import reading, writing
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.privacy.planted import (
    NAME,
    PAID_AT,
    TEL,
    TERM,
    TOKENS,
    UID,
    buyer_of,
    found_in_file,
    found_in_rows,
    plant,
    planted_key,
    planted_payment,
    planted_schedule,
)
from tests.worlds.key_recount import require_whole
from tests.worlds.mirrors import make_gateway, make_sandbox
from tests.worlds.recount import index_kept, index_rebuilt, totals_kept, totals_recounted
from tests.worlds.revenue_recount import revenue_kept, revenue_recounted

NOW = PAID_AT + TERM


def figures(engine: Engine) -> list[Any]:
    """All kept sums; of those by reason what they come to, since a reason may name somebody."""
    kept = revenue_kept(engine)
    by_reason = Counter[Any]()
    for (field, currency, day, _value), sums in kept["splits"].items():
        if field.endswith("_reason"):
            by_reason.update({(field, currency, day, place): n for place, n in enumerate(sums)})
    others = {key: sums for key, sums in kept["splits"].items() if not key[0].endswith("_reason")}
    return [totals_kept(engine), kept["bridge"], others, by_reason]


def test_no_byte_of_a_buyer_is_left_after_five_years_and_no_figure_moves(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    before = figures(sqlite_store)
    assert found_in_file(sqlite_store) == [*TOKENS]
    done = anonymise(sqlite_store, NOW, 5)
    assert done == {"payments": 1, "schedules": 1, "billing_keys": 1, "operations": 1, "links": 1, "notes": 1,
                    "receipts": 1}  # fmt: skip
    assert found_in_file(sqlite_store) == []
    assert figures(sqlite_store) == before
    assert totals_kept(sqlite_store) == totals_recounted(sqlite_store)
    assert revenue_kept(sqlite_store) == revenue_recounted(sqlite_store)
    assert index_kept(sqlite_store) == index_rebuilt(sqlite_store)
    require_whole(sqlite_store, "after five years")


def test_neither_rows_nor_the_search_index_know_the_buyer_and_the_audit_holds(store: Engine) -> None:
    plant(store)
    anonymise(store, NOW, 5)
    assert found_in_rows(store) == []
    with reading(store) as conn:
        assert verify(conn).broken_at is None
        assert list(differing(conn)) == []
        told = conn.execute(text("SELECT amount, cancel_amount, status, digest, read_at FROM payment "
                                 "WHERE imp_uid = :uid"), {"uid": UID}).one()  # fmt: skip
        waits = conn.execute(text("SELECT vbank_num FROM payment WHERE imp_uid = :uid"), {"uid": UID}).scalar_one()
        detail = conn.execute(text("SELECT detail FROM audit_entry ORDER BY id DESC LIMIT 1")).scalar_one()
    assert tuple(told[:3]) == (30_000, 5_000, "paid")
    assert (bytes(told.digest), told.read_at) == (b"as it came", PAID_AT * 1000)
    assert waits == ""  # an account was issued: a state
    assert '"payments": 1' in detail


def test_what_is_read_again_stays_anonymous(store: Engine) -> None:
    plant(store)
    anonymise(store, NOW, 5)
    with writing(store) as conn:
        again = planted_payment(digest=b"another", cancel_amount=7_000)
        assert upsert_payments(conn, [again], as_of=NOW * 1000).changed == 1
        upsert_schedules(conn, [planted_schedule(digest=b"another", amount=1)], as_of=NOW * 1000)
        upsert_billing_keys(conn, [planted_key() | {"pg_provider": "kakaopay"}], checked_at=NOW)
    assert buyer_of(store) == (None, None, NOW)
    assert found_in_rows(store) == []
    with reading(store) as conn:
        told = conn.execute(text("SELECT cancel_amount FROM payment WHERE imp_uid = :uid"), {"uid": UID}).scalar_one()
    assert told == 7_000
    assert totals_kept(store) == totals_recounted(store)


def test_a_second_pass_does_nothing_and_a_day_earlier_nothing_is_due(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    last = past_before(NOW, 5)
    assert anonymise(sqlite_store, PAID_AT + 5 * 365 * DAY, 5) == {}
    assert last > PAID_AT
    assert anonymise(sqlite_store, NOW, 5)
    with reading(sqlite_store) as conn:
        assert not is_due(conn, NOW)
        assert is_due(conn, NOW + DAY)
    assert anonymise(sqlite_store, NOW + DAY, 5) == {}


@pytest.mark.parametrize(
    ("at", "years", "kept"),
    [
        ("2025-11-30 12:00", 5, "2020-11-30 00:00"),
        ("2024-02-29 00:00", 5, "2019-02-28 00:00"),
        ("2025-11-30 00:30", 7, "2018-11-30 00:00"),
    ],
)
def test_a_term_ends_with_its_day_in_korea(at: str, years: int, kept: str) -> None:
    from datetime import datetime

    def moment(told: str) -> float:
        return datetime.strptime(told, "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL).timestamp()

    assert past_before(moment(at), years) == moment(kept)


def test_a_refund_of_later_keeps_its_payment_and_what_comes_after_it_is_done_all_the_same(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    late = planted_payment("imp_777000000002", PAID_AT, cancelled_at=PAID_AT + 400 * DAY)
    others = [planted_payment(f"imp_7770000001{number:02d}", PAID_AT + number) for number in range(7)]
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [late, *others], as_of=1)
    assert anonymise(sqlite_store, NOW, 5) == {"payments": 7}
    assert buyer_of(sqlite_store, "imp_777000000002")[:2] == (NAME, TEL)
    assert anonymise(sqlite_store, NOW + 401 * DAY, 5) == {"payments": 1}


def test_a_payment_that_is_read_for_the_first_time_when_its_term_is_over_is_found(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    anonymise(sqlite_store, NOW, 5)
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment("imp_777000000003", PAID_AT - 900 * DAY)], as_of=1)
    assert anonymise(sqlite_store, NOW + DAY, 5) == {"payments": 1}
    assert found_in_rows(sqlite_store) == []


def test_a_pass_that_dies_between_two_transactions_goes_on_where_it_was(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    chance, rows = random.Random(7), [planted_payment(f"imp_7770000002{n:02d}", PAID_AT + n) for n in range(20)]
    with writing(sqlite_store) as conn:
        upsert_payments(conn, rows, as_of=1)
    before, total = figures(sqlite_store), 0
    for _ in range(40):
        steps = chance.randrange(4)

        def dies(left: list[int] = [steps]) -> bool:  # noqa: B006 - a count of this turn's own
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return False

        try:
            anonymise(sqlite_store, NOW, 5, dies)
            break
        except KeyboardInterrupt:
            with reading(sqlite_store) as conn:
                now = conn.execute(text("SELECT count(*) FROM payment WHERE anonymous_at IS NOT NULL")).scalar_one()
            assert now >= total
            total = now
    assert found_in_rows(sqlite_store) == []
    assert figures(sqlite_store) == before


def test_what_was_asked_for_stays_without_whose_it_was() -> None:
    asked = {
        "amount": 1_000, "refund_bank": "088", "refund_holder": NAME, "customer_uid": "key", "identifier_kind": "phone",
        "schedules": [{"merchant_uid": "m1", "amount": 900, "extras": {"buyer_tel": TEL, "notice": "a"}}],
        "identifier_end": "4286", "sender": {"name": "상점", "tel": "02-1234-5678"}, "custom_data": NAME,
    }  # fmt: skip
    assert json.loads(anonymous_request(json.dumps(asked))) == {
        "amount": 1_000, "schedules": [{"merchant_uid": "m1", "amount": 900, "extras": {"notice": "a"}}],
        "refund_bank": "088", "customer_uid": "key", "identifier_kind": "phone",
        "sender": {"name": "상점", "tel": "02-1234-5678"},
    }  # fmt: skip


def test_neither_a_sync_nor_a_reading_brings_a_buyer_back(sqlite_store: Engine) -> None:
    sandbox, clock = make_sandbox(payments=400)
    with closing(make_gateway(sandbox, clock)) as gateway:
        sync(gateway, sqlite_store, days=400, full=True)
        before = figures(sqlite_store)
        anonymise(sqlite_store, clock() + TERM + 30 * DAY, 5)
        uid = next(uid for uid, row in sandbox.world.payments.items() if row["status"] == "paid" and row["buyer_name"])
        sandbox.world.payments.put(uid, sandbox.world.payments[uid] | {"name": "다른 상품"})
        sync(gateway, sqlite_store, days=400, full=True)
        assert read_again(gateway, sqlite_store, uid) is False
        read_key_again(gateway, sqlite_store, next(iter(sandbox.world.billing_keys)))
    with reading(sqlite_store) as conn:
        left = "SELECT count(*) FROM {} WHERE anonymous_at IS NULL OR {} IS NOT NULL"
        for table, column in (("payment", "buyer_name"), ("schedule", "buyer_tel")):  # each key has something booked
            sql = f"SELECT count(*), count({column}) FROM {table} WHERE anonymous_at > 0"
            many, theirs = conn.execute(text(sql)).one()
            assert (many > 0, theirs) == (True, 0), table
        assert conn.execute(text(left.format("payment", "buyer_name"))).scalar_one() == 0
        told = conn.execute(text("SELECT name FROM payment WHERE imp_uid = :uid"), {"uid": uid}).scalar_one()
        assert told == "다른 상품"
        assert conn.execute(text("SELECT sum(drift) FROM sync_window")).scalar_one() == 0
    assert figures(sqlite_store)[0] == before[0]
    assert index_kept(sqlite_store) == index_rebuilt(sqlite_store)
    require_whole(sqlite_store, "a sandbox's rows")
