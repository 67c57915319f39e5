"""Texts in a CSV file: what a spreadsheet would take for a formula, or a terminal for an order, is only text.

In SQL the same costs SQLite as much as all the rest of an export; here the first bytes are looked at all at once.
"""

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SIGNS = "=+-@＝＋－＠"
"""A text whose first sign, after any white space, is one of these may be taken for a formula."""
STARTS = "\t\r"
"""One that begins with these as well."""
WHITE = "\t\n\r \xa0\u1680" + "".join(map(chr, range(0x2000, 0x200E))) + "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
"""White space, and signs without any width."""
_C1 = range(0x80, 0xA0)
CONTROLS = "".join(chr(code) for code in range(1, 0x20) if code not in b"\t\n\r") + "\x7f" + "".join(map(chr, _C1))
"""What a terminal takes for an order: written as VISIBLE, sign by sign."""
VISIBLE = "".join(chr(0x2400 + ord(sign)) for sign in CONTROLS if sign < "\x7f") + "\u2421" + "\ufffd" * len(_C1)
SHOWN = str.maketrans(CONTROLS, VISIBLE)
_RISKY = rf"^[{WHITE}]*[=+\-@＝＋－＠]|^[{STARTS}]"
# Made here: at the first value of Python's own Arrow loads pandas, and that is not to fall on a download.
_APOSTROPHE, _NOTHING = pa.array(["'", ""])
_IS_RISKY = re.compile(_RISKY)
_FIRST_BYTE = np.zeros(256, dtype=bool)
_FIRST_BYTE[[sign.encode()[0] for sign in SIGNS + STARTS + WHITE]] = True


def guarded(text: str) -> str:
    """One text as a cell of a CSV file."""
    shown = text.translate(SHOWN)
    return f"'{shown}" if _IS_RISKY.match(text) else shown


def unguarded(cell: str) -> str:
    """The text of a cell that `guarded` wrote, where a file of ours is brought again."""
    return cell[1:] if cell.startswith("'") and _IS_RISKY.match(cell[1:]) else cell


def guard(column: Any) -> Any:
    """A column of texts (pyarrow, without CONTROLS) with an apostrophe before those that are risky."""
    if not _may_hold_risky(column):
        return column
    risky = pc.match_substring_regex(column, _RISKY)
    return pc.if_else(risky, pc.binary_join_element_wise(_APOSTROPHE, column, _NOTHING), column)


def _may_hold_risky(column: Any) -> bool:
    """Whether any text begins with a byte that one of the signs begins with."""
    if column.type != pa.string():
        raise TypeError(f"Texts with 32-bit places are looked at, not {column.type}.")
    _validity, places, texts = column.buffers()
    if texts is None:
        return False
    ends = np.frombuffer(places, dtype=np.int32, count=len(column) + 1, offset=4 * column.offset)
    begins = ends[:-1][ends[1:] > ends[:-1]]
    return bool(_FIRST_BYTE[np.frombuffer(texts, dtype=np.uint8)[begins]].any())
