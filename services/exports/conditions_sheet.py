"""The sheet that says what a file holds: list, period, filters, as of when, by whom, and what its rows come to."""

from collections.abc import Sequence
from typing import Any

from services.exports.book_words import BookWords
from services.exports.cell_formats import CellFormats, plain
from services.exports.sums import Total

_LABELS, _VALUES = 22, 20
"""Widths of the columns, in characters."""


def write_conditions(sheet: Any, formats: CellFormats, words: BookWords, rows: int, totals: Sequence[Total]) -> None:
    """Fills the sheet; totals stand here, as a row of them among the others would be counted by every pivot."""
    sheet.set_column(0, 0, _LABELS)
    sheet.set_column(1, max(len(words.totals), 2) - 1, _VALUES)
    at = 0
    for label, value in words.lines:
        sheet.write_string(at, 0, label, formats.label)
        if isinstance(value, str):
            sheet.write_string(at, 1, plain(value))
        else:
            formats.put_time(sheet, at, 1, value)
        at += 1
    sheet.write_string(at, 0, words.rows, formats.label)
    sheet.write_number(at, 1, rows, formats.count)
    at = _totals(sheet, formats, words, totals, at + 2)
    for note in words.notes:
        sheet.write_string(at, 0, note)
        at += 1


def _totals(sheet: Any, formats: CellFormats, words: BookWords, totals: Sequence[Total], at: int) -> int:
    """Writes the table from a row on; returns the row for what follows."""
    if not totals:
        return at
    for place, heading in enumerate(words.totals):
        sheet.write_string(at, place, heading, formats.head)
    for one in totals:
        at += 1
        sheet.write_string(at, 0, one.currency)
        sheet.write_string(at, 1, words.channels[one.sandbox])
        for place, n in enumerate(one.counts, 2):
            sheet.write_number(at, place, n, formats.money(0))
        for place, amount in enumerate(one.sums, 2 + len(one.counts)):
            formats.put_money(sheet, at, place, amount, one.currency)
    return at + 2
