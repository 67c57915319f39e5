"""A few thousand rows as the text of a CSV file; what is exported by the million is streamed by `csv_stream.py`."""

import csv
import io
from collections.abc import Iterable, Sequence

from services.exports.guard import guarded

_BOM = "\ufeff"


def csv_text(lines: Iterable[Sequence[object]]) -> str:
    """Rows as CSV that a Korean spreadsheet opens; a text in it stays text, None is an empty cell."""
    text = io.StringIO()
    csv.writer(text).writerows([guarded(cell) if isinstance(cell, str) else cell for cell in line] for line in lines)
    return _BOM + text.getvalue()
