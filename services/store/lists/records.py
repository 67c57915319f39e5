"""What the audit tells besides operations, the latest first: limits, roles, files, closings, databases put back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions, in_days
from services.store.lists.cursors import numbers
from services.store.lists.filters import require_days
from services.store.lists.keyset import Order, Page, page_of, walk


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Seoul days, inclusive; None is no end."""

    from_day: int | None = None
    to_day: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One entry: when (UNIX seconds), who, from where, what, and the particulars of that."""

    id: int
    at: int
    actor: str
    origin: str
    action: str
    detail: Mapping[str, Any]


def list_records(
    conn: Connection, chosen: RecordFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[Record]:
    """One page: after the cursor `before`, or before `after`. Raises InvalidFilter."""
    require_days(chosen.from_day, chosen.to_day)
    # SQLite would rather look for all of them by their operation, and put them in order.
    by_time = " INDEXED BY audit_entry_alone" if conn.dialect.name == "sqlite" else ""
    alone = Conditions(f"audit_entry p{by_time}", ("p.operation_id IS NULL",), ())
    found = in_days(alone, "p.at", 0, chosen.from_day, chosen.to_day)
    order, cursor = Order(("p.at", "p.id"), descending=after is None), before if after is None else after
    if cursor is not None:
        time, _dot, number = cursor.partition(".")
        found = order.beyond(found, numbers("before", time, number))
    columns = "p.id, p.at, p.actor, p.origin, p.action, p.detail"
    read = walk(conn, columns, found, order.sql, limit + 1)
    rows = [
        Record(number, at, actor, origin, action, json.loads(detail))
        for number, at, actor, origin, action, detail in read
    ]
    return page_of(rows, limit, lambda one: f"{one.at}.{one.id}", begun=cursor is not None, back=after is not None)
