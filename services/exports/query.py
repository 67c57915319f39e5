"""The rows of an export as one SQL statement, for either database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from services.clock import DAY, day_start
from services.exports.columns import BY_KIND, Column, Shape
from services.money import NO_MINOR_UNIT
from services.store.conditions import row_conditions, with_facets
from services.store.facet_reads import all_facets, matching
from services.store.filters import Live, PaymentFilter

_NO_MINOR = ", ".join(f"'{currency}'" for currency in sorted(NO_MINOR_UNIT))
_RISKY = "'=', '+', '-', '@', '＝', '＋', '－', '＠'"
_OWN_TIME = {"refunds": "c.cancelled_at", "schedules": "p.schedule_at", "billing-keys": "p.inserted"}
_SOURCES = {
    "refunds": "cancellation c JOIN payment p ON p.imp_uid = c.imp_uid",
    "schedules": "schedule p",
    "billing-keys": "billing_key p",
}
_ORDERS = {
    "payments": "p.position DESC",
    "refunds": "c.cancelled_at DESC, c.imp_uid DESC, c.seq DESC",
    "schedules": "p.schedule_at DESC, p.merchant_uid DESC",
    "billing-keys": "p.customer_uid",
}


def columns_of(kind: str, *, with_buyers: bool) -> tuple[Column, ...]:
    """The columns that a person may have."""
    return tuple(column for column in BY_KIND[kind] if with_buyers or not column.buyer)


def source_of(conn: Connection, kind: str, chosen: PaymentFilter) -> tuple[str, str, tuple[Any, ...]]:
    """FROM, WHERE and bound values. Refunds, schedules and keys go by their own time and live or test."""
    if kind == "payments":
        found = row_conditions(conn, chosen)
        facets = all_facets(conn)
        wanted = matching(facets, chosen)
        if len(wanted) < len(facets):
            found = with_facets(conn, found, [facet.id for facet in wanted])
        return found.source, found.where, found.values
    chosen.require_sense()
    parts, values = ["1 = 1"], []
    if chosen.from_day is not None:
        parts.append(f"{_OWN_TIME[kind]} >= ?")
        values.append(day_start(chosen.from_day))
    if chosen.to_day is not None:
        parts.append(f"{_OWN_TIME[kind]} < ?")
        values.append(day_start(chosen.to_day) + DAY)
    if chosen.live != Live.ALL and kind != "schedules":
        parts.append("p.sandbox" if chosen.live == Live.TEST else "NOT p.sandbox")
    return _SOURCES[kind], " AND ".join(parts), tuple(values)


def statement(
    conn: Connection, kind: str, chosen: PaymentFilter, columns: Sequence[Column]
) -> tuple[str, tuple[Any, ...]]:
    """The rows in the list's order, each value written as its cell, with `?` for the bound values."""
    source, where, values = source_of(conn, kind, chosen)
    lite = conn.dialect.name == "sqlite"
    cells = ", ".join(f"{_cell(column, lite)} AS {column.name}" for column in columns)
    return f"SELECT {cells} FROM {source} WHERE {where} ORDER BY {_ORDERS[kind]}", values


def _cell(column: Column, lite: bool) -> str:
    name = column.sql
    if column.shape == Shape.TIME:
        written = (
            f"strftime('%Y-%m-%dT%H:%M:%S', {name} + 32400, 'unixepoch') || '+09:00'"
            if lite
            else f"to_char(to_timestamp({name}) AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+09:00'"
        )
        return f"CASE WHEN {name} > 0 THEN {written} END"
    if column.shape == Shape.MONEY:
        cents = f"printf('%d.%02d', {name} / 100, {name} % 100)" if lite else f"({name} / 100.0)::numeric(20, 2)::text"
        return f"CASE WHEN p.currency IN ({_NO_MINOR}) THEN CAST({name} AS TEXT) ELSE {cents} END"
    if column.shape == Shape.FLAG:
        return f"CASE WHEN {name} THEN 'true' ELSE 'false' END"
    if column.shape == Shape.NUMBER:
        return f"CAST({name} AS TEXT)"
    first = f"substr({name}, 1, 1)"
    tab, line = ("char(9)", "char(13)") if lite else ("chr(9)", "chr(13)")
    return f"CASE WHEN {first} IN ({_RISKY}, {tab}, {line}) THEN '''' || {name} ELSE {name} END"
