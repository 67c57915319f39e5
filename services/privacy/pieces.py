"""What SQLite's search index still holds of a text that was taken out of it.

FTS5 writes down what is gone and keeps both until it puts its parts together: here it has to, in short steps.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine

from services.store.engine import reading, writing_one_of_many
from services.store.lists.system import marks
from services.store.sql import in_dialect
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark

_TABLES = ("payment_gram", "key_gram", "schedule_gram")
_PAGES = 100
"""Pages of one step: some hundredths of a second."""
_AT_ONCE = 2.0
"""Seconds for which whoever erases waits; what is left then is the loop's."""
_NOTHING_DONE = 2
"""FTS5 changes fewer rows than this where nothing is left to be put together."""


def note_erased(conn: Connection, at: int) -> None:
    """Texts were taken out: their pieces are to go too."""
    if conn.dialect.name == "sqlite":
        set_mark(conn, MirrorMark.PIECES_LEFT, uuid4().hex, at)


def are_left(conn: Connection) -> bool:
    """Whether something was taken out since the index was put together last."""
    return MirrorMark.PIECES_LEFT in marks(conn)


def take_out(engine: Engine, pause: Callable[[], bool]) -> bool:
    """Puts the index together where something was taken out of it; whether nothing is left.

    What is done is done: whoever goes on after a crash puts together only what is apart still.
    """
    with reading(engine) as conn:
        noted = marks(conn).get(MirrorMark.PIECES_LEFT)
    if noted is None:
        return True
    for table in _TABLES:
        pages = -_PAGES  # less than nothing: all parts are to become one
        while _step(engine, table, pages):
            pages = _PAGES
            if pause():
                return False
    with writing_one_of_many(engine) as conn:
        # Unless something else was taken out meanwhile.
        sql = in_dialect(conn, "DELETE FROM mark WHERE name = ? AND value = ?")
        conn.exec_driver_sql(sql, (MirrorMark.PIECES_LEFT, noted))
    return True


def take_out_soon(engine: Engine) -> None:
    """As much of it as a person waits for."""
    ends = time.monotonic() + _AT_ONCE
    take_out(engine, lambda: time.monotonic() > ends)


def _step(engine: Engine, table: str, pages: int) -> bool:
    """Whether there may be more."""
    with writing_one_of_many(engine) as conn:
        driver: Any = conn.connection.driver_connection
        before = driver.total_changes
        conn.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))
        return bool(driver.total_changes - before >= _NOTHING_DONE)
