"""CSV files that people bring: the first line names the columns, cells are trimmed."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress

from services.errors import InvalidRequest

# Korean Excel writes CP949 unless it is told otherwise; hardly any such text is valid UTF-8 too.
_ENCODINGS = ("utf-8-sig", "cp949")


def csv_lines(content: bytes, needed: Sequence[str], *, most: int) -> tuple[list[str], list[dict[str, str]]]:
    """The columns' names, and each line by them. Raises InvalidRequest for a file that is none of ours."""
    try:
        names, lines = _read(_decoded(content))
    except csv.Error:
        raise InvalidRequest("The file is not a CSV.", field="file") from None
    if missing := [name for name in needed if name not in names]:
        raise InvalidRequest("The first line lacks {names}.", field="file", names=", ".join(missing))
    if len(lines) > most:
        raise InvalidRequest("At most {n} rows in one file.", field="file", n=most)
    return names, lines


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise InvalidRequest("The file is not UTF-8 text: save it as CSV UTF-8.", field="file")


def _read(text: str) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text))
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    return names, [{name: (line.get(name) or "").strip() for name in names} for line in reader]
