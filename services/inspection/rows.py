"""Rows of the store for an inspection, the latest first, read a thousand at a time: none are all in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.clock import day_start
from services.errors import InvalidRequest
from services.store.sql import in_dialect

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Span:
    """From one time to another, UNIX seconds; the end is not in it."""

    from_at: int
    to_at: int

    @classmethod
    def of_days(cls, first: int, last: int) -> "Span":
        """From one Seoul day to another, both in it. Raises InvalidRequest (field `to`)."""
        if last < first:
            raise InvalidRequest("The last day is before the first.", field="to")
        return cls(day_start(first), day_start(last + 1))


def rows_of(conn: Connection, sql: str, *values: object) -> Iterator[Any]:
    """Each row of a statement with `?`, by the names of its columns."""
    streamed = conn.execution_options(stream_results=True, yield_per=_AT_ONCE)
    with streamed.exec_driver_sql(in_dialect(conn, sql), values) as found:
        yield from found


def count_of(conn: Connection, sql: str, *values: object) -> int:
    """What a statement counts."""
    return int(conn.exec_driver_sql(in_dialect(conn, sql), values).scalar_one())
