"""What a workbook says in a person's language beside the rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BookWords:
    """Words of a workbook; by itself it says none: codes stay codes, and no sheet tells the conditions."""

    codes: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """What the codes of a column mean, by its name."""
    sheet: str = "data"
    """The name of the sheet of rows; those after it have a number."""
    conditions: str = ""
    """The name of the sheet that says what the file holds."""
    lines: Sequence[tuple[str, str | float]] = ()
    """Its lines: what, and a text or UNIX seconds."""
    rows: str = ""
    """What the number of rows is called there."""
    totals: Sequence[str] = ()
    """Headings of the totals: currency, channel, rows, rows that are added up, and each sum of sums.py."""
    channels: tuple[str, str] = ("", "")
    """Live and test."""
    notes: Sequence[str] = ()
    """Sentences below the totals."""


CODES = BookWords()
