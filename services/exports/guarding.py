"""Cells that a spreadsheet would take for a formula get an apostrophe: for SQLite's exports, a column at a time.

In SQL the same costs as much as all the rest of an export; here the first bytes are looked at all at once.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

RISKY = "=+-@＝＋－＠\t\r"
_FIRST_BYTE = np.zeros(256, dtype=bool)
_FIRST_BYTE[[sign.encode()[0] for sign in RISKY]] = True
_SIGNS = pa.array(list(RISKY))


def guard(column: Any) -> Any:
    """A column of texts (pyarrow) with an apostrophe before those that begin with one of RISKY."""
    if not _may_hold_risky(column):
        return column
    risky = pc.is_in(pc.utf8_slice_codeunits(column, 0, 1), value_set=_SIGNS)
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _may_hold_risky(column: Any) -> bool:
    """Whether any text begins with a byte that one of the signs begins with."""
    _validity, places, texts = column.buffers()
    if texts is None:
        return False
    ends = np.frombuffer(places, dtype=np.int32, count=len(column) + 1, offset=4 * column.offset)
    begins = ends[:-1][ends[1:] > ends[:-1]]
    return bool(_FIRST_BYTE[np.frombuffer(texts, dtype=np.uint8)[begins]].any())
