"""Orders at which nobody looks any more are found by what the mirror says, a part of them at a time."""

from typing import Any

from sqlalchemy import Engine

from services.checkout import attempts
from services.clock import DAY
from services.store.engine import reading, writing
from services.store.sql import table
from services.store.writes.payments import upsert_payments
from services.tables.checkouts import AttemptState, CheckoutAttempt
from tests.worlds.screens.screens import payment

MANY = 12_000
NOW = 1_790_000_000


def left(store: Engine, **values: Any) -> None:
    """So many orders that were left within 39 days, ten of them in each second."""
    rows = [
        {"merchant_uid": f"L{n}-1-00", "checkout_id": n, "state": AttemptState.FAILED.value, "look_at": 0, "looks": 7,
         "began_at": NOW - 39 * DAY + n // 10, "state_at": 0, "confirmed_at": 0, "read_at": 0} | values
        for n in range(MANY)
    ]  # fmt: skip
    with writing(store) as conn:
        conn.execute(table(CheckoutAttempt).insert(), rows)


def test_all_parts_together_find_every_order_that_was_paid_after_all(store: Engine) -> None:
    left(store)
    late = [0, 4_999, 5_000, 5_001, 9_999, MANY - 1]
    paid = [payment(f"imp_{n:012d}", NOW, "paid", 1_000, merchant_uid=f"L{n}-1-00") for n in late]
    other = payment("imp_x", NOW, "failed", 1_000, merchant_uid="L7-1-00")
    with writing(store) as conn:
        upsert_payments(conn, [*paid, other], as_of=NOW * 1000)
    found, since, parts = set[str](), 0, 0
    with reading(store) as conn:
        while parts == 0 or since:
            orders, since = attempts.left_behind(conn, NOW, since)
            found, parts = found | set(orders), parts + 1
    assert found == {f"L{n}-1-00" for n in late}
    assert parts == 3
    with writing(store) as conn:
        attempts.look_again(conn, sorted(found), NOW)
        assert set(attempts.due(conn, NOW)) == found
        # Whoever is waited for already is nobody's left order.
        assert attempts.left_behind(conn, NOW)[0] == []


def test_what_began_more_than_forty_days_ago_is_left_for_good(store: Engine) -> None:
    left(store, began_at=NOW - 41 * DAY)
    row = payment("imp_1", NOW, "paid", 1_000, merchant_uid="L1-1-00")
    with writing(store) as conn:
        upsert_payments(conn, [row], as_of=NOW * 1000)
    with reading(store) as conn:
        assert attempts.left_behind(conn, NOW) == ([], 0)
