"""CSV files that people bring: the first line names the columns, cells are trimmed; blank and sum lines are no rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from services.errors import InvalidRequest

# Korean Excel writes CP949 unless it is told otherwise; hardly any such text is valid UTF-8 too.
_ENCODINGS = ("utf-8-sig", "cp949")
_BOM = "\ufeff"
_SUM_WORDS = frozenset(["합계", "총합계", "소계", "총계", "계", "total", "totals", "subtotal", "grandtotal", "sum"])
_FIGURE = re.compile(r"[-(]?[₩￦$]? ?[0-9][0-9,.]*(?: ?원| ?건)?\)?")


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One line that counts: its number as a spreadsheet shows it (the heading's is 1), its cells by their columns."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The columns' names, the lines that count, and the numbers of lines that only add others up."""

    names: tuple[str, ...]
    lines: tuple[CsvLine, ...]
    sums: tuple[int, ...]


def csv_lines(content: bytes, needed: Sequence[str], *, most: int) -> CsvFile:
    """A file with at least these columns, the id first. Raises InvalidRequest for a file that is none of ours."""
    text = _decoded(content)
    try:
        rows = [
            (number, _trimmed(row)) for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1)
        ]
    except csv.Error:
        raise InvalidRequest("The file is not a CSV.", field="file") from None
    filled = [(number, row) for number, row in rows if any(row)]
    names = filled[0][1] if filled else []
    _check_names(names, needed)
    sums = [number for number, row in filled[1:] if _adds_up(row, names, needed[0])]
    lines = [
        CsvLine(number, {**dict.fromkeys(names, ""), **dict(zip(names, row, strict=False))})
        for number, row in filled[1:]
        if number not in set(sums)
    ]
    if len(lines) > most:
        raise InvalidRequest("At most {n} rows in one file.", field="file", n=most)
    return CsvFile(tuple(names), tuple(lines), tuple(sums))


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise InvalidRequest("The file is not UTF-8 text: save it as CSV UTF-8.", field="file")


def _trimmed(row: Sequence[str]) -> list[str]:
    """The cells without spaces around them; files that were put behind one another have a BOM in their midst."""
    return [cell.replace(_BOM, "").strip() for cell in row]


def _check_names(names: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in names]
    if missing and any(";" in name for name in names):
        raise InvalidRequest("Semicolons were found between the columns: save the file as CSV with commas.",
                             field="file")  # fmt: skip
    if missing and any("\t" in name for name in names):
        raise InvalidRequest("Tabs were found between the columns: save the file as CSV with commas.", field="file")
    if missing:
        raise InvalidRequest("The first line lacks {names}.", field="file", names=", ".join(missing))
    if twice := [name for name, times in Counter(names).items() if name and times > 1]:
        raise InvalidRequest("The first line has these columns twice: {names}.", field="file", names=", ".join(twice))


def _adds_up(row: Sequence[str], names: Sequence[str], id_column: str) -> bool:
    """Whether a line is the sum below a table: figures alone without an id, or figures beside a word for a sum."""
    cells = [cell for cell in row if cell]
    rest = [cell for cell in cells if not _FIGURE.fullmatch(cell)]
    words = [cell for cell in rest if _is_sum_word(cell)]
    has_id = dict(zip(names, row, strict=False)).get(id_column, "") not in ("", *words)
    return len(names) > 1 and not has_id and len(words) == len(rest) <= 1


def _is_sum_word(cell: str) -> bool:
    return re.sub(r"[\s:：.]", "", cell).casefold() in _SUM_WORDS
