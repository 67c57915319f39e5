"""Filters by chance, each with the rows that it means."""

import random
from collections.abc import Callable, Iterator
from typing import TypeVar

Filter = TypeVar("Filter")
Row = TypeVar("Row")


def random_filters(
    rows: list[Row],
    some_filter: Callable[[random.Random, list[Row]], Filter],
    lets_through: Callable[[Filter, Row], bool],
    *,
    seed: int,
    times: int,
) -> Iterator[tuple[Filter, list[Row]]]:
    """So many filters, always the same ones of a seed."""
    chance = random.Random(seed)
    for _ in range(times):
        chosen = some_filter(chance, rows)
        yield chosen, [row for row in rows if lets_through(chosen, row)]
