"""How much work each statement of a piece of code is to its database, counted and not timed.

SQLite counts steps of its virtual machine, PostgreSQL the rows that the nodes of the plan read.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import Engine, event

_GRAIN = 50
"""Steps of SQLite between two looks: what takes fewer may be counted as none."""


def steps_of(engine: Engine, work: Callable[[], object]) -> Counter[str]:
    """The statements of `work` without the values that were filled in, each with what all its runs took."""
    found: Counter[str] = Counter()
    counting = _sqlite if engine.dialect.name == "sqlite" else _postgres
    for sql, steps in counting(engine, work).items():
        found[_shape(sql)] += steps
    return found


def _shape(sql: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b", "?", sql))


def _sqlite(engine: Engine, work: Callable[[], object]) -> Counter[str]:
    counts: Counter[str] = Counter()

    def watch(connection: sqlite3.Connection, _record: object) -> None:
        running = [""]

        def begun(sql: str) -> None:
            # What the full-text index asks of its own tables comes as a comment and belongs to the one before.
            if not sql.startswith("--"):
                running[0] = sql
                counts[sql] += 1

        def went_on() -> int:
            counts[running[0]] += _GRAIN
            return 0

        connection.set_trace_callback(begun)
        connection.set_progress_handler(went_on, _GRAIN)

    _watched(engine, watch, work)
    return counts


def _postgres(engine: Engine, work: Callable[[], object]) -> Counter[str]:
    asked: list[tuple[Any, Any]] = []

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            asked.append((query, params))
            return super().execute(query, params, **more)

    def watch(connection: Any, _record: object) -> None:
        connection.cursor_factory = Noting

    _watched(engine, watch, work)
    counts: Counter[str] = Counter()
    with engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        # A table of a few thousand rows may well be read whole; what counts is that it need not be.
        driver.execute("SET enable_seqscan = off")
        for query, params in asked:
            # How large the catalog is, is a matter of the schema and of whoever else has tables there.
            if str(query).lstrip().upper().startswith(("SELECT", "WITH")) and "pg_catalog." not in str(query):
                (plan,) = driver.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", params).fetchone()
                counts[str(query)] += _rows(plan[0]["Plan"])
    return counts


def _rows(node: dict[str, Any]) -> int:
    """The rows that a node and those below it came by, what a filter took away included."""
    own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int(own * node["Actual Loops"]) + sum(_rows(one) for one in node.get("Plans", ()))


def _watched(engine: Engine, watch: Callable[[Any, object], None], work: Callable[[], object]) -> None:
    """Does the work on connections that are made anew, each watched."""
    engine.dispose()
    event.listen(engine, "connect", watch)
    try:
        work()
    finally:
        event.remove(engine, "connect", watch)
        engine.dispose()
