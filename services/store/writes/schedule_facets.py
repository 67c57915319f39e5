"""Facets and kept totals of schedules: the few combinations that lists filter by, and what a change makes of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.clock import day_of
from services.store.sql import fetch, in_dialect, one_of, upsert

ScheduleFacetKey = tuple[str, str, str, bool, str]
"""schedule_status, payment_status, pg_provider, sandbox, currency; null is ''"""

_COLUMNS = "schedule_status, payment_status, pg_provider, sandbox, currency"
_MOVED = ("merchant_uid", "facet_id", "schedule_at", "amount", *_COLUMNS.split(", "))


def schedule_facet_key(values: Mapping[str, Any]) -> ScheduleFacetKey:
    """The combination that a schedule's values belong to."""
    return (
        values["schedule_status"],
        values["payment_status"] or "",
        values["pg_provider"] or "",
        bool(values["sandbox"]),
        values["currency"],
    )


def schedule_facet_ids(conn: Connection, keys: Iterable[ScheduleFacetKey]) -> dict[ScheduleFacetKey, int]:
    """Ids of the combinations, new ones added."""
    known = _read(conn)
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        sql = in_dialect(
            conn, f"INSERT INTO schedule_facet ({_COLUMNS}, schedules, amount) VALUES (?, ?, ?, ?, ?, 0, 0)"
        )
        conn.exec_driver_sql(sql, missing)
        known = _read(conn)
    return known


def _read(conn: Connection) -> dict[ScheduleFacetKey, int]:
    rows = fetch(conn, f"SELECT id, {_COLUMNS} FROM schedule_facet")
    return {(row[1], row[2], row[3], bool(row[4]), row[5]): row[0] for row in rows}


class ScheduleTotalsDelta:
    """Differences of a batch, added up in memory and written once."""

    def __init__(self) -> None:
        self._sums: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])

    def add(self, values: Mapping[str, Any], facet_id: int, sign: int) -> None:
        """Counts a schedule in (sign 1) or out (sign -1)."""
        sums = self._sums[day_of(values["schedule_at"]), facet_id]
        sums[0] += sign
        sums[1] += sign * values["amount"]

    def write(self, conn: Connection) -> None:
        """Adds the differences to the kept rows and to what the facets hold."""
        rows = [(*key, *sums) for key, sums in self._sums.items() if any(sums)]
        if not rows:
            return
        changes = [f"{name} = schedule_total.{name} + excluded.{name}" for name in ("schedules", "amount")]
        sql = upsert("schedule_total", ("day", "facet_id", "schedules", "amount"), ("day", "facet_id"), changes)
        conn.exec_driver_sql(in_dialect(conn, sql), rows)
        sizes = [(schedules, amount, facet) for _day, facet, schedules, amount in rows]
        sql = "UPDATE schedule_facet SET schedules = schedules + ?, amount = amount + ? WHERE id = ?"
        conn.exec_driver_sql(in_dialect(conn, sql), sizes)


def mark_schedules(conn: Connection, customer_uids: Sequence[str], *, sandbox: bool) -> None:
    """The schedules of keys that turned out to be of a test channel, or of a live one after all."""
    condition, bound = one_of(conn, "customer_uid", customer_uids)
    rows = fetch(conn, f"SELECT {', '.join(_MOVED)} FROM schedule WHERE {condition}", (bound,))
    found = [dict(zip(_MOVED, row, strict=True)) for row in rows]
    moved = [row for row in found if bool(row["sandbox"]) != sandbox]
    if not moved:
        return
    keys = [schedule_facet_key(row | {"sandbox": sandbox}) for row in moved]
    facets = schedule_facet_ids(conn, keys)
    totals = ScheduleTotalsDelta()
    for row, key in zip(moved, keys, strict=True):
        totals.add(row, row["facet_id"], -1)
        totals.add(row, facets[key], 1)
    sql = "UPDATE schedule SET sandbox = ?, facet_id = ? WHERE merchant_uid = ?"
    values = [(sandbox, facets[key], row["merchant_uid"]) for row, key in zip(moved, keys, strict=True)]
    conn.exec_driver_sql(in_dialect(conn, sql), values)
    totals.write(conn)
