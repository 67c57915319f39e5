"""Schedules: every filter shows the rows it means by their due time; the calendar is right to the day in Korea."""

import random
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import DAY, SEOUL, day_of, day_to_date
from services.errors import InvalidFilter
from services.store.engine import reading, writing
from services.store.lists.filters import Live
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import (
    ScheduleRow,
    calendar_month,
    count_schedules,
    schedule_sums,
    schedule_tiles,
    schedule_values,
    search_schedules,
)
from services.store.lists.totals import upcoming_schedules
from tests.worlds.key_recount import rows_of
from tests.worlds.plans import plans_of
from tests.worlds.rows.key_rows import NOW, Changes, key, put_keys, put_schedules, schedule
from tests.worlds.rows.page_walk import there_and_back
from tests.worlds.rows.random_filters import random_filters
from tests.worlds.rows.times import at
from tests.worlds.spelled import in_phone, spelled

EVERYTHING = ScheduleFilter(live=Live.ALL)


def filled(engine: Engine) -> list[dict[str, Any]]:
    changes = Changes(2, uids=30)
    with writing(engine) as conn:
        for _ in range(150):
            changes.happen(conn)
        return rows_of(conn, "schedule")


def listed(engine: Engine, chosen: ScheduleFilter, limit: int = 7) -> list[ScheduleRow]:
    with reading(engine) as conn:
        return there_and_back(partial(search_schedules, conn, chosen, limit=limit))


def state_of(row: dict[str, Any]) -> str:
    ran = row["schedule_status"] == "executed" and row["payment_status"]
    return str(row["payment_status"] if ran else row["schedule_status"])


def some_filter(chance: random.Random, rows: list[dict[str, Any]]) -> ScheduleFilter:
    one = chance.choice(rows)
    first = day_of(NOW) + chance.randrange(3)
    states = ("scheduled", "paid", "failed", "executed", "revoked", "paused")
    texts = (
        "구독",
        "상",
        one["buyer_name"] or "김민서",
        "0101234",
        f"{one['amount']:,}원",
        (one["customer_uid"] or "uid"),
    )
    return ScheduleFilter(
        text=chance.choice(texts) if chance.random() < 0.3 else "",
        from_day=chance.choice((None, first)),
        to_day=chance.choice((None, first + chance.randrange(3))),
        states=frozenset(chance.sample(states, chance.choice((0, 0, 1, 2)))),
        pg_providers=frozenset(chance.sample(("naverpay", "kakaopay", "none"), chance.choice((0, 0, 2)))),
        live=chance.choice(tuple(Live)),
        currency=chance.choice((None, None, "KRW", "USD")),
        customer_uid=chance.choice((None, None, None, one["customer_uid"])),
        soonest_first=chance.random() < 0.5,
        search_buyers=chance.random() < 0.8,
    )


def lets_through(chosen: ScheduleFilter, row: dict[str, Any]) -> bool:
    day = day_of(row["schedule_at"])
    return (
        (chosen.from_day is None or day >= chosen.from_day)
        and (chosen.to_day is None or day <= chosen.to_day)
        and (not chosen.states or bool({state_of(row), row["schedule_status"]} & chosen.states))
        and (not chosen.pg_providers or row["pg_provider"] in chosen.pg_providers)
        and (chosen.live == Live.ALL or bool(row["sandbox"]) == (chosen.live == Live.TEST))
        and chosen.currency in (None, row["currency"])
        and chosen.customer_uid in (None, row["customer_uid"])
        and (not chosen.text or _holds(chosen, row))
    )


def _holds(chosen: ScheduleFilter, row: dict[str, Any]) -> bool:
    text, buyers = chosen.text.lower(), ("buyer_name", "buyer_tel") if chosen.search_buyers else ()
    if any(spelled(text) in spelled(row[name]) for name in ("merchant_uid", "customer_uid", "name", *buyers)):
        return True
    if chosen.search_buyers and in_phone(text, row["buyer_tel"]):
        return True
    return text.replace(",", "").replace("원", "") == str(row["amount"])


def test_random_filters_show_the_schedules_that_they_mean_in_their_order(store: Engine) -> None:
    rows, found = filled(store), 0
    for chosen, wanted in random_filters(rows, some_filter, lets_through, seed=8, times=150):
        shown = listed(store, chosen)
        wanted.sort(key=lambda row: row["position"], reverse=not chosen.soonest_first)
        assert [row.merchant_uid for row in shown] == [row["merchant_uid"] for row in wanted], chosen
        with reading(store) as conn:
            assert count_schedules(conn, chosen).n == len(shown), chosen
            sums = schedule_sums(conn, chosen)
        if chosen.counted_by_facets:
            assert sums is not None
            amounts = Counter({row["currency"]: 0 for row in wanted})
            for row in wanted:
                amounts[row["currency"]] += row["amount"]
            assert {one.currency: one.amount for one in sums} == amounts
            assert sum(one.rows for one in sums) == len(wanted)
        else:
            assert sums is None
        found += len(shown)
    assert found > 300


def test_tiles_and_values_are_those_of_the_rows(store: Engine) -> None:
    rows = filled(store)
    chosen = ScheduleFilter(from_day=day_of(NOW) + 1, states=frozenset({"paid"}))
    wanted = [row for row in rows if not row["sandbox"] and day_of(row["schedule_at"]) >= day_of(NOW) + 1]
    with reading(store) as conn:
        assert schedule_tiles(conn, chosen) == Counter(map(state_of, wanted))
        values = schedule_values(conn)
    assert set(values.states) == set(map(state_of, rows))
    assert set(values.pg_providers) == {row["pg_provider"] for row in rows} - {None, ""}
    assert set(values.currencies) == {"KRW", "USD"}


@pytest.mark.parametrize(("year", "month", "days"), [(2024, 2, 29), (2025, 2, 28), (2025, 10, 31), (2025, 12, 31)])
def test_a_month_has_its_own_days_in_korea_and_nobody_elses(store: Engine, year: int, month: int, days: int) -> None:
    first, last = f"{year}-{month:02d}-01T00:00:00", f"{year}-{month:02d}-{days}T23:59:59"
    edges = [at(first) - 1, at(first), at(last), at(last) + 1]
    put_schedules(store, [schedule(f"s{number}", schedule_at=edge) for number, edge in enumerate(edges)])
    with reading(store) as conn:
        found = calendar_month(conn, year, month)
    assert [day_to_date(one.day) for one in found] == [date(year, month, day + 1) for day in range(days)]
    assert [one.schedules for one in found] == [1, *[0] * (days - 2), 1]


def test_a_day_of_the_calendar_says_won_and_number_by_state_and_opens_its_list(store: Engine) -> None:
    rows = filled(store)
    when = datetime.fromtimestamp(NOW, SEOUL)
    for chosen in (EVERYTHING, ScheduleFilter(), ScheduleFilter(states=frozenset({"scheduled"}), live=Live.ALL)):
        with reading(store) as conn:
            days = calendar_month(conn, when.year, when.month, chosen)
        wanted = [row for row in rows if lets_through(chosen, row)]
        assert sum(one.schedules for one in days) == len(wanted) > 0
        for one in days:
            here = [row for row in wanted if day_of(row["schedule_at"]) == one.day]
            won = [row for row in here if row["currency"] == "KRW"]
            assert (one.schedules, one.won) == (len(here), sum(row["amount"] for row in won))
            assert {state: sums.schedules for state, sums in one.states.items()} == Counter(map(state_of, here))
            assert sum(sums.won for sums in one.states.values()) == one.won
            assert len(listed(store, replace(chosen, from_day=one.day, to_day=one.day))) == one.schedules


def test_test_rows_are_outside_the_calendar_and_what_is_coming_unless_asked_for(store: Engine) -> None:
    put_keys(store, [key("live"), key("test", sandbox=True)])
    put_schedules(store, [schedule(uid, customer_uid=uid) for uid in ("live", "test")])
    day, when = day_of(NOW), datetime.fromtimestamp(NOW, SEOUL)
    with reading(store) as conn:
        assert [one.schedules for one in upcoming_schedules(conn, day, day)] == [1]
        for live, number in ((Live.LIVE, 1), (Live.TEST, 1), (Live.ALL, 2)):
            days = calendar_month(conn, when.year, when.month, ScheduleFilter(live=live))
            assert sum(one.schedules for one in days) == number


def test_an_order_number_leaves_dates_and_filters_aside(store: Engine) -> None:
    put_schedules(store, [schedule("order-1"), schedule("order-10")])
    chosen = ScheduleFilter(text="order-1", from_day=1, to_day=2, states=frozenset({"revoked"}))
    with reading(store) as conn:
        page = search_schedules(conn, chosen)
        assert count_schedules(conn, chosen).n == 1
    assert page.exact
    assert [(row.merchant_uid, row.hits) for row in page.rows] == [("order-1", ("merchant_uid",))]


def test_a_schedule_that_is_moved_is_on_its_new_day_alone(store: Engine) -> None:
    put_schedules(store, [schedule("a", customer_uid="k")])
    put_schedules(store, [schedule("a", b"second", customer_uid="k", schedule_at=NOW + 3 * DAY)], as_of=2)
    day = day_of(NOW)
    for here, number in ((day, 0), (day + 3, 1)):
        chosen = ScheduleFilter(from_day=here, to_day=here)
        assert len(listed(store, chosen)) == number
        with reading(store) as conn:
            assert count_schedules(conn, chosen).n == number


@pytest.mark.parametrize("cursor", ["", "x", "-1", "9" * 40, "1~a"])
def test_a_cursor_that_is_none_of_ours_is_refused(store: Engine, cursor: str) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter):
        search_schedules(conn, ScheduleFilter(), before=cursor)


def test_a_filter_without_sense_is_refused(store: Engine) -> None:
    for chosen in (ScheduleFilter(from_day=2, to_day=1), ScheduleFilter(text="a"), ScheduleFilter(customer_uid="\0")):
        with reading(store) as conn, pytest.raises(InvalidFilter):
            search_schedules(conn, chosen)


def test_no_page_goes_through_all_schedules(store: Engine) -> None:
    rows = [schedule(f"s{n}", customer_uid=f"u{n % 50}", schedule_at=NOW + n, name="구독") for n in range(2_000)]
    put_schedules(store, rows)
    filters = (
        EVERYTHING,
        ScheduleFilter(),
        ScheduleFilter(soonest_first=True, from_day=day_of(NOW)),
        ScheduleFilter(text="구독"),
        ScheduleFilter(states=frozenset({"failed", "revoked"})),
        ScheduleFilter(customer_uid="u7"),
    )
    if store.dialect.name == "postgresql":
        with writing(store) as conn:
            conn.exec_driver_sql("ANALYZE")
    for chosen in filters:
        steps = plans_of(store, lambda conn, chosen=chosen: search_schedules(conn, chosen))
        assert steps
        walked = [step for step in steps if re.match(r"SCAN (p|schedule)\b(?!.* INDEX)|.*Seq Scan on schedule ", step)]
        assert walked == [], (chosen, steps)
