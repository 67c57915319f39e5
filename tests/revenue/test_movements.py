"""Movements of MRR add up, whatever was charged and in whichever order it became known."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from services.clock import DAY, day_of
from services.months import month_of_day, months_between, previous_month
from services.revenue.cohorts import cohorts
from services.revenue.mrr import MrrMonth, by_value, mrr_months
from services.store.engine import reading, writing
from services.store.lists.subscriptions import SubscriptionFilter, list_subscriptions, moved_by, moved_sums
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.subscriptions.keep import refresh_chains
from services.tables.revenue import Movement
from tests.worlds.mirrors import Stores
from tests.worlds.screens.screens import payment
from tests.worlds.seeds import seeds

NOW = 1_790_000_000
LONGEST = 26
STEPS = (7, 14, 28)
PRICES = (9_900, 14_900, 33_000)
SIGNS = {
    Movement.NEW: 1,
    Movement.EXPANSION: 1,
    Movement.CONTRACTION: -1,
    Movement.CHURN: -1,
    Movement.REACTIVATION: 1,
}

Charge = tuple[bool, bool, int]
"""Whether it was tried, whether it was paid, and its price's number."""
charges = st.lists(
    st.tuples(
        st.sampled_from([True, True, True, True, False]),
        st.sampled_from([True, True, True, False]),
        st.sampled_from([0, 0, 0, 0, 1, 2]),
    ),
    min_size=3,
    max_size=LONGEST,
)
subscriptions = st.lists(st.tuples(st.sampled_from(STEPS), charges, st.booleans()), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    return Stores(tmp_path_factory.mktemp("movements"))


def writes_of(number: int, step: int, tried: list[Charge], running: bool) -> Iterator[PaymentWrite]:
    """The charges of one key: every `step` days up to now, or up to a year ago where it is not running."""
    last = NOW - DAY - (0 if running else 180 * DAY)
    for place, (was_tried, paid, price) in enumerate(tried):
        if was_tried:
            at = last - (len(tried) - 1 - place) * step * DAY
            uid, status = f"imp_{number}_{place}", "paid" if paid else "failed"
            own = {"customer_uid": f"key_{number}", "customer_uid_usage": "payment.scheduled"}
            yield payment(uid, at, status, PRICES[price], name=f"플랜 {number % 2}", **own)


def learn(engine: Engine, writes: list[PaymentWrite]) -> None:
    with writing(engine) as conn:
        upsert_payments(conn, writes, as_of=NOW * 1000)
    refresh_chains(engine, NOW)


@contextmanager
def known(stores: Stores, *parts: list[PaymentWrite]) -> Iterator[Connection]:
    """A store that learnt of these one after another."""
    with stores.new() as engine:
        for part in parts:
            learn(engine, part)
        with reading(engine) as conn:
            yield conn


def rows(conn: Connection, table: str) -> list[Any]:
    order = "customer_uid, month" if table == "mrr_movement" else "field, month, value, kind, churn"
    return [tuple(row) for row in conn.exec_driver_sql(f"SELECT * FROM {table} ORDER BY {order}")]


def require_sense(conn: Connection, months: list[MrrMonth]) -> None:
    """Each month's movements are its change in MRR; cohorts, PGs and plans come to the same."""
    for before, month in pairwise(months):
        moved = month.new + month.expansion + month.contraction + month.reactivation + month.churn
        assert month.mrr - before.mrr == moved
        came = month.new_subscribers + month.reactivated_subscribers - month.churned_subscribers
        assert month.subscribers - before.subscribers == came
        assert month.mrr >= 0 <= month.subscribers
        assert (month.mrr == 0) == (month.subscribers == 0)
        for field in ("pg_provider", "name"):
            parts = by_value(conn, field, month.month)
            assert sum(part.amount for part in parts) == moved
            assert all(part.amount * SIGNS[part.kind] > 0 for part in parts)
    last = months[-1]
    held = [one.kept[-1] for one in cohorts(conn, months[0].month, last.month)]
    assert (sum(kept[1] for kept in held), sum(kept[2] for kept in held)) == (last.subscribers, last.mrr)


@settings(
    max_examples=seeds(2_000, least=60),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(subscriptions, st.randoms(use_true_random=False), st.integers(0, 40))
def test_movements_add_up_every_month_in_whichever_order_charges_became_known(
    stores: Stores, made: list[tuple[int, list[Charge], bool]], chance: Any, cut: int
) -> None:
    writes = [write for number, one in enumerate(made) for write in writes_of(number, *one)]
    shuffled = list(writes)
    chance.shuffle(shuffled)
    first = previous_month(month_of_day(day_of(NOW - (LONGEST * max(STEPS) + 200) * DAY)))
    span = first, month_of_day(day_of(NOW))
    with known(stores, writes) as at_once, known(stores, shuffled[:cut], shuffled[cut:]) as bit_by_bit:
        months = mrr_months(at_once, *span)
        assert [month.month for month in months] == months_between(*span)
        require_sense(at_once, months)
        assert mrr_months(bit_by_bit, *span) == months
        assert rows(bit_by_bit, "mrr_movement") == rows(at_once, "mrr_movement")
        kept = [[row for row in rows(conn, "mrr_total") if row[6]] for conn in (bit_by_bit, at_once)]
        assert kept[0] == kept[1]


def in_every_way() -> list[PaymentWrite]:
    """Charges of three keys that move MRR in each way that there is."""
    good, none = (True, True, 0), (False, True, 0)
    return [
        *writes_of(0, 7, [good] * 8 + [(True, True, 1)] * 6 + [good] * 6, True),
        *writes_of(1, 7, [good] * 10 + [none] * 8 + [good] * 4, True),
        *writes_of(2, 7, [good] * 20, False),
    ]


def test_the_made_up_subscriptions_do_move_mrr_in_every_way(stores: Stores) -> None:
    """So that what is claimed above is claimed of something."""
    with known(stores, in_every_way()) as conn:
        kinds = {row[0] for row in conn.exec_driver_sql("SELECT kind FROM mrr_movement")}
    assert kinds == {kind.value for kind in Movement}


def test_the_rows_behind_a_movement_say_what_each_moved_and_add_up_to_it(stores: Stores) -> None:
    span = month_of_day(day_of(NOW - 400 * DAY)), month_of_day(day_of(NOW))
    told = 0
    with known(stores, in_every_way()) as conn:
        for month in mrr_months(conn, *span):
            for kind in Movement:
                chosen = SubscriptionFilter(month=month.month, moved=kind, currency="KRW")
                uids = [row.customer_uid for row in list_subscriptions(conn, chosen).rows]
                moved = moved_by(conn, chosen, uids)
                assert set(moved) == set(uids)
                assert sum(moved.values()) == getattr(month, kind.value)
                assert moved_sums(conn, chosen) == ([("KRW", getattr(month, kind.value))] if uids else [])
                told += len(uids)
    assert told >= len(Movement)
