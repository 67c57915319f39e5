"""Schedules: pages of them by their due time, what they come to, and the month as a calendar."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.months import month_span
from services.store.lists.amount_order import Amount, few_enough, way_of
from services.store.lists.conditions import position_column
from services.store.lists.cursors import numbers
from services.store.lists.filters import Live, require_sought
from services.store.lists.keyset import Listing, Order, Page, Ranges, walk
from services.store.lists.schedule_filters import (
    ScheduleFacetRow,
    ScheduleFilter,
    schedule_conditions,
    schedule_facets,
    schedule_ranges,
    schedule_rows,
)
from services.store.lists.totals import Count, FacetValues, RowSum, capped_count, values_of
from services.store.search.hits import Hits, hits_of
from services.store.search.ranked import ranked_page
from services.store.sql import fetch

_WON = "KRW"


class ScheduleRow(NamedTuple):
    """A schedule in a list; fields as in models.Schedule. `hits` are the fields in which the text was found."""

    merchant_uid: str
    position: int
    customer_uid: str | None
    imp_uid: str | None
    schedule_at: int
    executed_at: int
    revoked_at: int
    schedule_status: str
    payment_status: str | None
    fail_reason: str | None
    pg_provider: str | None
    sandbox: bool
    amount: int
    currency: str
    name: str | None
    buyer_name: str | None
    buyer_tel: str | None
    buyer_email: str | None
    tier: str
    hits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StateSum:
    """Schedules of a day in one state; `won` is of those in won."""

    schedules: int
    won: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A Seoul day of the calendar; other currencies than won are counted and not summed."""

    day: int
    schedules: int = 0
    won: int = 0
    states: dict[str, StateSum] = field(default_factory=dict)
    """By schedule_models.ScheduleState."""


_LISTING = Listing("schedule", ScheduleRow, "merchant_uid")
_COLUMNS = _LISTING.columns
AMOUNTS = {"amount": Amount("p.amount", "amount")}
"""What the list can be put in order by."""


def search_schedules(
    conn: Connection, chosen: ScheduleFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[ScheduleRow]:
    """One page in the filter's order: rows after the cursor `before`, or before the cursor `after`.

    A text that is an order number shows that schedule whatever the filters say; the likeliest rows of another come
    first, unless they are put in order by an amount. Raises InvalidFilter.
    """
    chosen.require_sense()
    if chosen.text and (row := get_schedule_row(conn, chosen.text)):
        return Page((row._replace(hits=("merchant_uid",)),), exact=True)
    require_sought(chosen.text)
    found, ranges = schedule_conditions(conn, chosen), schedule_ranges(conn, chosen)
    if chosen.text and chosen.order is None and (page := _ranked(conn, chosen, ranges, before or after, limit)):
        return page
    sought = bool(chosen.text or chosen.customer_uid)

    def fits() -> bool:
        kept = sum(one.schedules for one in _kept(conn, chosen))
        return few_enough(conn, kept, ranges.narrow(found) if sought else None)

    def own(back: bool) -> Order:
        return Order((position_column(conn, chosen.text),), descending=chosen.soonest_first == back)

    way = way_of(chosen.order, AMOUNTS, own, before=before, after=after, fits=fits)
    found = way.beyond(found, partial(numbers, "cursor"))
    read = way.read(conn, _LISTING, found, ranges, limit + 1, sought=sought)
    rows = [ScheduleRow(*row) for row in read]
    if chosen.text:
        rows = [_with_hits(row, chosen)[1] for row in rows]
    return way.page(rows, limit, lambda row: str(row.position))


def get_schedule_row(conn: Connection, merchant_uid: str) -> ScheduleRow | None:
    """The schedule of this order number, as lists show it."""
    rows = fetch(conn, f"SELECT {_COLUMNS} FROM schedule p WHERE p.merchant_uid = ?", (merchant_uid,))
    return ScheduleRow(*rows[0]) if rows else None


def count_schedules(conn: Connection, chosen: ScheduleFilter) -> Count:
    """How many schedules a filter lets through; exact from kept totals, capped where it goes by text or key."""
    chosen.require_sense()
    if chosen.counted_by_facets:
        return Count(sum(one.schedules for one in _kept(conn, chosen)))
    return capped_count(conn, schedule_rows(conn, chosen))


def schedule_tiles(conn: Connection, chosen: ScheduleFilter) -> dict[str, int]:
    """Schedules per state under the filter's facets and days, whatever states, text and key it names."""
    counts: defaultdict[str, int] = defaultdict(int)
    for one in _kept(conn, replace(chosen, states=frozenset())):
        counts[one.state] += one.schedules
    return dict(counts)


def schedule_sums(conn: Connection, chosen: ScheduleFilter) -> list[RowSum] | None:
    """Sums of the whole filter, a line a currency; None where it goes by text or key: nothing is kept for those."""
    if not chosen.counted_by_facets:
        return None
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in _kept(conn, chosen):
        sums[one.currency][0] += one.schedules
        sums[one.currency][1] += one.amount
    return [RowSum(currency, *pair) for currency, pair in sorted(sums.items()) if any(pair)]


def calendar_month(conn: Connection, year: int, month: int, chosen: ScheduleFilter | None = None) -> list[CalendarDay]:
    """Every Seoul day of a month in order, from kept totals; of the filter its facets count, not its days or text."""
    first, last = month_span(year * 100 + month)
    chosen = replace(chosen or ScheduleFilter(), from_day=first, to_day=last)
    facets = {one.id: one for one in schedule_facets(conn, chosen)}
    days: dict[int, defaultdict[str, list[int]]] = {day: defaultdict(lambda: [0, 0]) for day in range(first, last + 1)}
    sql = "SELECT day, facet_id, schedules, amount FROM schedule_total WHERE day BETWEEN ? AND ? AND schedules > 0"
    for day, facet_id, schedules, amount in fetch(conn, sql, (first, last)):
        if facet_id not in facets:
            continue
        facet = facets[facet_id]
        days[day][facet.state][0] += schedules
        days[day][facet.state][1] += amount if facet.currency == _WON else 0
    return [_calendar_day(day, states) for day, states in days.items()]


def schedule_values(conn: Connection) -> FacetValues:
    """The states, PGs and currencies that schedules have."""
    facets = schedule_facets(conn, ScheduleFilter(live=Live.ALL))
    columns = {"states": "state", "pg_providers": "pg_provider", "currencies": "currency"}
    return values_of([(one, one.schedules) for one in facets], columns)


def _calendar_day(day: int, states: dict[str, list[int]]) -> CalendarDay:
    sums = {state: StateSum(*pair) for state, pair in sorted(states.items()) if pair[0]}
    return CalendarDay(day, sum(one.schedules for one in sums.values()), sum(one.won for one in sums.values()), sums)


def _kept(conn: Connection, chosen: ScheduleFilter) -> list[ScheduleFacetRow]:
    """The filter's facets with what its days hold of each; without days, what there is of each."""
    facets = schedule_facets(conn, chosen)
    parts, values = ["1 = 1"], []
    for part, day in (("day >= ?", chosen.from_day), ("day <= ?", chosen.to_day)):
        if day is not None:
            parts.append(part)
            values.append(day)
    if not values:
        return facets
    sql = (
        "SELECT facet_id, sum(schedules), sum(amount) FROM schedule_total "
        f"WHERE {' AND '.join(parts)} GROUP BY facet_id"
    )
    sums = {row[0]: row[1:] for row in fetch(conn, sql, values)}
    return [
        one._replace(schedules=int(sums[one.id][0]), amount=int(sums[one.id][1])) for one in facets if one.id in sums
    ]


def _ranked(
    conn: Connection, chosen: ScheduleFilter, ranges: Ranges, cursor: str | None, limit: int
) -> Page[ScheduleRow] | None:
    def read(ends: bool, most: int) -> list[Any]:
        found = ranges.narrow(schedule_conditions(conn, chosen, ends=ends))
        own = Order((position_column(conn, chosen.text),), descending=not chosen.soonest_first)
        return walk(conn, _COLUMNS, found, own.sql, most)

    return ranked_page(chosen.text, cursor, limit, read, lambda row: _with_hits(ScheduleRow(*row), chosen))


def _with_hits(row: ScheduleRow, chosen: ScheduleFilter) -> tuple[Hits, ScheduleRow]:
    names = ("merchant_uid", "customer_uid", "imp_uid", "name")
    hits = hits_of(row, names, chosen.text, buyers=chosen.search_buyers, amount=row.amount)
    return hits, row._replace(hits=hits.fields)
