"""CSV files that people bring: a first line names the columns; blank, sum and repeated heading lines are no rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from services.errors import InvalidRequest
from services.plain_text import UNSEEN

# Korean Excel writes CP949 unless it is told otherwise; hardly any such text is valid UTF-8 too.
_ENCODINGS = ("utf-8-sig", "cp949")
_BOM = "\ufeff"
_AROUND = rf"[\s\x1a{UNSEEN}]+"
_EDGES = re.compile(rf"^{_AROUND}|{_AROUND}$")
"""Spaces, signs that nobody sees, and DOS's mark for the end of a file."""
_SUM_WORD = re.compile(
    r"총?(?:합계|소계|누계|총계|계|금액|액)(?:금액|액|건수)?|총[0-9,]+건|평균|(?:grand|sub)?totals?|sum|average"
)
_FIGURE = re.compile(
    r"[-(]?[₩￦$]? ?[0-9][0-9,.]*(?: ?원| ?건)?\)?|=(?:SUM|SUBTOTAL|COUNTA?|AVERAGE)\(.*\)", re.IGNORECASE
)


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
            (number, _trimmed(row))
            for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1)
        ]
    except csv.Error:
        raise InvalidRequest("The file is not a CSV.", field="file") from None
    filled = [(number, row) for number, row in rows if any(row)]
    names = filled[0][1] if filled else []
    _check_names(names, needed)
    filled = filled[:1] + [(number, row) for number, row in filled[1:] if row != names]
    _check_widths(filled)
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
    return [_EDGES.sub("", cell.replace(_BOM, "")) for cell in row]


def _check_widths(rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    """A cell beyond the last column may be half of an amount: 1,000 without quotes is two cells."""
    width = max(place for place, name in enumerate(rows[0][1], start=1) if name)
    for number, row in rows[1:]:
        if any(row[width:]):
            raise InvalidRequest("Row {n} has more cells than there are columns: a comma within a cell needs quotes.",
                                 field="file", n=number)  # fmt: skip


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
    return len(names) > 1 and not has_id and len(words) == len(rest)


def _is_sum_word(cell: str) -> bool:
    plain = re.sub(r"[\s:：.]|\(.*\)", "", cell).casefold()
    return bool(plain) and _SUM_WORD.fullmatch(plain) is not None
