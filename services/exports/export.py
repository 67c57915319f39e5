"""Exports: a whole filtered list as CSV or XLSX, streamed, never in memory at once."""

from collections.abc import Generator, Mapping, Sequence
from tempfile import TemporaryFile

from sqlalchemy import Engine

from services.exports.book_words import CODES, BookWords
from services.exports.columns import as_told
from services.exports.csv_stream import csv_chunks
from services.exports.query import ListFilter, columns_of, source_of
from services.exports.workbook import write_workbook
from services.store.engine import for_long_reads, reading
from services.store.sql import in_dialect
from services.store.tiers import has_sub_stores

_CHUNK = 1 << 18


def export(
    engine: Engine,
    kind: str,
    chosen: ListFilter,
    *,
    fmt: str,
    labels: Mapping[str, str] | None,
    with_buyers: bool,
    names: Sequence[str] = (),
    words: BookWords = CODES,
) -> Generator[bytes]:
    """The file's bytes, of the columns of these `names` or of all. Headings are V1's names, or `labels` by name.

    CSV: V1's codes, times as ISO 8601 in KST, amounts as V1's. XLSX: dates, numbers and `words`.
    """
    engine = for_long_reads(engine)
    with reading(engine) as conn:
        tiers = has_sub_stores(conn)
    wanted = columns_of(kind, with_buyers=with_buyers, names=names, tiers=tiers)
    columns = wanted if fmt == "csv" else as_told(wanted)
    headings = [(labels or {}).get(column.name, column.name) for column in columns]
    if fmt == "csv":
        yield from csv_chunks(engine, kind, chosen, columns, headings)
        return
    with TemporaryFile() as file:
        write_workbook(file, engine, kind, chosen, columns, headings, words)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def count_export(engine: Engine, kind: str, chosen: ListFilter) -> int:
    """How many rows the file will have."""
    with reading(engine) as conn:
        found = source_of(conn, kind, chosen)
        sql = f"SELECT count(*) FROM {found.source} WHERE {found.where}"
        return int(conn.exec_driver_sql(in_dialect(conn, sql), found.values).scalar_one())
