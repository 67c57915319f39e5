"""The list of escrow deliveries: who waits longest first, pages both ways, counts up to a cap, one index range."""

import pytest
from sqlalchemy import Engine

from services.clock import DAY, day_of
from services.escrow import delivery_list
from services.escrow.delivery_list import DeliveryFilter, count_states, count_waiting, list_deliveries
from services.escrow.kept import keep_delivery
from services.store.engine import reading, writing
from services.store.lists.filters import Live
from services.store.sql import fetch
from services.store.writes.payments import upsert_payments
from services.tables.escrow import DeliveryState
from tests.worlds.screens.screens import payment

NOW, MANY = 1_790_000_000, 60
WAITING = frozenset({DeliveryState.TO_ENTER.value})


def uid(number: int) -> str:
    return f"imp_{number:012d}"


@pytest.fixture
def shop(store: Engine) -> Engine:
    """Sixty payments by escrow, an hour apart, each third of them sent; and others that are none of it."""
    own = {"pg_provider": "html5_inicis", "pay_method": "trans", "escrow": True}
    rows = [payment(uid(number), NOW - number * 3_600, "paid", 1_000, **own) for number in range(MANY)]
    rows += [
        payment("imp_test", NOW, "paid", 1_000, sandbox=True, **own),
        payment("imp_nice", NOW, "paid", 1_000, **own | {"pg_provider": "nice"}),
        payment("imp_card", NOW, "paid", 1_000, pg_provider="html5_inicis"),
        payment("imp_gone", NOW, "cancelled", 1_000, cancel_amount=1_000, **own),
    ]
    with writing(store) as conn:
        upsert_payments(conn, rows, as_of=NOW * 1000)
        for number in range(0, MANY, 3):
            told = {"company": "EPOST", "invoice": f"68{number:08d}", "sent_at": NOW, "applied_at": NOW}
            keep_delivery(conn, uid(number), told, by=None, read_at=NOW)
    return store


def test_those_that_wait_come_the_oldest_first_page_by_page_and_back(shop: Engine) -> None:
    chosen, found, cursor = DeliveryFilter(WAITING, Live.LIVE), [], None
    with reading(shop) as conn:
        while True:
            page = list_deliveries(conn, chosen, limit=15, before=cursor)
            found += [row.imp_uid for row in page.rows]
            if page.older is None:
                break
            cursor = page.older
        back = list_deliveries(conn, chosen, limit=15, after=page.newer)
    assert found == [uid(number) for number in reversed(range(MANY)) if number % 3]
    assert [row.imp_uid for row in back.rows] == found[-len(page.rows) - 15 : -len(page.rows)]


def test_all_of_them_come_the_latest_first_and_an_id_leaves_all_else_aside(shop: Engine) -> None:
    with reading(shop) as conn:
        assert [row.imp_uid for row in list_deliveries(conn, DeliveryFilter(live=Live.LIVE), limit=2).rows] == [
            uid(0), uid(1),
        ]  # fmt: skip
        exact = list_deliveries(conn, DeliveryFilter(WAITING, text="6800000003", from_day=1, to_day=2))
    assert ([row.imp_uid for row in exact.rows], exact.exact) == ([uid(3)], True)


def test_counts_are_those_of_the_rows_and_end_at_the_cap(shop: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(shop) as conn:
        states = count_states(conn, DeliveryFilter(live=Live.LIVE))
        assert {state: count.n for state, count in states.items()} == {"to_enter": 40, "entered": 20}
        today = day_of(NOW)
        assert count_waiting(conn, today, today).n == sum(
            day_of(NOW - number * 3_600) == today for number in range(MANY) if number % 3
        )
        monkeypatch.setattr(delivery_list, "COUNTED", 5)
        assert count_waiting(conn, today - 90, today).capped
        capped = count_states(conn, DeliveryFilter(live=Live.LIVE)).values()
        assert [(count.n, count.capped) for count in capped] == [(5, True), (5, True)]


def test_the_list_reads_one_index_range(sqlite_store: Engine) -> None:
    with reading(sqlite_store) as conn:
        found = delivery_list._narrowed(conn, DeliveryFilter(from_day=day_of(NOW - 90 * DAY), to_day=day_of(NOW)))
        order = "ORDER BY p.paid_at, p.imp_uid"
        sql = f"EXPLAIN QUERY PLAN SELECT p.imp_uid FROM {found.source} WHERE {found.where} {order}"
        plan = " ".join(str(row[3]) for row in fetch(conn, sql, found.values))
    assert "payment_escrow" in plan
    assert "TEMP B-TREE" not in plan
