"""Sub-stores: each is mirrored, each row says its store, and with none set nothing is asked of any."""

import time

import pytest
import stamina
from sqlalchemy import Engine

from services.errors import NotFound
from services.mirror.keep import read_again, read_billing_key, read_key_again, read_schedule_again
from services.mirror.look_up import look_up
from services.mirror.single.selection import read_selection
from services.mirror.sync import sync
from services.sandbox.faults import Fault, Plan
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.payments import search_payments
from services.store.lists.system import freshness, list_sync_runs, marks, whole_is_due
from services.store.lists.totals import count_payments, facet_values
from services.store.sql import fetch
from services.store.tiers import MAIN
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark
from tests.worlds.sub_stores import ORDER, Chain

_PAYMENTS = {"imp_MAIN": "", "imp_ABC": "ABC", "imp_DEF": "DEF"}


@pytest.fixture
def chain() -> Chain:
    return Chain()


def _tiers(engine: Engine, table: str, key: str) -> dict[str, str]:
    with reading(engine) as conn:
        return dict(fetch(conn, f"SELECT {key}, tier FROM {table}"))


def test_every_store_is_read_and_every_row_says_which_is_its_own(store: Engine, chain: Chain) -> None:
    result = sync(chain.gateway, store, days=100)
    assert (result.payments, result.schedules, result.billing_keys) == (3, 3, 3)
    assert _tiers(store, "payment", "imp_uid") == _PAYMENTS
    assert _tiers(store, "schedule", "merchant_uid") == {"booked-MAIN": "", "booked-ABC": "ABC", "booked-DEF": "DEF"}
    assert _tiers(store, "billing_key", "customer_uid") == {"key-MAIN": "", "key-ABC": "ABC", "key-DEF": "DEF"}
    with reading(store) as conn:
        assert freshness(conn).last_error is None
        # One order number, three orders.
        assert {row.merchant_uid for row in search_payments(conn, PaymentFilter(), limit=10).rows} == {ORDER}
        assert facet_values(conn).tiers == (MAIN, "ABC", "DEF")
        for tiers, count in (({"ABC"}, 1), ({MAIN, "DEF"}, 2), (set(), 3)):
            chosen = PaymentFilter(tiers=frozenset(tiers))
            assert count_payments(conn, chosen).n == count
            assert len(search_payments(conn, chosen, limit=10).rows) == count


def test_a_sub_store_that_changes_is_brought_up_to_date_and_counted_for_itself(store: Engine, chain: Chain) -> None:
    sync(chain.gateway, store, days=100)
    chain.asked.clear()
    chain.at += 60
    chain.sandbox.worlds["ABC"].refund("imp_ABC", 4_000, "단순 변심", int(chain.at))
    assert sync(chain.gateway, store, days=100).changed == 1
    with reading(store) as conn:
        assert fetch(conn, "SELECT imp_uid, cancel_amount FROM payment WHERE cancel_amount > 0") == [("imp_ABC", 4_000)]
        assert [run.drift for run in list_sync_runs(conn, 9)] == [0, 0]
        assert {"as_of", "as_of ABC", "as_of DEF", "backfilled ABC"} <= marks(conn).keys()
    # Nothing was read whole a second time: no page of a thousand.
    assert sync(chain.gateway, store, days=100).changed == 0


def test_with_no_tiers_no_request_carries_the_header_and_the_main_store_is_all_there_is(
    store: Engine, chain: Chain
) -> None:
    gateway = chain.client(())
    assert sync(gateway, store, days=100).payments == 1
    assert not look_up(gateway, store, "imp_ABC")
    read_again(gateway, store, "imp_MAIN")
    read_key_again(gateway, store, "key-MAIN")
    assert chain.tiers_asked == {""}
    with reading(store) as conn:
        assert facet_values(conn).tiers == ()
        assert not [name for name in marks(conn) if " " in name]


def test_a_store_that_nobody_has_is_told_and_holds_no_other_up(store: Engine, chain: Chain) -> None:
    gateway = chain.client(("XYZ", "DEF"))
    assert sync(gateway, store, days=100).payments == 2
    with reading(store) as conn:
        told = freshness(conn).last_error or ""
        assert freshness(conn).as_of is not None
    assert "XYZ" in told
    assert "DEF" not in told


def test_what_is_here_is_read_again_in_its_store_alone(store: Engine, chain: Chain) -> None:
    sync(chain.gateway, store, days=100)
    chain.asked.clear()
    read_again(chain.gateway, store, "imp_ABC")
    read_schedule_again(chain.gateway, store, "booked-ABC")
    read_key_again(chain.gateway, store, "key-ABC")
    read_billing_key(chain.gateway, store, "key-ABC")
    assert read_selection(chain.gateway, store, ["imp_ABC"]).read == 1
    assert chain.tiers_asked == {"ABC"}
    assert _tiers(store, "payment", "imp_uid") == _PAYMENTS


def test_what_is_not_here_is_looked_for_in_each_store(store: Engine, chain: Chain) -> None:
    read_again(chain.gateway, store, "imp_DEF")
    assert look_up(chain.gateway, store, ORDER)
    assert _tiers(store, "payment", "imp_uid") == _PAYMENTS
    with pytest.raises(NotFound):
        read_again(chain.gateway, store, "imp_none")


def test_a_booking_under_a_number_that_another_store_has_leaves_that_ones_alone(store: Engine, chain: Chain) -> None:
    sync(chain.gateway, store, days=100)
    world = chain.sandbox.worlds["ABC"]
    world.put_schedule(world.schedules["booked-ABC"] | {"merchant_uid": "booked-MAIN", "amount": 1})
    sync(chain.gateway, store, days=100)
    with reading(store) as conn:
        rows = fetch(conn, "SELECT amount, tier FROM schedule WHERE merchant_uid = 'booked-MAIN'")
    assert rows == [(9_900, "")]


def test_a_store_says_what_it_is_called(chain: Chain) -> None:
    assert chain.gateway.tier_name("ABC").tier_name == "강남점"
    with pytest.raises(NotFound):
        chain.gateway.tier_name("XYZ")


def test_what_waits_for_a_whole_reading_waits_for_every_store(store: Engine, chain: Chain) -> None:
    sync(chain.gateway, store, days=100)
    now = int(time.time())
    with writing(store) as conn:
        set_mark(conn, MirrorMark.DEEP_AT, str(now - 1), now)
        set_mark(conn, MirrorMark.WHOLE_FROM, f"{now} 0", now)
    # One that is not shown, one that nobody names any more, each; then all of them, though a day alone was asked for.
    for tiers, due in ((("ABC", "DEF", "ZZZ"), True), (("ABC",), True), (("ABC", "DEF"), False)):
        chain.asked.clear()
        sync(chain.client(tiers), store, days=1)
        with reading(store) as conn:
            assert whole_is_due(marks(conn)) == due
            assert bool(freshness(conn).last_error) == due
    asked = [path for _method, path, tier in chain.asked if tier == "DEF"]
    assert sum(path.startswith("/payments/status") for path in asked) >= 2


def test_a_sub_store_that_answers_nothing_keeps_no_other_one_waiting(store: Engine, chain: Chain) -> None:
    of_abc = Plan(Fault.BAD_GATEWAY, times=99, picks=lambda request: request.headers.get("tier") == "ABC")
    chain.sandbox.plans.append(of_abc)
    with stamina.set_testing(True, attempts=2):
        assert sync(chain.gateway, store, days=100).payments == 2
    with reading(store) as conn:
        assert freshness(conn).as_of is not None
        assert "ABC" in (freshness(conn).last_error or "")
