"""Upserts: whatever changes in a payment, what is kept beside the rows is what the rows say."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import Engine

from services.store.engine import reading, writing
from services.store.writes.payments import PaymentWrite
from tests.worlds.recount import index_kept, index_rebuilt, totals_kept, totals_recounted
from tests.worlds.rows.payment_rows import fill, plain

_DAY = 86_400
_TABLES = ("payment", "cancellation", "daily_total", "facet", "payment_gram")


def column(engine: Engine, name: str) -> dict[str, Any]:
    with reading(engine) as conn:
        return {row[0]: row[1] for row in conn.exec_driver_sql(f"SELECT imp_uid, {name} FROM payment")}


def mutated(chance: random.Random, write: PaymentWrite) -> PaymentWrite:
    """The payment after one of the things that can happen to it, likely or not."""
    values, refunds = dict(write.values), [dict(one) for one in write.cancellations]
    match chance.randrange(8):
        case 0:
            at = values["started_at"] + chance.randrange(400) * _DAY
            refunds.append(
                {"amount": chance.randrange(1, 500), "cancelled_at": at, "reason": chance.choice("파변오단")}
            )
            values["cancel_amount"] += refunds[-1]["amount"]
        case 1:
            refunds = refunds[1:]
        case 2:
            values |= {"status": "paid", "paid_at": values["started_at"] + chance.randrange(3 * _DAY), "failed_at": 0}
        case 3:
            values |= {"status": "failed", "failed_at": values["started_at"] + 5, "paid_at": 0, "cancelled_at": 0}
        case 4:
            values |= {"status": "cancelled", "cancelled_at": values["started_at"] + chance.randrange(90 * _DAY)}
        case 5:
            values |= {"sandbox": not values["sandbox"], "currency": chance.choice(("KRW", "USD", "JPY"))}
        case 6:
            values |= {"amount": chance.randrange(100, 90_000), "buyer_name": chance.choice(("김민", "남궁도윤", None))}
        case _:
            values |= {"started_at": values["started_at"] - _DAY, "status": chance.choice(("ready", "settling"))}
    return PaymentWrite(values, refunds, chance.randbytes(16))


@pytest.mark.parametrize("seed", range(3))
def test_totals_and_index_equal_the_rows_after_random_changes(store: Engine, seed: int) -> None:
    chance, writes = random.Random(seed), plain(300, seed)
    fill(store, writes)
    for as_of in range(2, 8):
        for at in chance.sample(range(len(writes)), 80):
            writes[at] = mutated(chance, writes[at])
        fill(store, chance.sample(writes, len(writes)), as_of)
    assert totals_kept(store) == totals_recounted(store)
    assert index_kept(store) == index_rebuilt(store)
    assert column(store, "amount") == {write.values["imp_uid"]: write.values["amount"] for write in writes}


def test_writers_at_the_same_time_keep_totals_and_index_exact(store: Engine) -> None:
    writes = plain(400)

    def write_in_another_order(seed: int) -> None:
        chance = random.Random(seed)
        for as_of in range(1, 7):
            batch = [mutated(chance, write) for write in chance.sample(writes, 120)]
            fill(store, batch, as_of)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_in_another_order, range(4)))
    assert totals_kept(store) == totals_recounted(store)
    assert index_kept(store) == index_rebuilt(store)


def versions(engine: Engine) -> Any:
    """What moves with every write: SQLite's count of changed rows, PostgreSQL's version of each."""
    with writing(engine) as conn:
        if engine.dialect.name == "sqlite":
            driver: Any = conn.connection.driver_connection
            return driver.total_changes
        sql = "SELECT xmin::text::bigint, ctid::text FROM {}"
        return [conn.exec_driver_sql(sql.format(table)).fetchall() for table in _TABLES]


def test_an_unchanged_batch_touches_no_row_of_any_table(store: Engine) -> None:
    writes = plain(200)
    fill(store, writes)
    before = versions(store)
    assert fill(store, writes, as_of=2) == (0, 0)
    assert versions(store) == before


def test_an_equal_payment_without_a_digest_is_confirmed_not_changed(store: Engine) -> None:
    writes = plain(20)
    fill(store, [PaymentWrite(write.values, write.cancellations, None) for write in writes])
    totals = totals_kept(store)
    assert fill(store, writes, as_of=2) == (0, 20)
    assert totals_kept(store) == totals
    assert fill(store, writes, as_of=3) == (0, 0)


def test_an_older_answer_changes_neither_row_nor_totals_nor_index(store: Engine) -> None:
    chance, writes = random.Random(1), plain(100)
    fill(store, writes, as_of=10)
    before = (column(store, "digest"), totals_kept(store), index_kept(store))
    assert fill(store, [mutated(chance, write) for write in writes], as_of=9) == (0, 0)
    assert (column(store, "digest"), totals_kept(store), index_kept(store)) == before


def test_an_id_that_comes_twice_in_a_batch_is_one_payment_the_latter(store: Engine) -> None:
    write = plain(1)[0]
    latter = PaymentWrite(write.values | {"amount": 77}, [], b"latter")
    assert fill(store, [write, latter]).changed == 1
    assert list(column(store, "amount").values()) == [77]
    assert totals_kept(store) == totals_recounted(store)


def at_one_place(count: int) -> list[PaymentWrite]:
    """Payments of one second whose bits of imp_uid are the same."""
    base, wanted, found = plain(1)[0], None, []
    for number in range(60_000_000):
        uid = f"imp_{number}"
        bits = crc32(uid.encode()) & 0xFFFFF
        wanted = bits if wanted is None else wanted
        if bits == wanted:
            found.append(PaymentWrite(base.values | {"imp_uid": uid, "merchant_uid": uid}, [], uid.encode()))
        if len(found) == count:
            break
    return found


def test_payments_that_want_one_place_stand_side_by_side_and_stay_there(store: Engine) -> None:
    first, second, third = at_one_place(3)
    fill(store, [first, second])
    fill(store, [third])
    places = column(store, "position")
    assert sorted(places.values()) == [min(places.values()) + step for step in range(3)]
    fill(store, [PaymentWrite(one.values | {"amount": 5}, [], b"") for one in (third, second, first)], as_of=2)
    assert column(store, "position") == places
    assert index_kept(store) == index_rebuilt(store)


def test_payments_that_change_places_do_not_collide(store: Engine) -> None:
    first, second = at_one_place(2)
    later = second.values["paid_at"] + 60
    fill(store, [first, PaymentWrite(second.values | {"paid_at": later}, [], b"later")])
    swapped = [
        PaymentWrite(first.values | {"paid_at": later}, [], b"a"),
        PaymentWrite(second.values, [], b"b"),
    ]
    fill(store, swapped, as_of=2)
    assert column(store, "status_at") == {
        first.values["imp_uid"]: later,
        second.values["imp_uid"]: second.values["paid_at"],
    }
    assert index_kept(store) == index_rebuilt(store)


def test_a_payment_that_was_never_paid_leaves_the_day_it_was_paid_in(store: Engine) -> None:
    write = next(one for one in plain(50) if one.values["status"] == "paid")
    fill(store, [write])
    fill(store, [PaymentWrite(write.values | {"status": "ready", "paid_at": 0}, [], b"x")], as_of=2)
    assert not [key for key in totals_kept(store) if isinstance(key, tuple) and key[0] == "paid"]
    assert totals_kept(store) == totals_recounted(store)


def test_the_order_in_which_payments_come_makes_no_difference_to_the_index(store: Engine) -> None:
    writes = plain(300)
    fill(store, writes[::-1])
    assert index_kept(store) == index_rebuilt(store)
