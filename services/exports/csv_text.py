"""A few thousand rows as the text of a CSV file; what is exported by the million is streamed by `csv_stream.py`."""

import csv
import io
from collections.abc import Iterable, Sequence

from services.exports.guard import guarded

_BOM = "\ufeff"


def csv_text(lines: Iterable[Sequence[object]]) -> str:
    """Rows as CSV that a Korean spreadsheet opens, and reads as text."""
    text = io.StringIO()
    csv.writer(text).writerows([["" if cell is None else guarded(str(cell)) for cell in line] for line in lines])
    return _BOM + text.getvalue()
