"""Timing, and the one table that `make bench` prints."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

Work = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One line: what was measured and its baseline of the same run.

    With `at_least` the ratio says how many times better ours is; otherwise it is ours in units of theirs.
    """

    name: str
    ours: float
    unit: str
    baseline: str
    theirs: float
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None
    """What ours may come to, whatever theirs does."""

    @property
    def ratio(self) -> float:
        higher_is_better = self.unit.endswith("/s")
        if self.at_least is not None and not higher_is_better:
            return self.theirs / self.ours
        return self.ours / self.theirs

    @property
    def reached(self) -> bool:
        """Whether it is as wanted; so is what only is printed."""
        if self.below is not None:
            return self.ours <= self.below
        if self.at_least is not None:
            return self.ratio >= self.at_least
        return self.at_most is None or self.ratio <= self.at_most

    @property
    def wanted(self) -> str:
        """The target, and by a word whether it was reached."""
        if self.below is not None:
            return f"≤ {self.below:g} {self.unit} {'yes' if self.reached else 'NO'}"
        if self.at_least is None and self.at_most is None:
            return ""
        target = f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"
        return f"{target} {'yes' if self.reached else 'NO'}"


def seconds(work: Work) -> float:
    """Wall time of one run."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median(work: Work, *, runs: int) -> float:
    """Median seconds, after one run that is not counted."""
    work()
    return statistics.median(seconds(work) for _ in range(runs))


def paired(ours: Work, theirs: Work, *, runs: int, warm: int = 1) -> tuple[float, float]:
    """Median seconds of two pieces of work taken in turn, so that a drift of the machine meets both."""
    for _ in range(warm):
        ours()
        theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def print_figures(figures: list[Figure]) -> None:
    """One row a figure."""
    table = Table("figure", "ours", "baseline", "theirs", "ratio", "wanted")
    for one in figures:
        table.add_row(
            one.name,
            f"{one.ours:,.2f} {one.unit}",
            one.baseline,
            f"{one.theirs:,.2f} {one.unit}",
            f"{one.ratio:.2f}",
            one.wanted,
        )
    Console(width=150).print(table)
