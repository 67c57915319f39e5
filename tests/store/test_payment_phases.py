"""Payments by buyer and by state: every page there and back is what sorting all rows gives, and no page sorts them."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from services.errors import InvalidFilter
from services.payment_states import PaymentState
from services.store.engine import reading
from services.store.lists import amount_order, payment_phases, payments
from services.store.lists.filters import AmountOrder, Live, PaymentFilter
from services.store.lists.payments import search_payments
from services.store.writes.payments import status_time
from services.tables.v1 import Basis
from tests.store.search.test_search import walks
from tests.worlds.plans import plans_of
from tests.worlds.rows.amount_rows import Rows, pages, writes
from tests.worlds.rows.payment_rows import EVERYTHING, FIRST_DAY, fill, lets_through, state_of

FILTERS = (
    EVERYTHING,
    PaymentFilter(from_day=FIRST_DAY + 3, to_day=FIRST_DAY + 12),
    PaymentFilter(basis=Basis.STATUS, live=Live.ALL, to_day=FIRST_DAY + 12),
    PaymentFilter(basis=Basis.STARTED, states=frozenset({"paid", "failed"})),
    PaymentFilter(pg_providers=frozenset({"naverpay"}), live=Live.ALL),
    PaymentFilter(amount_from=9_900, amount_to=50_000, currency="USD"),
    PaymentFilter(customer_uid="uid3", live=Live.ALL),
    PaymentFilter(text="변심", basis=Basis.STATUS, live=Live.ALL),
)
OWN = {Basis.PAID: ("position",), Basis.STATUS: ("status_at", "imp_uid"), Basis.STARTED: ("started_at", "imp_uid")}
BY_BUYER, BY_STATE = AmountOrder("buyer_name", largest_first=False), AmountOrder("status", largest_first=False)


@pytest.fixture
def world(store: Engine) -> tuple[Engine, Rows]:
    """A store, and what was written to it: some payments without a buyer, some with a state of the gateway's own."""
    given, chance = writes(), random.Random(3)
    for write in given:
        if chance.random() < 0.2:
            write.values["buyer_name"] = chance.choice((None, ""))
        if chance.random() < 0.6 and write.values["status"] == "failed":
            write.values["status"] = "settling"
    fill(store, given)
    with reading(store) as conn:
        places: dict[str, int] = dict(conn.exec_driver_sql("SELECT imp_uid, position FROM payment").tuples().all())
    more = [{"position": places[one.values["imp_uid"]], "status_at": status_time(one.values)} for one in given]
    return store, [one.values | own | {"write": one} for one, own in zip(given, more, strict=True)]


def named(row: dict[str, Any]) -> int:
    """Payments without a name are behind the others, those that have an empty one first."""
    return 0 if row["buyer_name"] else 1 if row["buyer_name"] == "" else 2


def by_buyer(rows: Rows, *, backwards: bool) -> list[str]:
    found = sorted(rows, key=lambda row: (row["buyer_name"] or "", row["position"]), reverse=backwards)
    found = sorted(found, key=lambda row: -row["position"] if named(row) else 0)
    return [row["imp_uid"] for row in sorted(found, key=named)]


def by_state(rows: Rows, own: tuple[str, ...], *, backwards: bool) -> list[str]:
    known = {state.value: number for number, state in enumerate(PaymentState)}
    newest = sorted(rows, key=lambda row: tuple(row[name] for name in own), reverse=True)
    found = sorted(newest, key=lambda row: known.get(state_of(row), len(known)), reverse=False)
    if backwards:
        found = sorted(newest, key=lambda row: -known.get(state_of(row), len(known)))
    return [row["imp_uid"] for row in found]


@pytest.mark.parametrize("few", [0, payment_phases.FEW])
def test_payments_by_buyer_are_all_rows_in_that_order(
    world: tuple[Engine, Rows], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments, "FEW", few)
    store, rows = world
    with reading(store) as conn:
        for chosen in FILTERS:
            mine = [row for row in rows if lets_through(chosen, row["write"])]
            assert len(mine) > 5, chosen
            for backwards in (False, True):
                ordered = replace(chosen, order=replace(BY_BUYER, largest_first=backwards))
                shown = [row.imp_uid for row in pages(search_payments, conn, ordered)]
                assert shown == by_buyer(mine, backwards=backwards), ordered


def test_payments_by_state_are_all_rows_in_that_order(world: tuple[Engine, Rows]) -> None:
    store, rows = world
    assert {state_of(row) for row in rows} > {"settling", "paid", "partly_refunded"}
    with reading(store) as conn:
        for chosen in FILTERS:
            mine = [row for row in rows if lets_through(chosen, row["write"])]
            own = ("position",) if chosen.text else OWN[chosen.basis]
            for backwards in (False, True):
                ordered = replace(chosen, order=replace(BY_STATE, largest_first=backwards))
                shown = [row.imp_uid for row in pages(search_payments, conn, ordered)]
                assert shown == by_state(mine, own, backwards=backwards), ordered


@pytest.mark.parametrize("turned", [False, True])
def test_a_page_by_buyer_goes_along_the_index_of_names(
    world: tuple[Engine, Rows], turned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments, "FEW", 0)
    store, _rows = world
    for chosen in (EVERYTHING, PaymentFilter(), PaymentFilter(from_day=FIRST_DAY, to_day=FIRST_DAY + 300)):
        ordered = replace(chosen, order=BY_BUYER)
        with reading(store) as conn:
            cursor = search_payments(conn, ordered, limit=7).older if turned else None
        steps = plans_of(store, partial(_unsorted, partial(search_payments, chosen=ordered, before=cursor)))
        assert any("payment_buyer" in step for step in steps)
        assert [step for step in steps if walks(step) and "payment_buyer" not in step] == []
        assert [step for step in steps if "FOR ORDER BY" in step or "Sort Key: p" in step] == []


@pytest.mark.parametrize("turned", [False, True])
def test_a_page_by_state_costs_what_the_lists_of_the_states_cost(world: tuple[Engine, Rows], turned: bool) -> None:
    store, rows = world
    for chosen in (EVERYTHING, PaymentFilter(basis=Basis.STATUS), PaymentFilter(to_day=FIRST_DAY + 300)):
        ordered = replace(chosen, order=BY_STATE)
        with reading(store) as conn:
            cursor = search_payments(conn, ordered, limit=7).older if turned else None
        read = partial(search_payments, chosen=ordered, before=cursor)
        steps = plans_of(store, lambda conn, read=read: read(conn))
        known: set[str] = set()
        for state in {state_of(row) for row in rows}:
            alone = partial(search_payments, chosen=replace(chosen, states=frozenset({state})))
            known.update(plans_of(store, lambda conn, alone=alone: alone(conn)))
        assert {_bare(step) for step in steps if walks(step)} <= set(map(_bare, known))


def _bare(step: str) -> str:
    return re.sub(r" *\(cost.*", "", step)


def _unsorted(read: Callable[[Connection], object], conn: Connection) -> None:
    """Sorting a few hundred rows can be the cheaper plan; what counts is that it is not the only one."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL enable_sort = off")
        conn.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    read(conn)


def test_an_order_by_buyer_tells_no_name_in_its_cursor_and_nothing_to_who_may_not_see_them(
    world: tuple[Engine, Rows],
) -> None:
    store, rows = world
    names = {row["buyer_name"] for row in rows if row["buyer_name"]}
    with reading(store) as conn:
        page = search_payments(conn, replace(EVERYTHING, order=BY_BUYER), limit=7)
        assert page.older == f"~named~{page.rows[-1].imp_uid}"
        assert not any(name in page.older for name in names)
        hidden = replace(EVERYTHING, order=BY_BUYER, search_buyers=False)
        plain = search_payments(conn, replace(EVERYTHING, search_buyers=False))
        assert (search_payments(conn, hidden).rows, search_payments(conn, hidden).in_order) == (plain.rows, False)


def test_a_cursor_that_no_database_takes_is_refused(world: tuple[Engine, Rows]) -> None:
    with reading(world[0]) as conn, pytest.raises(InvalidFilter):
        search_payments(conn, replace(EVERYTHING, order=BY_BUYER), before="~named~\x00")


@pytest.mark.parametrize("cursor", ["~named~imp_nobody", "~KRW~9900~1", "~sleeping~1", "12345"])
def test_a_cursor_that_is_none_here_begins_at_the_first_row(world: tuple[Engine, Rows], cursor: str) -> None:
    with reading(world[0]) as conn:
        for order in (BY_BUYER, BY_STATE):
            ordered = replace(EVERYTHING, order=order)
            assert search_payments(conn, ordered, before=cursor) == search_payments(conn, ordered)
        of_buyers = search_payments(conn, replace(EVERYTHING, order=BY_BUYER)).older
        for other in (None, AmountOrder("amount")):
            ordered = replace(EVERYTHING, order=other)
            assert search_payments(conn, ordered, before=of_buyers) == search_payments(conn, ordered)


def test_too_many_rows_of_a_text_stay_newest_first(world: tuple[Engine, Rows], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amount_order, "MOST", 50)
    with reading(world[0]) as conn:
        for chosen in (PaymentFilter(live=Live.ALL, amount_from=1), PaymentFilter(live=Live.ALL, text="order")):
            plain = search_payments(conn, chosen)
            for order in (BY_BUYER, BY_STATE):
                page = search_payments(conn, replace(chosen, order=order))
                assert page.too_many
                assert (page.rows, page.in_order) == (plain.rows, False)
