"""Windows read whole: every page, and again where rows moved between pages."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import numpy as np

from services.mirror.pages import Fetched, all_pages, store
from services.mirror.run import Run
from services.mirror.windows import Window

_TRIES = 4
_AT_ONCE = 3
"""Pages of one transaction: the search index is written out at each commit."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one pass over a window brought: hashes of its ids, and how many rows were sent."""

    total: int | None
    ids: "np.ndarray[Any, np.dtype[np.int64]]"
    sent: int
    unreadable: int
    steady: bool

    def whole(self) -> bool:
        """Whether every row that the gateway counts is here or could not be read."""
        return self.steady and len(self.ids) + self.unreadable == self.total

    def same_as(self, before: "_Reading | None") -> bool:
        """Whether nothing moved since the pass before: what still differs is how the gateway tells it."""
        if before is None or not (self.steady and before.steady):
            return False
        return (self.total, self.sent) == (before.total, before.sent) and np.array_equal(self.ids, before.ids)


def read_whole(run: Run, windows: Sequence[Window]) -> dict[Window, int | None]:
    """Reads windows in their order; what moves from one to another meanwhile is for the caller to follow.

    Returns the gateway's total of each; None where it did not hold still in four tries.
    """
    totals: dict[Window, int | None] = dict.fromkeys(windows)
    before: dict[Window, _Reading] = {}
    for _try in range(_TRIES):
        waiting = [window for window in windows if totals[window] is None]
        with closing(all_pages(run, waiting)) as pages:
            for window, answers in groupby(pages, key=itemgetter(0)):
                found = _take(run, window, (fetched for _window, fetched in answers))
                if found.whole() or found.same_as(before.get(window)):
                    totals[window] = found.total
                    run.read_whole(window)
                run.not_stored[window.key] = found.sent - len(found.ids)
                before[window] = found
    return totals


def _take(run: Run, window: Window, pages: Iterator[Fetched | None]) -> _Reading:
    """Stores the pages of a window."""
    seen = array("q")
    total, sent, unreadable, steady = None, 0, 0, True
    while several := list(islice(pages, _AT_ONCE)):
        came = [fetched for fetched in several if fetched]
        for fetched in came:
            total = fetched.total if total is None else total
            steady = steady and fetched.total == total
            seen.extend(map(hash, fetched.digests))
            sent += fetched.sent
            unreadable += len(fetched.unreadable)
        steady = steady and len(came) == len(several)
        store(run, window, came)
        run.tell("payments", len(seen), total)
    ids = np.unique(np.frombuffer(seen, dtype=np.int64)) if seen else np.empty(0, dtype=np.int64)
    return _Reading(total, ids, sent, unreadable, steady)
