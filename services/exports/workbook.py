"""XLSX in constant memory: text stays text, numbers are numbers, and a full sheet is followed by another."""

from collections.abc import Sequence
from decimal import Decimal
from typing import IO, Any

from sqlalchemy import Engine
from xlsxwriter import Workbook

from services.exports.cells import texts
from services.exports.columns import Column, Shape
from services.exports.query import ListFilter, statement
from services.store.engine import reading
from services.store.sql import in_dialect

_SHEET_ROWS = 1_048_575
_WIDTH = 24  # characters: a time, an id or an order number fits
_CELL = 32_767  # characters; a longer text would be left out whole
_SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NUMBERS = (Shape.MONEY, Shape.NUMBER)


def write_workbook(
    file: IO[bytes],
    engine: Engine,
    kind: str,
    chosen: ListFilter,
    columns: Sequence[Column],
    headings: Sequence[str],
) -> None:
    """Writes the rows of an export into an open file."""
    with Workbook(file, _SAFE) as book, reading(engine) as conn:
        sql, values = statement(conn, kind, chosen, texts(conn, columns))
        streamed = conn.execution_options(stream_results=True, yield_per=1000)
        rows = streamed.exec_driver_sql(in_dialect(conn, sql), values)
        sheet: Any = None
        at = _SHEET_ROWS + 1
        numbers = [column.shape in _NUMBERS for column in columns]
        for row in rows:
            if at > _SHEET_ROWS:
                sheet, at = _new_sheet(book, headings), 1
            for place, (value, is_number) in enumerate(zip(row, numbers, strict=True)):
                if value is None:
                    continue
                if is_number:
                    sheet.write_number(at, place, Decimal(value))
                else:
                    sheet.write_string(at, place, value[:_CELL])
            at += 1
        if sheet is None:
            _new_sheet(book, headings)


def _new_sheet(book: Any, headings: Sequence[str]) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, _SHEET_ROWS, max(len(headings) - 1, 0))
    sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading)
    return sheet
