"""Cells of a workbook: texts, times in Korea, and amounts with as many decimals as their currency has."""

from functools import cache
from typing import Any

from services.clock import DAY, SEOUL_OFFSET
from services.money import exponent

_UNIX_EPOCH = 25_569
"""1970-01-01 as Excel counts days."""
_CELL = 32_767  # characters; a longer text would be left out whole


def plain(text: str) -> str:
    """A text as a cell has it; XlsxWriter would take one in these tags for XML of its own and spoil the file."""
    text = text[:_CELL]
    return f"{text[: _CELL - 1]} " if text.startswith("<r>") and text.endswith("</r>") else text


class CellFormats:
    """The formats of one workbook, and the cells that need them."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#EEF1F4", "border": 1, "border_color": "#C9CED6"})
        self.label = book.add_format({"bold": True})
        self.count = book.add_format({"num_format": "#,##0", "align": "left"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        self.money = cache(lambda places, unit="": book.add_format({"num_format": _money(places, unit)}))

    def put_time(self, sheet: Any, row: int, column: int, at: float) -> None:
        """UNIX seconds as a date of Excel, in Korea; V1's 0 means that it has not happened."""
        if at > 0:
            sheet.write_number(row, column, (at + SEOUL_OFFSET) / DAY + _UNIX_EPOCH, self._time)

    def put_money(self, sheet: Any, row: int, column: int, amount: int, currency: str | None) -> None:
        """An amount in the smallest unit as a number in the largest."""
        places = exponent(currency or "")
        # Won are the sheet's own; of another currency the cell says which, as the column may be taken without it.
        unit = "" if currency in (None, "", "KRW") else currency
        sheet.write_number(row, column, amount / 10**places if places else amount, self.money(places, unit))


def _money(places: int, unit: str) -> str:
    digits = f"#,##0{'.' * bool(places)}{'0' * places}"
    return f'"{unit} "{digits}' if unit else digits
