"""The list of what waits for money: what ends first on top, by an index of terms, and no row lost to a strange one."""

import pytest
from sqlalchemy import Engine

from services.clock import DAY, day_of
from services.store.engine import reading, writing
from services.store.lists.keyset import Order
from services.store.sql import fetch
from services.store.writes.payments import upsert_payments
from services.vbanks import waiting_list
from services.vbanks.waiting_list import WaitingFilter, WaitingState, list_waiting
from tests.worlds.screens.screens import payment

NOW = 1_790_000_000
TERMS = {
    "overdue": -3_600,
    "strange": -40 * DAY,
    "soon": 3_600,
    "later": 5 * DAY,
    "none": None,
    "zero": 0,
}
"""Seconds from now until when an account issued an hour and a half ago can be paid; a PG may say any."""


@pytest.fixture
def shop(store: Engine) -> Engine:
    rows = []
    for number, (name, term) in enumerate(TERMS.items()):
        until = NOW + term if term else term
        rows.append(payment(f"imp_{name}", NOW - 5_400 + number, "ready", 1_000, pg_provider="settle",
                            pay_method="vbank", vbank_num=str(number), vbank_date=until))  # fmt: skip
    with writing(store) as conn:
        upsert_payments(conn, rows, as_of=NOW * 1000)
    return store


def names(engine: Engine, chosen: WaitingFilter, size: int = 2) -> list[str]:
    """All of a list, page by page, and back again."""
    found: list[str] = []
    with reading(engine) as conn:
        page = list_waiting(conn, chosen, limit=size)
        found += [row.imp_uid for row in page.rows]
        while page.older:
            page = list_waiting(conn, chosen, limit=size, before=page.older)
            found += [row.imp_uid for row in page.rows]
        back = [row.imp_uid for row in page.rows]
        while page.newer:
            page = list_waiting(conn, chosen, limit=size, after=page.newer)
            back = [row.imp_uid for row in page.rows] + back
    assert back == found
    return [name.removeprefix("imp_") for name in found]


def test_what_ends_first_comes_first_and_one_that_ended_before_it_began_stands_where_it_began(shop: Engine) -> None:
    in_order = ["strange", "overdue", "soon", "later", "none", "zero"]
    assert names(shop, WaitingFilter(NOW)) == in_order
    today = day_of(NOW - 5_400)
    assert names(shop, WaitingFilter(NOW, from_day=today, to_day=today)) == in_order
    assert names(shop, WaitingFilter(NOW, from_day=today + 1)) == []
    by_state = {
        WaitingState.OVERDUE: ["strange", "overdue"], WaitingState.SOON: ["soon"], WaitingState.OPEN: ["later"],
        WaitingState.NO_TERM: ["none", "zero"],
    }  # fmt: skip
    for state, those in by_state.items():
        assert names(shop, WaitingFilter(NOW, frozenset({state.value}), from_day=today)) == those


def test_a_page_reads_one_range_of_the_index_by_term(sqlite_store: Engine) -> None:
    states = frozenset({WaitingState.SOON.value})
    with reading(sqlite_store) as conn:
        found = waiting_list._in_order(conn, WaitingFilter(NOW, states, from_day=day_of(NOW - 30 * DAY)))
        order = Order((waiting_list._DUE, "p.id"), descending=False).sql
        sql = f"EXPLAIN QUERY PLAN SELECT p.imp_uid FROM {found.source} WHERE {found.where} ORDER BY {order} LIMIT 50"
        plan = " ".join(str(row[3]) for row in fetch(conn, sql, found.values))
    assert "USING INDEX payment_due (<expr>>? AND <expr><?)" in plan
    assert "TEMP B-TREE" not in plan
