"""Lists by an amount: every page there and back is what sorting all of the rows by currency and amount gives."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert

from services.clock import DAY
from services.errors import InvalidFilter
from services.recovery.desk import list_failed
from services.recovery.radar import broken_chains
from services.store.engine import reading, writing
from services.store.lists import amount_order
from services.store.lists.filters import AmountOrder, Live, PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import search_billing_keys
from services.store.lists.keyset import Page
from services.store.lists.payments import search_payments
from services.store.lists.refunds import search_refunds
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import search_schedules
from services.store.lists.subscriptions import SubscriptionFilter, list_subscriptions
from services.store.search import ranked
from services.store.writes.payments import status_time
from services.tables.chains import Chain, FailedSchedule
from services.tables.revenue import Subscription
from services.tables.v1 import Basis
from tests.store.search.test_search import walks
from tests.worlds.key_recount import rows_of
from tests.worlds.plans import plans_of
from tests.worlds.recount import charged
from tests.worlds.rows.amount_rows import (
    CURRENCIES,
    WAYS,
    Rows,
    chain,
    failed,
    in_order,
    pages,
    pages_onwards,
    subscription,
    writes,
)
from tests.worlds.rows.key_rows import NOW, Changes, key, put_keys, put_schedules, schedule
from tests.worlds.rows.payment_rows import EVERYTHING, FIRST_DAY, fill, lets_through


@pytest.fixture
def payments(store: Engine) -> tuple[Engine, Rows]:
    """A store, and what was written to it with the place that each payment has in lists."""
    given = writes()
    fill(store, given)
    with reading(store) as conn:
        places: dict[str, int] = dict(conn.exec_driver_sql("SELECT imp_uid, position FROM payment").tuples().all())
    rows = []
    for write in given:
        back = write.values["cancel_amount"] if write.values["paid_at"] and charged(write.values) else 0
        more = {"position": places[write.values["imp_uid"]], "status_at": status_time(write.values), "back": back}
        rows.append(write.values | more | {"write": write})
    return store, rows


FILTERS = (
    EVERYTHING,
    PaymentFilter(),
    PaymentFilter(from_day=FIRST_DAY + 3, to_day=FIRST_DAY + 12),
    PaymentFilter(basis=Basis.STATUS, live=Live.ALL, to_day=FIRST_DAY + 12),
    PaymentFilter(basis=Basis.STARTED, states=frozenset({"paid", "failed"})),
    PaymentFilter(states=frozenset({"paid"}), pg_providers=frozenset({"naverpay"})),
    PaymentFilter(amount_from=9_900, amount_to=50_000, currency="USD"),
    PaymentFilter(customer_uid="uid3", live=Live.ALL),
    PaymentFilter(text="김"),
    PaymentFilter(text="9,900", pg_providers=frozenset({"naverpay"}), live=Live.ALL),
    PaymentFilter(text="변심", basis=Basis.STATUS, live=Live.ALL),
)
OWN = {Basis.PAID: ("position",), Basis.STATUS: ("status_at", "imp_uid"), Basis.STARTED: ("started_at", "imp_uid")}


def test_payments_by_an_amount_are_all_rows_in_that_order(payments: tuple[Engine, Rows]) -> None:
    store, rows = payments
    with reading(store) as conn:
        for chosen in FILTERS:
            mine = [row for row in rows if lets_through(chosen, row["write"])]
            assert len(mine) > 5, chosen
            own = ("position",) if chosen.text else OWN[chosen.basis]
            for column, amount in (("amount", "amount"), ("cancel_amount", "back")):
                for way in WAYS:
                    wanted = [row["imp_uid"] for row in in_order(mine, amount, way, *own)]
                    ordered = replace(chosen, order=AmountOrder(column, way))
                    assert [row.imp_uid for row in pages(search_payments, conn, ordered)] == wanted, ordered


def test_refunds_by_an_amount_are_all_refunds_in_that_order(payments: tuple[Engine, Rows]) -> None:
    store, rows = payments
    refunds = [
        one | {"imp_uid": row["imp_uid"], "seq": seq, "currency": row["currency"], "payment": row["amount"], "row": row}
        for row in rows
        if row["paid_at"] and charged(row)
        for seq, one in enumerate(row["write"].cancellations)
    ]
    for one in refunds:
        one["left"] = one["payment"] - one["row"]["cancel_amount"]
    with reading(store) as conn:
        first_seq = conn.exec_driver_sql("SELECT min(seq) FROM cancellation").scalar_one()
        for chosen in (EVERYTHING, PaymentFilter(), PaymentFilter(live=Live.ALL, whole=False)):
            mine = [
                one
                for one in refunds
                if (chosen.live == Live.ALL or not one["row"]["sandbox"])
                and (chosen.whole is None or one["amount"] < one["payment"])
            ]
            assert len(mine) > 5
            for column, amount in (("amount", "amount"), ("payment_amount", "payment"), ("remaining", "left")):
                for way in WAYS:
                    wanted = in_order(mine, amount, way, "cancelled_at", "imp_uid", "seq")
                    shown = pages(search_refunds, conn, replace(chosen, order=AmountOrder(column, way)), limit=7)
                    assert [(one.imp_uid, one.seq) for one in shown] == [
                        (one["imp_uid"], one["seq"] + first_seq) for one in wanted
                    ]


def test_schedules_by_an_amount_are_all_of_them_in_that_order(store: Engine) -> None:
    chance = random.Random(5)
    put_keys(store, [key("member"), key("other")])
    put_schedules(
        store,
        [
            schedule(
                f"plan-{number}",
                customer_uid=chance.choice(("member", "other")),
                schedule_at=NOW + chance.randrange(20) * DAY,
                amount=chance.choice((9_900, 9_900, 12_000, 100_000)),
                currency=chance.choice(CURRENCIES),
                buyer_name=chance.choice(("김민서", "이준")),
            )
            for number in range(120)
        ],
    )
    with reading(store) as conn:
        rows = rows_of(conn, "schedule")
        for chosen in (
            ScheduleFilter(live=Live.ALL),
            ScheduleFilter(live=Live.ALL, soonest_first=True),
            ScheduleFilter(live=Live.ALL, soonest_first=True, customer_uid="other"),
            ScheduleFilter(live=Live.ALL, soonest_first=True, text="김민"),
        ):
            mine = [
                row
                for row in rows
                if chosen.customer_uid in (None, row["customer_uid"])
                and (not chosen.text or row["buyer_name"] == "김민서")
            ]
            for way in WAYS:
                wanted = in_order(mine, "amount", way, "position", soonest=chosen.soonest_first)
                shown = pages(search_schedules, conn, replace(chosen, order=AmountOrder("amount", way)))
                assert [row.merchant_uid for row in shown] == [row["merchant_uid"] for row in wanted]


def test_billing_keys_by_what_is_booked_are_all_of_them_in_that_order(store: Engine) -> None:
    changes = Changes(9, uids=60)
    with writing(store) as conn:
        for _ in range(60):
            changes.happen(conn)
        rows = [row | {"currency": "KRW"} for row in rows_of(conn, "key_summary")]
    assert len({row["booked_won"] for row in rows}) > 3
    with reading(store) as conn:
        for chosen in (KeyFilter(live=Live.ALL), KeyFilter(live=Live.ALL, text="김")):
            mine = [row for row in rows if not chosen.text or "김" in (row["buyer_name"] or "")]
            for way in WAYS:
                ordered = replace(chosen, order=AmountOrder("booked_won", way))
                wanted = [row["customer_uid"] for row in in_order(mine, "booked_won", way, "position")]
                assert [row.customer_uid for row in pages(search_billing_keys, conn, ordered)] == wanted


def test_the_desks_lists_by_an_amount_are_all_of_them_in_that_order(store: Engine) -> None:
    chance = random.Random(6)
    uids = [f"member-{number:02d}" for number in range(60)]
    put_keys(store, [key(uid) for uid in uids])
    failures, chains, kept = ([made(chance, uid) for uid in uids] for made in (failed, chain, subscription))
    with writing(store) as conn:
        for model, rows in ((FailedSchedule, failures), (Chain, chains), (Subscription, kept)):
            conn.execute(insert(model), rows)
    for row in kept:
        row["counts"] = row["monthly"] if row["state"] in ("active", "past_due") else 0
    with reading(store) as conn:
        for way in WAYS:
            order = AmountOrder("amount", way)
            wanted = in_order(failures, "amount", way, "failed_at", "merchant_uid")
            shown = pages_onwards(list_failed, conn, NOW, turn="after", order=order)
            assert [row.merchant_uid for row in shown] == [row["merchant_uid"] for row in wanted]
            wanted = in_order(chains, "amount", way, "lapses_at", "customer_uid", soonest=True)
            shown = pages_onwards(broken_chains, conn, NOW, turn="after", order=order)
            assert [row.customer_uid for row in shown] == [row["customer_uid"] for row in wanted]
            for column, amount in (("price", "price"), ("monthly", "counts")):
                wanted = in_order(kept, amount, way, "since", "customer_uid")
                chosen = SubscriptionFilter(order=AmountOrder(column, way))
                shown = pages_onwards(list_subscriptions, conn, chosen, turn="before")
                assert [row.customer_uid for row in shown] == [row["customer_uid"] for row in wanted]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """As if no more than fifty rows were put in order."""
    monkeypatch.setattr(amount_order, "MOST", 50)
    return 50


def test_beyond_a_bound_a_list_stays_newest_first_and_says_so(
    payments: tuple[Engine, Rows], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, rows = payments
    order = AmountOrder("amount")
    monkeypatch.setattr(amount_order, "walk", _no_walk)
    # What is too much for an order by amount is too much to be ranked, too.
    monkeypatch.setattr(ranked, "MOST", few)
    with reading(store) as conn:
        for chosen in (
            EVERYTHING,
            PaymentFilter(live=Live.ALL, amount_from=1),
            PaymentFilter(live=Live.ALL, text="order"),
        ):
            plain, page = (search_payments(conn, one) for one in (chosen, replace(chosen, order=order)))
            assert page.too_many
            assert len(rows) > few
            assert (page.rows, page.older) == (plain.rows, plain.older)
            second = search_payments(conn, replace(chosen, order=order), before=page.older)
            assert second.rows == search_payments(conn, chosen, before=plain.older).rows
            # A link to a page of the order begins anew once there are too many.
            old = search_payments(conn, replace(chosen, order=order), before="~KRW~9900~1")
            assert (old.rows, old.newer) == (page.rows, None)


def test_a_filter_that_lets_fewer_through_is_put_in_order(payments: tuple[Engine, Rows], few: int) -> None:
    store, rows = payments
    with reading(store) as conn:
        for chosen in (
            PaymentFilter(live=Live.ALL, from_day=FIRST_DAY + 1, to_day=FIRST_DAY + 3),
            PaymentFilter(live=Live.ALL, customer_uid="uid3"),
            PaymentFilter(live=Live.ALL, text="김"),
        ):
            mine = [row for row in rows if lets_through(chosen, row["write"])]
            assert 0 < len(mine) <= few
            wanted = [row["imp_uid"] for row in in_order(mine, "amount", True, "position")]
            ordered = replace(chosen, order=AmountOrder("amount"))
            assert [row.imp_uid for row in pages(search_payments, conn, ordered)] == wanted


def test_every_list_has_the_bound(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amount_order, "MOST", 2)
    monkeypatch.setattr(amount_order, "walk", _no_walk)
    chance, uids = random.Random(6), [f"member-{number:02d}" for number in range(9)]
    fill(store, writes())
    put_keys(store, [key(uid) for uid in uids])
    put_schedules(store, [schedule(f"plan-{uid}", customer_uid=uid) for uid in uids])
    with writing(store) as conn:
        for model, made in ((FailedSchedule, failed), (Chain, chain), (Subscription, subscription)):
            conn.execute(insert(model), [made(chance, uid) for uid in uids])
    by = AmountOrder("amount")
    reads: tuple[Callable[[Connection], Page[Any]], ...] = (
        lambda conn: search_refunds(conn, replace(EVERYTHING, order=by)),
        lambda conn: search_schedules(conn, ScheduleFilter(live=Live.ALL, order=by)),
        lambda conn: search_billing_keys(conn, KeyFilter(live=Live.ALL, order=AmountOrder("booked_won"))),
        lambda conn: list_failed(conn, NOW, order=by),
        lambda conn: broken_chains(conn, NOW, order=by),
        lambda conn: list_subscriptions(conn, SubscriptionFilter(order=AmountOrder("price"))),
    )
    with reading(store) as conn:
        for read in reads:
            page = read(conn)
            assert page.too_many
            assert page.rows


def _no_walk(*_given: Any) -> list[Any]:
    raise AssertionError("the rows were put in order")


def test_an_exact_id_has_no_order(payments: tuple[Engine, Rows]) -> None:
    store, rows = payments
    with reading(store) as conn:
        page = search_payments(conn, PaymentFilter(text=rows[0]["imp_uid"], order=AmountOrder("amount")))
    assert page.exact
    assert [row.imp_uid for row in page.rows] == [rows[0]["imp_uid"]]


@pytest.mark.parametrize("cursor", ["~KRW~9900~x", "~KRW~99999999999999999999~1", "~KRW~1~"])
def test_a_cursor_that_is_none_of_ours_is_refused(payments: tuple[Engine, Rows], cursor: str) -> None:
    with reading(payments[0]) as conn, pytest.raises(InvalidFilter):
        search_payments(conn, replace(EVERYTHING, order=AmountOrder("amount")), before=cursor)


def test_a_cursor_of_another_order_begins_at_the_first_row(payments: tuple[Engine, Rows]) -> None:
    ordered = replace(EVERYTHING, order=AmountOrder("amount"))
    with reading(payments[0]) as conn:
        newest, largest = search_payments(conn, EVERYTHING), search_payments(conn, ordered)
        assert search_payments(conn, ordered, before=newest.older) == largest
        assert search_payments(conn, EVERYTHING, before=largest.older) == newest


@pytest.mark.parametrize("basis", list(OWN))
def test_rows_of_other_days_are_not_looked_at(payments: tuple[Engine, Rows], basis: Basis) -> None:
    days = replace(EVERYTHING, basis=basis, from_day=FIRST_DAY + 3, to_day=FIRST_DAY + 5)
    for chosen in (days, replace(days, pg_providers=frozenset({"naverpay"}))):
        ordered = replace(chosen, order=AmountOrder("amount"))
        steps = plans_of(payments[0], lambda conn, ordered=ordered: search_payments(conn, ordered))
        assert any("SEARCH p " in step or "Index" in step for step in steps)
        assert [step for step in steps if walks(step)] == []
