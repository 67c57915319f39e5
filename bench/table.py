"""Timing and the one table that `make bench` prints."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, its baseline of the same run, and what the ratio should reach."""

    name: str
    ours: float
    unit: str
    baseline: str
    theirs: float
    ratio: float
    wanted: str = ""


def median_ms(work: Callable[[], object], *, runs: int = 15, warm: int = 2) -> float:
    """Median wall time in milliseconds."""
    for _ in range(warm):
        work()
    return statistics.median(_once(work) for _ in range(runs))


def paired_ms(ours: Callable[[], object], theirs: Callable[[], object], *, runs: int = 15) -> tuple[float, float]:
    """Medians of two pieces of work taken in turn, so that a drift of the machine meets both."""
    ours()
    theirs()
    pairs = [(_once(ours), _once(theirs)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


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
    Console(width=170).print(table)
