"""CSV: Arrow writes what SQLite hands over by ADBC; PostgreSQL writes its own. UTF-8 with a BOM, for Excel."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from adbc_driver_sqlite import dbapi
from sqlalchemy import Engine

from services.clock import SEOUL_OFFSET
from services.exports.columns import Column, Shape
from services.exports.guarding import guard
from services.exports.query import ListFilter, statement
from services.store.engine import reading
from services.store.sql import in_dialect

_BOM = b"\xef\xbb\xbf"
_EMPTY = "''"
_ROWS = "4096"
_OPTIONS = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")


def csv_chunks(
    engine: Engine, kind: str, chosen: ListFilter, columns: Sequence[Column], headings: Sequence[str]
) -> Iterator[bytes]:
    """The file in pieces of a few thousand rows."""
    yield _BOM + _line(headings)
    if engine.dialect.name == "sqlite":
        yield from _from_sqlite(engine, kind, chosen, columns)
    else:
        yield from _from_postgres(engine, kind, chosen, columns)


def _from_sqlite(engine: Engine, kind: str, chosen: ListFilter, columns: Sequence[Column]) -> Iterator[bytes]:
    with reading(engine) as conn:
        sql, values = statement(conn, kind, chosen, columns, guarded=False, raw_times=True)
    # The driver takes a column's type from its first rows, and one that begins empty for numbers: a row of all leads.
    first = ", ".join(f"{0 if column.shape == Shape.TIME else _EMPTY} AS {column.name}" for column in columns)
    sql = f"SELECT {first} UNION ALL SELECT * FROM ({sql} LIMIT -1)"
    options = {"adbc.sqlite.query.batch_rows": _ROWS}
    finish = [_FINISH.get(column.shape, _as_it_is) for column in columns]
    with (
        dbapi.connect(f"file:{engine.url.database}?mode=ro") as raw,
        raw.cursor(adbc_stmt_kwargs=options) as cursor,
    ):
        cursor.execute(sql, values or None)
        batches = iter(cursor.fetch_record_batch())
        yield _written(next(batches).slice(1), finish)
        for batch in batches:
            yield _written(batch, finish)


def _written(batch: Any, finish: Sequence[Callable[[Any], Any]]) -> bytes:
    cells = [make(column) for column, make in zip(batch.columns, finish, strict=True)]
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(pa.record_batch(cells, names=batch.schema.names), sink, _OPTIONS)
    return bytes(sink.getvalue())


def _as_it_is(column: Any) -> Any:
    return column


def _times(column: Any) -> Any:
    """Seconds of the epoch as times in Seoul; nothing where there are none. SQLite takes far longer for it."""
    there = pc.greater(column, 0)
    moments = pc.if_else(there, pc.add(column, SEOUL_OFFSET), None).cast(pa.timestamp("s")).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(moments, 10, 11, "T"), "+09:00", "")


_FINISH = {Shape.TEXT: guard, Shape.TIME: _times}


def _from_postgres(engine: Engine, kind: str, chosen: ListFilter, columns: Sequence[Column]) -> Iterator[bytes]:
    with reading(engine) as conn:
        sql, values = statement(conn, kind, chosen, columns, guarded=True)
        driver: Any = conn.connection.driver_connection
        copy_sql = f"COPY ({in_dialect(conn, sql)}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
        with driver.cursor() as cursor, cursor.copy(copy_sql, values) as copy:
            for piece in copy:
                yield bytes(piece)


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
