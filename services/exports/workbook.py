"""XLSX in constant memory: text stays text, dates are dates, amounts numbers; a full sheet is followed by another."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import IO, Any
from unicodedata import east_asian_width

from sqlalchemy import Engine
from xlsxwriter import Workbook

from services.exports.book_words import BookWords
from services.exports.cell_formats import CellFormats, plain
from services.exports.cells import raw
from services.exports.columns import Column, Shape
from services.exports.conditions_sheet import write_conditions
from services.exports.query import ListFilter, statement
from services.exports.sums import totals_of
from services.store.engine import reading
from services.store.sql import in_dialect

_SHEET_ROWS = 1_048_575
_SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LOOKED_AT = 200
"""Rows of a sheet by which its columns are made as wide as what stands in them."""
_WIDEST = 40
_BUTTON = 4
"""Room for a heading's filter, in characters."""
_WIDTHS = {Shape.TIME: 20, Shape.MONEY: 14}
Put = Callable[[Any, int, int, Any, Sequence[Any]], Any]
"""Writes a value into a cell: sheet, row, column, the value, and the values of the whole row."""


def write_workbook(
    file: IO[bytes],
    engine: Engine,
    kind: str,
    chosen: ListFilter,
    columns: Sequence[Column],
    headings: Sequence[str],
    words: BookWords,
) -> None:
    """Writes the rows of an export into an open file, and on the second sheet what they are."""
    with Workbook(file, _SAFE) as book, reading(engine) as conn:
        formats = CellFormats(book)
        # What an amount is in comes behind the cells, whether or not it is a column of the file.
        currencies = list({column.currency for column in columns if column.shape == Shape.MONEY})
        behind = {currency: place for place, currency in enumerate(currencies, len(columns))}
        puts = [_put(column, formats, words, behind) for column in columns]
        data = _Data(book, formats, headings, words.sheet, [_WIDTHS.get(column.shape, 0) for column in columns])
        second = book.add_worksheet(words.conditions) if words.conditions else None
        sql, values = statement(conn, kind, chosen, [*raw(conn, columns), *currencies])
        streamed = conn.execution_options(stream_results=True, yield_per=1000)
        for row in streamed.exec_driver_sql(in_dialect(conn, sql), values):
            data.begin_row(row)
            for place, (put, value) in enumerate(zip(puts, row, strict=False)):
                if value is not None:
                    put(data.sheet, data.at, place, value, row)
        data.end()
        if second:
            write_conditions(second, formats, words, data.rows, totals_of(conn, kind, chosen))


def _put(column: Column, formats: CellFormats, words: BookWords, behind: Mapping[str, int]) -> Put:
    """How the values of a column are written."""
    if column.shape == Shape.TIME:
        return lambda sheet, at, place, value, _row: formats.put_time(sheet, at, place, value)
    if column.shape == Shape.MONEY:
        currency = behind[column.currency]
        return lambda sheet, at, place, value, row: formats.put_money(sheet, at, place, value, row[currency])
    if column.shape == Shape.NUMBER:
        return lambda sheet, at, place, value, _row: sheet.write_number(at, place, value)
    # A file has few codes and many rows.
    told = cache(words.codes[column.name]) if column.name in words.codes else plain
    return lambda sheet, at, place, value, _row: sheet.write_string(at, place, told(value))


class _Data:
    """The sheets of rows; the next one is begun where one is full. `at` is the row to write."""

    def __init__(
        self, book: Any, formats: CellFormats, headings: Sequence[str], name: str, widths: Sequence[int]
    ) -> None:
        self._book, self._formats, self._headings, self._name = book, formats, headings, name
        # A column is as wide as its heading with the filter's button, or as what stands in its first rows.
        self._widths = [max(_width(heading) + _BUTTON, width) for heading, width in zip(headings, widths, strict=True)]
        self._full, self._sheets = 0, 0
        self.sheet: Any = self._begin()
        self.at = 0

    @property
    def rows(self) -> int:
        """How many rows there are on all sheets."""
        return self._full + self.at

    def begin_row(self, row: Sequence[Any]) -> None:
        """The next row, on the next sheet where this one is full."""
        if self.at == _SHEET_ROWS:
            self.end()
            self._full += self.at
            self.sheet, self.at = self._begin(), 0
        self.at += 1
        if self.at <= _LOOKED_AT:
            for place, value in enumerate(row[: len(self._widths)]):
                if isinstance(value, str):
                    self._widths[place] = max(self._widths[place], min(_width(value) + 1, _WIDEST))

    def end(self) -> None:
        """What is known of a sheet once its rows are: its widths, and how far its filter reaches."""
        for place, width in enumerate(self._widths):
            self.sheet.set_column(place, place, width)
        self.sheet.autofilter(0, 0, self.at, len(self._widths) - 1)

    def _begin(self) -> Any:
        self._sheets += 1
        sheet = self._book.add_worksheet(f"{self._name} {self._sheets}" if self._sheets > 1 else self._name)
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(self._headings):
            sheet.write_string(0, place, heading, self._formats.head)
        return sheet


def _width(text: str) -> int:
    """How wide a text is drawn, in characters: those of East Asia take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
