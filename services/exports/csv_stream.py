"""CSV: SQLite packs each row, Arrow reads and writes them; PostgreSQL writes its own. UTF-8 with a BOM, for Excel.

A value of its own for each cell costs Python more than all the rest; so a row comes as one JSON array, which is
a line of CSV but for its escapes. Both ways go through the engine's own connection: see store/engine.py.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from sqlalchemy import Engine

from services.clock import SEOUL_OFFSET
from services.exports.cells import guarded, packed
from services.exports.columns import Column, Shape
from services.exports.guard import CONTROLS, VISIBLE, guard
from services.exports.query import ListFilter, statement
from services.store.engine import reading
from services.store.sql import in_dialect

_BOM = b"\xef\xbb\xbf"
_ROWS = 4096
_WRITE = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
_PARSE = arrow_csv.ParseOptions(double_quote=True, escape_char=False, newlines_in_values=True)
# JSON escapes what is below a blank; the other signs of CONTROLS stand in it as they are.
_ESCAPE = re.compile(rb"\\(u00..|.)")
_ESCAPED = {b"\\": b"\\", b'"': b'""', b"/": b"/", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_ESCAPED |= {b"u%04x" % ord(sign): shown.encode() for sign, shown in zip(CONTROLS, VISIBLE, strict=True)}
_ESCAPED |= {b"b": _ESCAPED[b"u0008"], b"f": _ESCAPED[b"u000c"], b"u0000": "\u2400".encode()}
_RAW = {sign.encode(): shown.encode() for sign, shown in zip(CONTROLS, VISIBLE, strict=True)}
_RAW_CONTROL = re.compile(rb"\x7f|\xc2[\x80-\x9f]")


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
    finish = [_FINISH.get(column.shape, _as_it_is) for column in columns]
    if len(finish) == 1:
        finish = [partial(_never_blank, finish[0])]
    names = [column.name for column in columns]
    types = {one.name: pa.int64() if one.shape == Shape.TIME else pa.string() for one in columns}
    convert = arrow_csv.ConvertOptions(
        column_types=types,
        null_values=["null"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        check_utf8=False,
    )
    # SQLite and Arrow both work without Python's lock: one piece is written while the next one is read.
    with reading(engine) as conn, ThreadPoolExecutor(1, "csv") as writer:
        sql, values = statement(conn, kind, chosen, [packed(columns)])
        driver: Any = conn.connection.driver_connection
        cursor = driver.execute(sql, values)
        before: Future[bytes] | None = None
        while rows := cursor.fetchmany(_ROWS):
            now = writer.submit(_piece, rows, names, convert, finish)
            if before:
                yield before.result()
            before = now
        if before:
            yield before.result()


def _piece(
    rows: Sequence[tuple[bytes]], names: list[str], convert: Any, finish: Sequence[Callable[[Any], Any]]
) -> bytes:
    return _written(_parsed(rows, names, convert), finish)


def _parsed(rows: Sequence[tuple[bytes]], names: list[str], convert: Any) -> Any:
    lines = b"\n".join([row[0][1:-1] for row in rows])
    if b"\\" in lines:
        lines = _ESCAPE.sub(lambda found: _ESCAPED[found[1]], lines)
    if b"\x7f" in lines or b"\xc2" in lines:
        lines = _RAW_CONTROL.sub(lambda found: _RAW[found[0]], lines)
    # All of it is one block: no row is cut in two.
    read = arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(lines) + 1)
    table = arrow_csv.read_csv(pa.BufferReader(lines), read_options=read, parse_options=_PARSE, convert_options=convert)
    return table.combine_chunks().to_batches()[0]


def _written(batch: Any, finish: Sequence[Callable[[Any], Any]]) -> bytes:
    cells = [make(column) for column, make in zip(batch.columns, finish, strict=True)]
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(pa.record_batch(cells, names=batch.schema.names), sink, _WRITE)
    return bytes(sink.getvalue())


def _as_it_is(column: Any) -> Any:
    return column


def _never_blank(make: Callable[[Any], Any], column: Any) -> Any:
    """Nothing, alone on its line, would be a blank line, which readers leave out."""
    return pc.fill_null(make(column), "")


def _times(column: Any) -> Any:
    """Seconds of the epoch as times in Seoul; nothing where there are none. SQLite takes far longer for it."""
    there = pc.greater(column, 0)
    moments = pc.if_else(there, pc.add(column, SEOUL_OFFSET), None).cast(pa.timestamp("s")).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(moments, 10, 11, "T"), "+09:00", "")


_FINISH = {Shape.TEXT: guard, Shape.TIME: _times}


def _from_postgres(engine: Engine, kind: str, chosen: ListFilter, columns: Sequence[Column]) -> Iterator[bytes]:
    with reading(engine) as conn:
        sql, values = statement(conn, kind, chosen, guarded(conn, columns))
        driver: Any = conn.connection.driver_connection
        copy_sql = f"COPY ({in_dialect(conn, sql)}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
        with driver.cursor() as cursor, cursor.copy(copy_sql, values) as copy:
            for piece in copy:
                yield bytes(piece)


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()
