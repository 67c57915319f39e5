"""The directory: every filter, order and text shows the keys it means, out of an index; its numbers are the rows'."""

import random
import re
from collections import Counter
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine

from services.errors import InvalidFilter
from services.store.engine import reading, writing
from services.store.lists.filters import Live
from services.store.lists.key_filters import KeyFilter, KeyOrder
from services.store.lists.keys import (
    KeyRow,
    count_billing_keys,
    count_duplicates,
    duplicates_of_key,
    get_key_summary,
    key_sums,
    key_tiles,
    key_values,
    payments_of_key,
    schedules_of_key,
    search_billing_keys,
)
from services.store.lists.one import booked_on_key, cards_of_key
from tests.worlds.key_recount import rows_of
from tests.worlds.plans import plans_of
from tests.worlds.rows.key_rows import NOW, Changes, key, put_keys
from tests.worlds.rows.page_walk import onwards, there_and_back
from tests.worlds.rows.random_filters import random_filters
from tests.worlds.spelled import in_phone, spelled

EVERY_KEY = KeyFilter(live=Live.ALL)
_BUYER = ("buyer_name", "buyer_tel", "buyer_email")


def filled(engine: Engine, *, uids: int = 60, rounds: int = 120) -> list[dict[str, Any]]:
    changes = Changes(9, uids=uids)
    with writing(engine) as conn:
        for _ in range(rounds):
            changes.happen(conn)
        return rows_of(conn, "key_summary")


def listed(engine: Engine, chosen: KeyFilter, limit: int = 7) -> list[KeyRow]:
    with reading(engine) as conn:
        return there_and_back(partial(search_billing_keys, conn, chosen, limit=limit))


def some_filter(chance: random.Random, rows: list[dict[str, Any]]) -> KeyFilter:
    one = chance.choice(rows)
    name, tel, card = one["buyer_name"] or "김", one["buyer_tel"] or "010", one["card_number"] or "5409"
    texts = (name, name[:1] if name[0] > "가" else name, tel[:8], card[-4:], one["customer_uid"][:3], "0101234")
    return KeyFilter(
        text=chance.choice(texts) if chance.random() < 0.4 else "",
        states=frozenset(chance.sample(("active", "failing", "unused", "deleted"), chance.choice((0, 0, 1, 2)))),
        pg_providers=frozenset(chance.sample(("naverpay", "kakaopay", "", "none"), chance.choice((0, 0, 2)))),
        only_duplicates=chance.random() < 0.3,
        live=chance.choice(tuple(Live)),
        order=chance.choice(tuple(KeyOrder)),
        search_buyers=chance.random() < 0.8,
    )


def lets_through(chosen: KeyFilter, row: dict[str, Any]) -> bool:
    return (
        (not chosen.states or row["state"] in chosen.states)
        and (not chosen.pg_providers or row["pg_provider"] in chosen.pg_providers)
        and (not chosen.only_duplicates or bool(row["duplicated"]))
        and (chosen.live == Live.ALL or bool(row["sandbox"]) == (chosen.live == Live.TEST))
        and (not chosen.by_next_charge or row["next_at"] is not None)
        and (not chosen.text or _holds(chosen, row))
    )


def _holds(chosen: KeyFilter, row: dict[str, Any]) -> bool:
    text = chosen.text.lower()
    fields = ("customer_uid", *(_BUYER if chosen.search_buyers else ()))
    if any(spelled(text) in spelled(row[name]) for name in fields):
        return True
    if not chosen.search_buyers:
        return False
    number = text.replace("-", "")
    return in_phone(text, row["buyer_tel"]) or (
        number.isdecimal() and len(number) == 4 and (row["card_number"] or "").endswith(number)
    )


def _ends_in(chosen: KeyFilter, row: dict[str, Any]) -> bool:
    """Whether a phone or card ends in the number that is looked for: such rows come first."""
    number = chosen.text.replace("-", "")
    if not chosen.search_buyers or len(number) < 4 or not number.isdecimal():
        return False
    tel, card = (row["buyer_tel"] or "").replace("-", ""), row["card_number"] or ""
    return tel.endswith(number) or (len(number) == 4 and card.endswith(number))


def test_random_filters_show_the_keys_that_they_mean_in_their_order(store: Engine) -> None:
    rows, found = filled(store), 0
    for chosen, wanted in random_filters(rows, some_filter, lets_through, seed=4, times=120):
        shown = listed(store, chosen)
        if chosen.by_next_charge:
            wanted.sort(key=lambda row: (row["next_at"], row["customer_uid"]))
        else:
            wanted.sort(key=lambda row: (not _ends_in(chosen, row), -row["position"]))
        assert [row.customer_uid for row in shown] == [row["customer_uid"] for row in wanted], chosen
        with reading(store) as conn:
            assert count_billing_keys(conn, chosen).n == len(shown), chosen
        found += len(shown)
    assert found > 500


def test_tiles_sums_and_values_are_those_of_the_rows(store: Engine) -> None:
    rows = filled(store)
    for chosen in (EVERY_KEY, KeyFilter(), KeyFilter(only_duplicates=True), KeyFilter(states=frozenset({"failing"}))):
        wanted = [row for row in rows if lets_through(chosen, row)]
        with reading(store) as conn:
            sums = key_sums(conn, chosen)
            assert count_duplicates(conn, chosen) == sum(bool(row["duplicated"]) for row in wanted)
            tiles = key_tiles(conn, chosen)
        assert sums is not None
        assert (sums.keys, sums.booked_keys) == (len(wanted), sum(row["booked"] > 0 for row in wanted))
        assert sums.booked == sum(row["booked"] for row in wanted)
        assert sums.booked_won == sum(row["booked_won"] for row in wanted)
        if not chosen.states:
            assert tiles == Counter(row["state"] for row in wanted)
    with reading(store) as conn:
        values = key_values(conn)
        assert key_sums(conn, KeyFilter(text="김")) is None
    assert set(values.states) == {row["state"] for row in rows}
    assert set(values.pg_providers) == {row["pg_provider"] for row in rows} - {""}


def test_an_exact_uid_leaves_filters_aside(store: Engine) -> None:
    put_keys(store, [key("member-1", sandbox=True), key("member-10")])
    with reading(store) as conn:
        page = search_billing_keys(conn, KeyFilter(text="member-1", states=frozenset({"deleted"})))
        assert count_billing_keys(conn, KeyFilter(text="member-1")).n == 1
    assert page.exact
    assert [(row.customer_uid, row.hits) for row in page.rows] == [("member-1", ("customer_uid",))]


def test_a_hit_names_the_field_that_holds_the_text(store: Engine) -> None:
    person = {"customer_name": "김민서", "customer_tel": "010-1234-5678", "customer_email": "min@example.com"}
    put_keys(store, [key("member-1", card_number="5409****1234", **person)])
    for text, hits in (
        ("민서", ("buyer_name",)),
        ("01012345", ("buyer_tel",)),
        ("5678", ("buyer_tel",)),
        ("1234", ("card_number", "buyer_tel")),
        ("MIN@", ("buyer_email",)),
        ("member", ("customer_uid",)),
    ):
        assert [row.hits for row in listed(store, KeyFilter(text=text))] == [hits]


def test_who_may_not_see_buyers_cannot_find_keys_by_them(store: Engine) -> None:
    put_keys(store, [key("member-1", customer_name="김민서", customer_tel="010-1234-5678", card_number="5409****1234")])
    for text in ("김민서", "0101234", "1234"):
        assert len(listed(store, KeyFilter(text=text))) == 1
        assert listed(store, KeyFilter(text=text, search_buyers=False)) == []
    assert len(listed(store, KeyFilter(text="mber", search_buyers=False))) == 1


def test_one_key_shows_its_summary_duplicates_schedules_and_payments(store: Engine) -> None:
    rows = filled(store)
    with reading(store) as conn:
        schedules, payments = rows_of(conn, "schedule"), rows_of(conn, "payment")
        for row in rows:
            uid = row["customer_uid"]
            found = get_key_summary(conn, uid)
            assert found is not None
            assert (found.state, found.booked) == (row["state"], row["booked"])
            others = {one.customer_uid for one in duplicates_of_key(conn, found)}
            assert uid not in others
            assert bool(others) == bool(row["duplicated"])
            for kept, read in ((schedules, schedules_of_key), (payments, payments_of_key)):
                own = sorted((one for one in kept if one["customer_uid"] == uid), key=lambda one: -one["position"])
                shown = onwards(partial(read, conn, uid, limit=2))
                assert [row.merchant_uid for row in shown] == [one["merchant_uid"] for one in own]
        assert get_key_summary(conn, "nobody") is None


@pytest.mark.parametrize("order", KeyOrder)
@pytest.mark.parametrize("cursor", ["", "x", "-1", "9" * 40, "~a"])
def test_a_cursor_that_is_none_of_ours_is_refused(store: Engine, cursor: str, order: KeyOrder) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter):
        search_billing_keys(conn, KeyFilter(order=order), before=cursor)


def test_a_cursor_without_its_key_is_refused(store: Engine) -> None:
    for cursor in ("1", "1~", "1~\0"):
        with reading(store) as conn, pytest.raises(InvalidFilter):
            search_billing_keys(conn, KeyFilter(order=KeyOrder.NEXT_CHARGE), before=cursor)


@pytest.mark.parametrize("text", ["a", "1", "\0\0\0", "\udc80abc"])
def test_a_text_that_cannot_be_looked_up_is_refused(store: Engine, text: str) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter):
        search_billing_keys(conn, KeyFilter(text=text))


def test_no_page_of_the_directory_goes_through_all_keys(store: Engine) -> None:
    put_keys(store, [key(f"member-{at}", customer_name="김민서", inserted=NOW + at) for at in range(2_000)])
    filters = (
        EVERY_KEY,
        KeyFilter(),
        KeyFilter(text="민서"),
        KeyFilter(states=frozenset({"failing", "unused"}), pg_providers=frozenset({"", "naverpay"})),
        KeyFilter(only_duplicates=True),
        KeyFilter(order=KeyOrder.NEXT_CHARGE),
        KeyFilter(order=KeyOrder.NEXT_CHARGE, live=Live.ALL),
    )
    if store.dialect.name == "postgresql":
        with writing(store) as conn:
            conn.exec_driver_sql("ANALYZE")
    for chosen in filters:
        steps = plans_of(store, lambda conn, chosen=chosen: search_billing_keys(conn, chosen))
        assert steps
        walked = [
            step for step in steps if re.match(r"SCAN (p|key_summary)\b(?!.* INDEX)|.*Seq Scan on key_summary ", step)
        ]
        assert walked == [], (chosen, steps)


def test_the_cards_of_a_key_and_what_is_booked_on_it_are_those_of_its_rows(store: Engine) -> None:
    filled(store)
    seen = 0
    with reading(store) as conn:
        for row in search_billing_keys(conn, EVERY_KEY, limit=100).rows:
            paid = [one for one in payments_of_key(conn, row.customer_uid, limit=500).rows]
            cards = {(one.card_name, one.card_number) for one in paid if one.card_number or one.card_name}
            used = cards_of_key(conn, row.customer_uid)
            assert {(one.card_name, one.card_number) for one in used} == cards
            assert [one.last_at for one in used] == sorted((one.last_at for one in used), reverse=True)
            booked = booked_on_key(conn, row.customer_uid)
            assert len(booked) == row.booked
            assert [one.schedule_at for one in booked] == sorted(one.schedule_at for one in booked)
            seen += len(used) + len(booked)
    assert seen > 20
