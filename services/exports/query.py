"""The rows of an export as one SQL statement, for either database."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from services.exports.columns import BY_KIND, Column, Shape
from services.exports.guarding import RISKY
from services.money import NO_MINOR_UNIT
from services.store.conditions import TIMES, Conditions, contains, exact_id, in_days, row_conditions, with_facets
from services.store.facet_reads import choose_facets
from services.store.filters import PaymentFilter
from services.store.key_filters import KeyFilter, key_rows
from services.store.refunds import MOVED, OURS, of_part
from services.store.schedule_filters import ScheduleFilter, schedule_rows
from services.store.sql import one_of
from services.store.subscriptions import SubscriptionFilter, subscription_rows

_NO_MINOR = ", ".join(f"'{currency}'" for currency in sorted(NO_MINOR_UNIT))
_RISKY = ", ".join(f"'{sign}'" for sign in RISKY)
_OWN_TIME = {
    "refunds": "c.cancelled_at",
    "operations": "p.asked_at",
}
_ORDERS = {
    "payments": "p.position DESC",
    "refunds": "c.cancelled_at DESC, c.imp_uid DESC, c.seq DESC",
    "schedules": "p.position DESC",
    "billing-keys": "p.position DESC",
    "subscriptions": "p.since DESC, p.customer_uid DESC",
    "operations": "p.asked_at DESC, p.id DESC",
}
_REFUNDS = f"JOIN cancellation c ON c.imp_uid = p.imp_uid {OURS}"
_OWN_FIELDS = "LEFT JOIN billing_key k ON k.customer_uid = p.customer_uid"


ListFilter = PaymentFilter | ScheduleFilter | KeyFilter | SubscriptionFilter
"""A kind's own: payments, refunds and operations go by the first."""


def columns_of(kind: str, *, with_buyers: bool) -> tuple[Column, ...]:
    """The columns that a person may have."""
    return tuple(column for column in BY_KIND[kind] if with_buyers or not column.buyer)


def source_of(conn: Connection, kind: str, chosen: ListFilter) -> Conditions:
    """The rows of a filter. Refunds: of the payments it lets through, by the day of the refund.

    Operations have days of their own; a part of the filter that they have no column for is left aside.
    """
    if isinstance(chosen, ScheduleFilter):
        return schedule_rows(conn, chosen)
    if isinstance(chosen, SubscriptionFilter):
        return subscription_rows(chosen)
    if isinstance(chosen, KeyFilter):
        found = key_rows(conn, chosen)
        return replace(found, source=f"{found.source} {_OWN_FIELDS}")
    chosen.require_sense()
    exact = exact_id(conn, chosen.text)
    if kind == "payments":
        return exact or _payments(conn, chosen)
    if kind == "refunds":
        found = exact or _payments(conn, replace(chosen, from_day=None, to_day=None))
        found = replace(found, source=f"{found.source} {_REFUNDS}").and_(MOVED)
        return found if exact else in_days(of_part(found, chosen), _OWN_TIME[kind], 0, chosen.from_day, chosen.to_day)
    return in_days(_operations(conn, chosen), _OWN_TIME[kind], 0, chosen.from_day, chosen.to_day)


def statement(
    conn: Connection,
    kind: str,
    chosen: ListFilter,
    columns: Sequence[Column],
    *,
    guarded: bool,
    raw_times: bool = False,
) -> tuple[str, tuple[Any, ...]]:
    """The rows in the list's order, each value written as its cell, with `?` for the bound values.

    `guarded`: a text that a spreadsheet would take for a formula has an apostrophe before it (see guarding.py).
    `raw_times`: moments stay seconds of the epoch, 0 and NULL where there is none.
    """
    found = source_of(conn, kind, chosen)
    lite = conn.dialect.name == "sqlite"
    cells = ", ".join(
        f"{column.sql if raw_times and column.shape == Shape.TIME else _cell(column, lite, guarded)} AS {column.name}"
        for column in columns
    )
    return f"SELECT {cells} FROM {found.source} WHERE {found.where} ORDER BY {_order(kind, chosen)}", found.values


def _order(kind: str, chosen: ListFilter) -> str:
    if isinstance(chosen, ScheduleFilter):
        return "p.position" if chosen.soonest_first else _ORDERS[kind]
    if isinstance(chosen, KeyFilter):
        return "p.next_at, p.customer_uid" if chosen.by_next_charge else _ORDERS[kind]
    if isinstance(chosen, SubscriptionFilter):
        return _ORDERS[kind]
    by_time = kind == "payments" and chosen.basis in TIMES and not chosen.text
    return f"p.{TIMES[chosen.basis]} DESC, p.imp_uid DESC" if by_time else _ORDERS[kind]


def _payments(conn: Connection, chosen: PaymentFilter) -> Conditions:
    found = row_conditions(conn, chosen)
    facets = choose_facets(conn, chosen)
    return found if facets.whole else with_facets(conn, found, facets.ids)


def _operations(conn: Connection, chosen: PaymentFilter) -> Conditions:
    found = Conditions("operation p", (), ())
    if chosen.states:
        condition, bound = one_of(conn, "p.state", sorted(chosen.states))
        found = found.and_(condition, bound)
    if chosen.customer_uid is not None:
        found = found.and_("p.customer_uid = ?", chosen.customer_uid)
    if chosen.currency is not None:
        found = found.and_("p.currency = ?", chosen.currency)
    if chosen.text:
        texts = sorted(column.sql for column in BY_KIND["operations"] if column.shape == Shape.TEXT)
        part, values = contains(conn, texts, chosen.text)
        found = found.and_(part, *values)
    return found


def _cell(column: Column, lite: bool, guarded: bool) -> str:
    name = column.sql
    if column.shape == Shape.TIME:
        written = (
            f"strftime('%Y-%m-%dT%H:%M:%S+09:00', {name} + 32400, 'unixepoch')"
            if lite
            else f"to_char(to_timestamp({name}) AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+09:00'"
        )
        return f"CASE WHEN {name} > 0 THEN {written} END"
    if column.shape == Shape.MONEY:
        sign = f"CASE WHEN {name} < 0 THEN '-' ELSE '' END"
        cents = (
            f"printf('%s%d.%02d', {sign}, abs({name}) / 100, abs({name}) % 100)"
            if lite
            else f"({name} / 100.0)::numeric(20, 2)::text"
        )
        whole = f"{column.currency} = 'KRW' OR upper({column.currency}) IN ({_NO_MINOR})"
        return f"CASE WHEN {name} IS NULL THEN NULL WHEN {whole} THEN CAST({name} AS TEXT) ELSE {cents} END"
    if column.shape == Shape.FLAG:
        return f"CASE WHEN {name} THEN 'true' ELSE 'false' END"
    if column.shape == Shape.NUMBER:
        return f"CAST({name} AS TEXT)"
    if not guarded:
        return name
    return f"CASE WHEN substr({name}, 1, 1) IN ({_RISKY}) THEN '''' || {name} ELSE {name} END"
