"""How a database goes about what a piece of code reads."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine

from services.store.engine import reading


def plans(conn: Connection, read: Callable[[], object]) -> list[str]:
    """The steps of EXPLAIN QUERY PLAN for every SELECT that `read` makes on a SQLite connection."""
    raw: Any = conn.connection.driver_connection
    seen: list[str] = []
    raw.set_trace_callback(seen.append)
    read()
    raw.set_trace_callback(None)
    # What the full-text index asks of its own tables is traced as a comment.
    selects = [sql for sql in seen if sql.startswith("SELECT")]
    return [row[3] for sql in selects for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}")]


def plans_of(engine: Engine, read: Callable[[Connection], object]) -> list[str]:
    """The plan of every statement that `read` makes, on either database."""
    seen: list[tuple[str, Any]] = []
    with reading(engine) as conn:
        if engine.dialect.name == "sqlite":
            return plans(conn, lambda: read(conn))
        # Reading a few thousand rows whole can be the cheaper plan; what counts is that it is not the only one.
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        driver: Any = conn.connection.driver_connection
        run = driver.execute

        def noting(sql: str, values: Any) -> Any:
            seen.append((sql, values))
            return run(sql, values)

        driver.execute = noting
        read(conn)
        driver.execute = run
        return [row[0] for sql, values in seen for row in run("EXPLAIN " + sql, values)]
