"""Writing payments: kept totals, search and order always say what the rows say."""

import random
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from services.clock import day_of
from services.store.engine import reading
from services.store.lists import totals
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.payments import search_payments
from services.store.lists.totals import Count, count_payments, daily_series, filter_totals, sought_totals, tiles
from services.store.writes.payments import PaymentWrite
from tests.worlds.rows.payment_rows import EVERYTHING, fill, lets_through, listed, mixed, plain, state_of


def refunded(write: PaymentWrite, amount: int, reason: str = "부분 환불") -> PaymentWrite:
    at = write.values["paid_at"] + 86_400 * 40
    entry = {"cancellation_id": "c", "amount": amount, "cancelled_at": at, "reason": reason}
    values = write.values | {"cancel_amount": amount, "cancel_reason": reason}
    return PaymentWrite(values, [*write.cancellations, entry], uuid4().bytes)


def test_kept_totals_equal_the_rows_after_random_changes(store: Engine) -> None:
    chance, writes = random.Random(5), plain()
    fill(store, writes)
    for round_ in range(2, 6):
        for at in chance.sample(range(len(writes)), 60):
            if writes[at].values["status"] == "paid":
                writes[at] = refunded(writes[at], chance.randrange(1, 900))
        fill(store, writes, as_of=round_)
    money: dict[int, int] = defaultdict(int)
    refunds: dict[int, int] = defaultdict(int)
    for write in writes:
        if write.values["paid_at"]:
            money[day_of(write.values["paid_at"])] += write.values["amount"]
        for one in write.cancellations:
            refunds[day_of(one["cancelled_at"])] += one["amount"]
    days = sorted({*money, *refunds})
    with reading(store) as conn:
        series = daily_series(conn, days[0], days[-1])
        assert count_payments(conn, EVERYTHING).n == len(writes)
        assert sum(tiles(conn, EVERYTHING).values()) == len(writes)
    assert {day.day: day.gross for day in series if day.gross} == dict(money)
    assert {day.day: day.refunds for day in series if day.refunds} == dict(refunds)


def test_an_unchanged_batch_writes_nothing(store: Engine) -> None:
    writes = plain()
    assert fill(store, writes).changed == len(writes)
    assert fill(store, writes, as_of=2) == (0, 0)
    with reading(store) as conn:
        assert conn.exec_driver_sql("SELECT max(read_at) FROM payment").scalar_one() == 1


def test_a_stale_answer_never_wins(store: Engine) -> None:
    old = plain(1)[0]
    new = refunded(old, 10)
    fill(store, [new], as_of=5)
    assert fill(store, [old], as_of=4).changed == 0
    assert listed(store, EVERYTHING)[0].cancel_amount == 10


def test_a_refund_reason_is_found_at_once_and_the_old_one_no_more(store: Engine) -> None:
    write = next(one for one in plain() if one.values["status"] == "paid")
    fill(store, [write])
    fill(store, [refunded(write, 10, "파손되어 도착")], as_of=2)
    assert [row.imp_uid for row in listed(store, PaymentFilter(text="파손"))] == [write.values["imp_uid"]]
    fill(store, [refunded(write, 10, "오배송")], as_of=3)
    assert listed(store, PaymentFilter(text="파손")) == []
    assert len(listed(store, PaymentFilter(text="오배송"))) == 1


def test_payments_of_one_second_keep_places_of_their_own(store: Engine) -> None:
    base = plain(1)[0]
    writes = [
        PaymentWrite(base.values | {"imp_uid": uid}, [], uid.encode()) for uid in ("plumless", "buckeroo")
    ]  # their CRC-32 is the same
    fill(store, writes)
    rows = listed(store, EVERYTHING)
    assert len({row.position for row in rows}) == 2


@pytest.mark.parametrize("text", ["김", "민", "민서", "김민서", "서준", "buyer12", "010", "상품 3", "5409", "흐흫"])
def test_search_equals_like_over_the_rows(store: Engine, text: str) -> None:
    writes = plain()
    fill(store, writes)
    fields = ("imp_uid", "merchant_uid", "apply_num", "buyer_name", "buyer_tel", "buyer_email", "name", "cancel_reason")

    def like(values: dict[str, Any], reasons: list[str]) -> bool:
        plain = [values[name] or "" for name in fields] + reasons
        plain.append((values["buyer_tel"] or "").replace("-", ""))
        if len(text) == 4 and text.isdigit() and values["card_number"].endswith(text):
            return True
        return any(text in one for one in plain) or text == str(values["amount"])

    expected = {w.values["imp_uid"] for w in writes if like(w.values, [c["reason"] for c in w.cancellations])}
    assert {row.imp_uid for row in listed(store, PaymentFilter(text=text))} == expected


def test_every_filter_equals_the_rows(store: Engine) -> None:
    writes, chance = plain(), random.Random(9)
    fill(store, writes)
    last = max(day_of(write.values["started_at"]) for write in writes)
    for _ in range(12):
        states = frozenset(chance.sample(["paid", "failed", "ready", "cancelled"], chance.randrange(3)))
        pgs = frozenset(chance.sample(["naverpay", "kakaopay"], chance.randrange(2)))
        low = chance.choice([None, 15_000])
        chosen = PaymentFilter(states=states, pg_providers=pgs, amount_from=low, to_day=last)
        rows = listed(store, chosen)
        assert {row.imp_uid for row in rows} == {
            w.values["imp_uid"]
            for w in writes
            if (not states or w.values["status"] in states)
            and (not pgs or w.values["pg_provider"] in pgs)
            and (low is None or w.values["amount"] >= low)
        }
        assert [row.position for row in rows] == sorted((row.position for row in rows), reverse=True)
        with reading(store) as conn:
            if low is None and len(rows) < 600:
                assert count_payments(conn, chosen).n == len(rows)


def test_paging_back_returns_to_the_first_page(store: Engine) -> None:
    fill(store, plain())
    with reading(store) as conn:
        first = search_payments(conn, EVERYTHING, limit=50)
        second = search_payments(conn, EVERYTHING, limit=50, before=first.older)
        again = search_payments(conn, EVERYTHING, limit=50, after=second.newer)
    assert again.rows == first.rows
    assert again.newer is None


def test_currencies_are_never_added_together(store: Engine) -> None:
    writes = plain(10)
    dollars = PaymentWrite(writes[0].values | {"currency": "USD", "imp_uid": "imp_usd"}, [], b"usd")
    fill(store, [*writes, dollars])
    with reading(store) as conn:
        totals = filter_totals(conn, EVERYTHING)
    assert totals is not None
    assert {total.currency for total in totals} == {"KRW", "USD"}


def test_a_key_registration_is_in_no_sum_of_money(store: Engine) -> None:
    write = next(one for one in plain() if one.values["status"] == "paid")
    fill(store, [PaymentWrite(write.values | {"customer_uid_usage": "issue"}, [], b"x")])
    with reading(store) as conn:
        assert filter_totals(conn, EVERYTHING) == []
        assert count_payments(conn, EVERYTHING).n == 1


@pytest.mark.parametrize(
    "chosen",
    [
        PaymentFilter(live=Live.ALL),
        PaymentFilter(text="민서"),
        PaymentFilter(text="order17"),
        PaymentFilter(
            states=frozenset({"failed"}), pg_providers=frozenset({"kakaopay"}), from_day=19_600, to_day=19_700
        ),
    ],
)
def test_no_list_scans_the_payments(sqlite_store: Engine, chosen: PaymentFilter, caplog: Any) -> None:
    fill(sqlite_store, plain())
    statements: list[tuple[str, Any]] = []
    with reading(sqlite_store) as conn:
        raw: Any = conn.connection.driver_connection
        raw.set_trace_callback(lambda sql: statements.append((sql, None)))
        search_payments(conn, chosen)
        raw.set_trace_callback(None)
        selects = [sql for sql, _ in statements if "FROM payment" in sql]
        assert selects
        plans = [row[3] for sql in selects for row in raw.execute("EXPLAIN QUERY PLAN " + sql)]
    assert not [step for step in plans if step.startswith("SCAN p") and "INDEX" not in step and "VIRTUAL" not in step]


@pytest.mark.parametrize(
    "chosen",
    [
        PaymentFilter(text="김", live=Live.ALL),
        PaymentFilter(text="변심"),
        PaymentFilter(amount_from=5_000, amount_to=50_000, live=Live.ALL),
        PaymentFilter(text="김", states=frozenset({"paid"}), live=Live.ALL),
    ],
)
def test_what_a_text_or_amounts_let_through_is_counted_and_added_up(store: Engine, chosen: PaymentFilter) -> None:
    writes = mixed()
    fill(store, writes)
    whatever = [one.values for one in writes if lets_through(replace(chosen, states=frozenset()), one)]
    mine = [one.values for one in writes if lets_through(chosen, one)]
    assert mine
    with reading(store) as conn:
        found = sought_totals(conn, chosen)
    assert found is not None
    assert found.count.n == len(mine)
    assert found.states == Counter(map(state_of, whatever))
    money = [one for one in mine if state_of(one) in ("paid", "partly_refunded", "cancelled")]
    sums = {one.currency: (one.payments, one.gross, one.refunds, one.net) for one in found.totals}
    for currency in {one["currency"] for one in money}:
        own = [one for one in money if one["currency"] == currency]
        gross, back = sum(one["amount"] for one in own), sum(one["cancel_amount"] for one in own)
        assert sums.pop(currency) == (len(own), gross, back, gross - back)
    assert not sums


def test_more_than_the_cap_is_neither_counted_by_state_nor_added_up(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, mixed())
    monkeypatch.setattr(totals, "CAP", 5)
    with reading(store) as conn:
        assert sought_totals(conn, PaymentFilter(text="김", live=Live.ALL)) is None
        assert totals.count_payments(conn, PaymentFilter(text="김", live=Live.ALL)) == Count(5, capped=True)
