"""Duplicates: billing keys of one buyer, by the phone or by the buyer's card; a deleted key is nobody's duplicate."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from services.store.sql import fetch, in_dialect, one_of
from services.store.writes.key_totals import KeyTotalsDelta
from services.tables.keys import KeyState

_LIVE = f"<> '{KeyState.DELETED}'"
_COUNTED = ("id", "state", "pg_provider", "sandbox", "duplicated", "booked", "booked_won")
_HAS_ONE = " OR ".join(
    f"EXISTS (SELECT 1 FROM key_summary o WHERE o.{name} = k.{name} AND o.state {_LIVE} AND o.id <> k.id)"
    for name in ("same_tel", "same_card")
)
_WRONG = f"k.duplicated <> (k.state {_LIVE} AND ({_HAS_ONE}))"


def compare_neighbours(
    conn: Connection, pairs: Iterable[tuple[dict[str, Any] | None, dict[str, Any]]], totals: KeyTotalsDelta
) -> None:
    """Sets the mark of keys whose neighbours changed, and moves their totals. Pairs: a key before and after."""
    touched: list[int] = []
    tels: set[str] = set()
    cards: set[str] = set()
    for old, new in pairs:
        if old is not None and _place(old) == _place(new):
            continue
        touched.append(new["id"])
        for row in (old, new):
            if row is not None:
                tels.add(row["same_tel"] or "")
                cards.add(row["same_card"] or "")
    if not touched:
        return
    wanted: dict[int, tuple[Any, ...]] = {}
    for column, values in (("k.id", touched), ("k.same_tel", tels - {""}), ("k.same_card", cards - {""})):
        condition, bound = one_of(conn, column, values)
        names = ", ".join(f"k.{name}" for name in _COUNTED)
        found = fetch(conn, f"SELECT {names} FROM key_summary k WHERE {condition} AND {_WRONG}", (bound,))
        wanted |= {one[0]: one for one in found}
    for counted in wanted.values():
        was = dict(zip(_COUNTED, counted, strict=True))
        totals.move(was, was | {"duplicated": not was["duplicated"]})
    condition, bound = one_of(conn, "id", wanted)
    sql = f"UPDATE key_summary SET duplicated = NOT duplicated WHERE {condition}"
    conn.exec_driver_sql(in_dialect(conn, sql), (bound,))


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["same_tel"], row["same_card"], row["state"] == KeyState.DELETED
