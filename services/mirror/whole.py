"""Windows read whole: every page, and again where rows moved between pages."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter

import numpy as np

from services.mirror.pages import Fetched, all_pages, store
from services.mirror.run import Run
from services.mirror.windows import Window

_TRIES = 4
_AT_ONCE = 3
"""Pages of one transaction: the search index is written out at each commit."""


def read_whole(run: Run, windows: Sequence[Window]) -> dict[Window, int | None]:
    """Reads windows in their order; what moves from one to another meanwhile is for the caller to follow.

    Returns the gateway's total of each; None where it did not hold still in four tries.
    """
    totals: dict[Window, int | None] = dict.fromkeys(windows)
    for _try in range(_TRIES):
        waiting = [window for window in windows if totals[window] is None]
        with closing(all_pages(run, waiting)) as pages:  # type: ignore[type-var] # a generator
            for window, answers in groupby(pages, key=itemgetter(0)):
                totals[window] = _take(run, window, (fetched for _window, fetched in answers))
                if totals[window] is not None:
                    run.read_whole(window)
    return totals


def _take(run: Run, window: Window, pages: Iterator[Fetched | None]) -> int | None:
    """Stores the pages of a window. Returns its total, or None where rows moved meanwhile."""
    seen = array("q")
    total, unreadable, steady = None, 0, True
    while several := list(islice(pages, _AT_ONCE)):
        came = [fetched for fetched in several if fetched]
        for fetched in came:
            total = fetched.total if total is None else total
            steady = steady and fetched.total == total
            seen.extend(hash(one.imp_uid) for one in fetched.payments)
            unreadable += fetched.unreadable
        steady = steady and len(came) == len(several)
        store(run, window, came)
        run.tell("payments", len(seen), total)
    return total if steady and _distinct(seen) + unreadable == total else None


def _distinct(hashes: "array[int]") -> int:
    return len(np.unique(np.frombuffer(hashes, dtype=np.int64))) if hashes else 0
