"""Refunds listed: each once, whoever made it, newest first, with sums that are the rows' own."""

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine

from bench.journal import fill_journal
from services.clock import day_of
from services.errors import InvalidFilter
from services.store.engine import reading
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.refunds import RefundRow, refund_totals, search_refunds
from tests.worlds.plans import plans
from tests.worlds.recount import charged
from tests.worlds.rows.page_walk import there_and_back
from tests.worlds.rows.payment_rows import EVERYTHING, fill, mixed

FILTERS = (
    EVERYTHING,
    PaymentFilter(),
    PaymentFilter(live=Live.TEST),
    PaymentFilter(pg_providers=frozenset({"naverpay"}), live=Live.ALL),
    PaymentFilter(states=frozenset({"partly_refunded"})),
    PaymentFilter(whole=True),
    PaymentFilter(whole=False, live=Live.ALL),
)


def listed(engine: Engine, chosen: PaymentFilter, limit: int = 50) -> list[RefundRow]:
    """Every page from the newest on."""
    with reading(engine) as conn:
        return there_and_back(partial(search_refunds, conn, chosen, limit=limit))


def key(row: RefundRow) -> tuple[int, str, int]:
    return row.cancelled_at, row.imp_uid, row.seq


def test_pages_there_and_back_show_every_refund_once(store: Engine) -> None:
    fill(store, mixed())
    for chosen in FILTERS:
        rows = listed(store, chosen, 7)
        assert rows, chosen
        assert rows == sorted(rows, key=key, reverse=True)
        assert max(Counter(map(key, rows)).values()) == 1


def test_the_list_holds_what_the_payments_hold(store: Engine) -> None:
    writes = mixed()
    fill(store, writes)
    moved = [write for write in writes if charged(write.values) and write.values["paid_at"]]
    expected = Counter((write.values["imp_uid"], one["amount"]) for write in moved for one in write.cancellations)
    assert Counter((row.imp_uid, row.amount) for row in listed(store, EVERYTHING)) == expected


def test_full_and_partial_refunds_are_told_apart_with_what_is_left(store: Engine) -> None:
    writes = {write.values["imp_uid"]: write.values for write in mixed()}
    fill(store, mixed())
    every = listed(store, EVERYTHING)
    full, part = (listed(store, replace(EVERYTHING, whole=whole)) for whole in (True, False))
    assert full == [row for row in every if row.amount == writes[row.imp_uid]["amount"]] != []
    assert part == [row for row in every if row.amount < writes[row.imp_uid]["amount"]] != []
    for row in every:
        values = writes[row.imp_uid]
        assert (row.payment_amount, row.left) == (values["amount"], values["amount"] - values["cancel_amount"])


def test_totals_are_the_sums_of_the_rows_a_currency(store: Engine) -> None:
    fill(store, mixed())
    for chosen in FILTERS:
        rows = listed(store, chosen)
        with reading(store) as conn:
            told = {one.currency: (one.rows, one.amount) for one in refund_totals(conn, chosen)}
        amounts = {currency: [row.amount for row in rows if row.currency == currency] for currency in told}
        assert told == {currency: (len(found), sum(found)) for currency, found in amounts.items()}
        assert sum(map(len, amounts.values())) == len(rows)


def test_days_are_the_days_of_the_refund_in_seoul(store: Engine) -> None:
    fill(store, mixed())
    rows = listed(store, EVERYTHING)
    day = day_of(rows[len(rows) // 2].cancelled_at)
    chosen = PaymentFilter(from_day=day, to_day=day + 3, live=Live.ALL)
    assert listed(store, chosen, 3) == [row for row in rows if day <= day_of(row.cancelled_at) <= day + 3]
    with reading(store) as conn:
        assert sum(one.rows for one in refund_totals(conn, chosen)) == len(listed(store, chosen))


def test_a_refund_names_the_operation_that_made_it(store: Engine) -> None:
    fill_journal(store, 20)
    rows = listed(store, EVERYTHING)
    assert {row.asked_by for row in rows if row.operation_id} == {"support@example.com"}
    # The last four were made elsewhere: their operations have not ended.
    assert [row.operation_id is not None for row in rows] == [False] * 4 + [True] * 16


def test_an_id_finds_its_refunds_whatever_else_is_chosen(store: Engine) -> None:
    writes = fill_journal(store, 20)
    uid, number = writes[3].values["imp_uid"], writes[3].cancellations[0]["cancellation_id"]
    with reading(store) as conn:
        for words in (uid, writes[3].values["merchant_uid"]):
            page = search_refunds(conn, PaymentFilter(text=words, from_day=1, to_day=2))
            assert ([row.imp_uid for row in page.rows], page.exact) == ([uid], True)
        assert [row.imp_uid for row in search_refunds(conn, PaymentFilter(text=number)).rows] == [uid]
        assert search_refunds(conn, PaymentFilter(text="nothing")).rows == ()


def test_a_forged_page_is_an_invalid_filter(store: Engine) -> None:
    for forged in ("", "1", "1.2", "x.1.i", "1.x.i", "-1.0.i", "1.0.\0", "1.0.\udc80", f"{'9' * 30}.0.i", "1.0.i\nmp"):
        for side in ("before", "after"):
            with reading(store) as conn, pytest.raises(InvalidFilter):
                search_refunds(conn, PaymentFilter(), **{side: forged})


def test_a_page_walks_the_refunds_by_their_time(sqlite_store: Engine) -> None:
    fill_journal(sqlite_store, 1_000)
    with reading(sqlite_store) as conn:
        for chosen in FILTERS:
            for more in ({}, {"before": "1700000500.1.imp_1"}, {"after": "1700000500.1.imp_1"}):
                steps = plans(conn, lambda chosen=chosen, more=more: search_refunds(conn, chosen, **more))
                assert [step for step in steps if "cancellation_time" in step]
                assert not [step for step in steps if "TEMP B-TREE" in step or step in ("SCAN c", "SCAN p", "SCAN o")]
