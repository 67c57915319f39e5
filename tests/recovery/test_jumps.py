"""Jumps of the failure rate: an outage is told from ordinary failures, and ordinary days raise no alarm."""

import random
from math import comb

import pytest
from sqlalchemy import Engine

from services.recovery.jumps import FailureRate, chance_of, failure_rates
from services.store.engine import reading
from tests.worlds.recovery_shop import BANK, NO_MONEY, Shop
from tests.worlds.rows.times import at


def rates(shop: Shop) -> dict[str, FailureRate]:
    with reading(shop.engine) as conn:
        return {one.pg_provider: one for one in failure_rates(conn, shop.clock())}


def charged(shop: Shop, day: str, hour: int, paid: int, failed: int, reason: str = NO_MONEY, pg: str = "kcp") -> None:
    """Charges on a key within an hour, as the gateway has them."""
    begin = at(f"{day} {hour:02d}:00")
    for number in range(paid + failed):
        ended = begin + number * 3_500 // (paid + failed)
        how = {"status": "paid", "paid_at": ended}
        if number >= paid:
            how = {"status": "failed", "failed_at": ended, "fail_reason": reason}
        own = {"customer_uid": "key0", "customer_uid_usage": "payment", "pg_provider": pg}
        shop.world.add_payment(9_900, ended, **own, **how)


def four_weeks(engine: Engine) -> Shop:
    """Four weeks in which one charge of twenty failed at each of two PGs, and a morning of today as usual."""
    shop = Shop(engine)
    for pg in ("kcp", "nice_v2"):
        for day in range(1, 29):
            charged(shop, f"2026-10-{day:02d}", 10, 19, 1, pg=pg)
    return shop


@pytest.fixture
def shop(sqlite_store: Engine) -> Shop:
    return four_weeks(sqlite_store)


def test_an_outage_of_one_pg_is_told_and_the_other_is_not_blamed(store: Engine) -> None:
    shop = four_weeks(store)
    charged(shop, "2026-10-29", 9, 20, 12, BANK)
    charged(shop, "2026-10-29", 9, 30, 2, pg="nice_v2")
    shop.until("2026-10-29 10:30")
    found = rates(shop)
    assert (found["kcp"].tried, found["kcp"].failed, found["kcp"].jumped) == (32, 12, True)
    assert (found["kcp"].usual_tried, found["kcp"].usual_failed) == (560, 28)
    assert found["kcp"].reasons == ((BANK, 12),)
    assert not found["nice_v2"].jumped
    assert list(found) == ["kcp", "nice_v2"]


def test_ordinary_failures_are_no_jump(shop: Shop) -> None:
    charged(shop, "2026-10-29", 9, 28, 4)
    shop.until("2026-10-29 10:30")
    assert not rates(shop)["kcp"].jumped


def test_what_is_over_is_no_jump_of_now(shop: Shop) -> None:
    charged(shop, "2026-10-29", 2, 20, 12)
    charged(shop, "2026-10-29", 9, 20, 1)
    shop.until("2026-10-29 10:30")
    assert (rates(shop)["kcp"].tried, rates(shop)["kcp"].jumped) == (21, False)


def test_a_pg_of_which_nothing_is_known_is_not_blamed(shop: Shop) -> None:
    charged(shop, "2026-10-29", 9, 0, 10, pg="new")
    shop.until("2026-10-29 10:30")
    assert (rates(shop)["new"].chance, rates(shop)["new"].jumped) == (1.0, False)


def test_registrations_and_ordinary_payments_do_not_count(shop: Shop) -> None:
    begin = at("2026-10-29 09:00")
    for number in range(20):
        usage = "issue" if number % 2 else None
        own = {"customer_uid": "key0" if usage else None, "customer_uid_usage": usage, "pg_provider": "kcp"}
        shop.world.add_payment(9_900, begin, status="failed", failed_at=begin, fail_reason=BANK, **own)
    shop.until("2026-10-29 10:30")
    assert "kcp" not in rates(shop)


def test_the_chance_is_the_binomial_s() -> None:
    """At the upper end of the interval of 50 in 1,000, worked out by hand: 0.062602."""
    rate = 0.062602
    tail = 1 - sum(comb(10, k) * rate**k * (1 - rate) ** (10 - k) for k in range(3))
    assert chance_of(3, 10, 50, 1_000) == pytest.approx(tail, rel=0.001)
    assert chance_of(0, 10, 50, 1_000) == 1.0
    assert chance_of(5_000, 5_000, 50, 1_000) == 0.0


def test_as_usual_it_is_called_a_jump_less_often_than_once_in_a_thousand_hours() -> None:
    chance = random.Random(4)
    alarms = 0
    for _ in range(5_000):
        usual = sum(chance.random() < 0.05 for _ in range(600))
        failed = sum(chance.random() < 0.05 for _ in range(60))
        alarms += chance_of(failed, 60, usual, 600) < 0.001
    assert alarms <= 5


def test_half_of_twenty_failing_is_always_seen() -> None:
    assert chance_of(10, 20, 40, 600) < 0.001 / 12
