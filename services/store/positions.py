"""Positions: one integer by which a list is in order, unique in its table, that also says the row's time."""

from collections.abc import Iterable, Mapping
from zlib import crc32

from sqlalchemy import Connection

from services.store.sql import in_dialect, one_of

POSITION_BITS = 20
"""A second has room for so many rows; the time stands in the bits above."""


def position_of(at: int) -> int:
    """The lowest position of a UNIX time."""
    return at << POSITION_BITS


def positions(conn: Connection, table: str, kept: Mapping[str, int], times: Mapping[str, int]) -> dict[str, int]:
    """A place for each row by its id: `kept` ones stay, `times` (UNIX seconds) give new ones.

    A place that is taken is moved up to the next that is free.
    """
    found = dict(kept)
    wanted = {uid: at << POSITION_BITS | crc32(uid.encode()) & (1 << POSITION_BITS) - 1 for uid, at in times.items()}
    taken = set(found.values()) | _taken(conn, table, wanted.values())
    for uid, place in wanted.items():
        while place in taken:
            place += 1
            if place not in taken:
                taken |= _taken(conn, table, (place,))
        taken.add(place)
        found[uid] = place
    return found


def _taken(conn: Connection, table: str, places: Iterable[int]) -> set[int]:
    condition, bound = one_of(conn, "position", places)
    rows = conn.exec_driver_sql(in_dialect(conn, f"SELECT position FROM {table} WHERE {condition}"), (bound,))
    return {row[0] for row in rows}
