"""A few thousand rows as the text of a CSV file; what is exported by the million is streamed by `csv_stream.py`."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.exports.guard import guarded

_BOM = "\ufeff"


class ListFile(NamedTuple):
    """A CSV of a list, and how many rows it has below its heads."""

    text: str
    rows: int


def list_file(heads: Sequence[object], rows: Sequence[Sequence[object]]) -> ListFile:
    """Rows under their heads."""
    return ListFile(csv_text([heads, *rows]), len(rows))


def csv_text(lines: Iterable[Sequence[object]]) -> str:
    """Rows as CSV that a Korean spreadsheet opens; a text in it stays text, None is an empty cell."""
    text = io.StringIO()
    csv.writer(text).writerows([guarded(cell) if isinstance(cell, str) else cell for cell in line] for line in lines)
    return _BOM + text.getvalue()
