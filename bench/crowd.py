"""Fifty people at Payments who rest three seconds between two clicks, beside one person alone, by the server."""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.lists import fill
from bench.reruns import rerun, session
from bench.servers import server, unanswered
from bench.table import Figure

_ROWS = 1_000_000
_PEOPLE = 50
_RESTS = 3.0
"""Seconds."""
_ALONE, _EACH = 20, 10
"""Clicks of the one, and of each of the many."""


def measure(folder: Path) -> list[Figure]:
    """On SQLite with a million payments; the last one of these minutes."""
    path = folder / "crowd.db"
    fill(path, _ROWS, until=int(time.time())).dispose()
    with server(["dashboard", "serve"], ask="/healthz", settings=unanswered(f"sqlite:///{path}")) as url:
        alone, many = _clicked(url, 1, _ALONE), _clicked(url, _PEOPLE, _EACH)
    return [
        Figure(
            f"rerun of Payments, {_PEOPLE} people, 95 of 100",
            _late(many),
            "ms",
            "one person's",
            _late(alone),
            at_most=3.0,
        )
    ]


def _clicked(url: str, people: int, times: int) -> list[float]:
    """Milliseconds of each rerun; the first ones of all, in which they arrive, are not counted."""
    arrived = threading.Barrier(people, timeout=120)

    def click(number: int) -> list[float]:
        with session(url) as socket:
            rerun(socket, "payments")
            arrived.wait()
            time.sleep(_RESTS * number / people)
            taken = []
            for _ in range(times):
                time.sleep(_RESTS)
                begun = time.perf_counter()
                rerun(socket, "payments")
                taken.append(1000 * (time.perf_counter() - begun))
        return taken

    with ThreadPoolExecutor(people) as pool:
        return [one for taken in pool.map(click, range(people)) for one in taken]


def _late(taken: list[float]) -> float:
    """What 95 of 100 do not go beyond, by the nearest rank."""
    return sorted(taken)[math.ceil(0.95 * len(taken)) - 1]
