"""A small table that is on a screen already, as CSV: guarded and with a BOM like the large exports."""

import csv
import io
from collections.abc import Iterable, Sequence

from services.exports.guard import guarded


def small_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 for Excel; a text that a spreadsheet would take for a formula gets an apostrophe, None is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value
