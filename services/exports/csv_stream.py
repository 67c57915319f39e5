"""CSV: Arrow writes what SQLite hands over by ADBC; PostgreSQL writes its own. UTF-8 with a BOM, for Excel."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
from adbc_driver_sqlite import dbapi
from sqlalchemy import Engine

from services.exports.columns import Column, Shape
from services.exports.guarding import guard
from services.exports.query import ListFilter, statement
from services.store.engine import reading
from services.store.sql import in_dialect

_BOM = b"\xef\xbb\xbf"
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
        sql, values = statement(conn, kind, chosen, columns, guarded=False)
    # The driver takes a column's type from its first rows, and one that begins empty for numbers: a row of texts leads.
    texts = ", ".join(f"'' AS {column.name}" for column in columns)
    sql = f"SELECT {texts} UNION ALL SELECT * FROM ({sql} LIMIT -1)"
    options = {"adbc.sqlite.query.batch_rows": _ROWS}
    guarded = [column.shape == Shape.TEXT for column in columns]
    with (
        dbapi.connect(f"file:{engine.url.database}?mode=ro") as raw,
        raw.cursor(adbc_stmt_kwargs=options) as cursor,
    ):
        cursor.execute(sql, values or None)
        batches = iter(cursor.fetch_record_batch())
        yield _written(next(batches).slice(1), guarded)
        for batch in batches:
            yield _written(batch, guarded)


def _written(batch: Any, guarded: Sequence[bool]) -> bytes:
    cells = [guard(column) if text else column for column, text in zip(batch.columns, guarded, strict=True)]
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(pa.record_batch(cells, names=batch.schema.names), sink, _OPTIONS)
    return bytes(sink.getvalue())


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
