"""The search index: FTS5 on SQLite, an array of pieces on PostgreSQL; its row number is the position in the list.

Beside it the texts themselves, folded: pieces say nothing of their order, and rows are not written as people type.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy import Connection

from services.store.grams import parts_of, pieces
from services.store.sql import in_dialect, one_of, upsert


@dataclass(frozen=True, slots=True)
class GramChange:
    """The text of a payment, key or schedule before and after; `old_position` is null for a new one."""

    old_position: int | None
    old_text: str
    position: int
    text: str

    @property
    def moved(self) -> bool:
        return self.old_position != self.position or self.old_text != self.text


def write_grams(conn: Connection, changes: Sequence[GramChange], table: str = "payment_gram") -> None:
    """Takes the old texts out and the new ones in."""
    moved = [change for change in changes if change.moved]
    if not moved:
        return
    # FTS5 writes out what it holds whenever a row number is lower than the one before.
    gone = sorted((change.old_position, change.old_text) for change in moved if change.old_position is not None)
    moved.sort(key=attrgetter("position"))
    _write_texts(conn, gone, moved, f"{table}_text")
    if conn.dialect.name == "sqlite":
        # The index keeps no texts: it can take out only what it is told again.
        if gone:
            sql = f"INSERT INTO {table} ({table}, rowid, t) VALUES ('delete', ?, ?)"
            conn.exec_driver_sql(sql, gone)
        rows = [(change.position, change.text) for change in moved]
        conn.exec_driver_sql(f"INSERT INTO {table} (rowid, t) VALUES (?, ?)", rows)
    else:
        condition, bound = one_of(conn, "position", [position for position, _text in gone])
        conn.exec_driver_sql(in_dialect(conn, f"DELETE FROM {table} WHERE {condition}"), (bound,))
        pairs = [(change.position, pieces(change.text)) for change in moved]
        conn.exec_driver_sql(f"INSERT INTO {table} (position, grams) VALUES (%s, %s)", pairs)


def _write_texts(conn: Connection, gone: Sequence[tuple[int, str]], moved: Sequence[GramChange], table: str) -> None:
    stay = {change.position for change in moved}
    if left := [position for position, _text in gone if position not in stay]:
        condition, bound = one_of(conn, "position", left)
        conn.exec_driver_sql(in_dialect(conn, f"DELETE FROM {table} WHERE {condition}"), (bound,))
    sql = in_dialect(conn, upsert(table, ("position", "everybody", "buyers"), ("position",)))
    conn.exec_driver_sql(sql, [(change.position, *parts_of(change.text)) for change in moved])
