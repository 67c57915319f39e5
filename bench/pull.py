"""Pulling 100,000 payments from a sandbox process, without and with a store, against the plain way."""

import statistics
from functools import partial
from pathlib import Path

from bench.plain import DAYS, merge, pages
from bench.servers import sandbox
from bench.table import Figure, paired, seconds
from services.gateway import Gateway
from services.mirror.pages import all_pages
from services.mirror.payments import sync_payments
from services.mirror.run import Run
from services.mirror.windows import payment_windows
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.engine import create_store
from services.store.migrations import migrate

ROWS = 100_000
_SLICE = 10_000
_RUNS = 3


def measure(folder: Path) -> list[Figure]:
    """Once over loopback as it is, once with 20 ms to every answer."""
    figures = []
    for latency in (0, 20):
        with sandbox(ROWS, latency=latency) as url:
            ours, theirs = paired(partial(_pull, url, folder / f"empty{latency}.db"), partial(_plain, url), runs=_RUNS)
            wanted = 3.3 if latency else None
            figures.append(
                Figure(f"pull at {latency} ms", ROWS / ours, "rows/s", "plain loop", ROWS / theirs, at_least=wanted)
            )
            if latency:
                figures.append(_stored(url, folder))
    return figures


def _pull(url: str, empty: Path) -> None:
    """Beside an empty store, so that every row is new to it and is read."""
    gateway, engine = Gateway(url, IMP_KEY, IMP_SECRET), create_store(f"sqlite:///{empty}")
    migrate(engine)
    run = Run(gateway, engine)
    found = sum(len(page.payments) for _window, page in all_pages(run, payment_windows(gateway.now(), DAYS)) if page)
    gateway.close()
    engine.dispose()
    if found < ROWS:
        raise RuntimeError(f"{found:,} payments pulled")


def _plain(url: str) -> None:
    if (found := sum(map(len, pages(url)))) < ROWS:
        raise RuntimeError(f"{found:,} payments pulled")


def _stored(url: str, folder: Path) -> Figure:
    """The mirror's payments against the plain loop with merge, on a slice of them: rows a second."""
    ours, theirs = [], []
    for run in range(_RUNS):
        merged = folder / f"merged{run}.db"
        theirs.append(_SLICE / seconds(partial(merge, url, merged, _SLICE)))
        mirrored = folder / f"pulled{run}.db"
        ours.append(ROWS / seconds(partial(_pull_and_store, url, mirrored)))
        for path in (merged, mirrored):
            path.unlink()
    return Figure(
        "pull and store at 20 ms",
        statistics.median(ours),
        "rows/s",
        "plain loop, SQLModel's merge",
        statistics.median(theirs),
        at_least=10,
    )


def _pull_and_store(url: str, path: Path) -> None:
    gateway, engine = Gateway(url, IMP_KEY, IMP_SECRET), create_store(f"sqlite:///{path}")
    migrate(engine)
    found = sync_payments(Run(gateway, engine), days=DAYS, full=False)
    gateway.close()
    engine.dispose()
    if found < ROWS:
        raise RuntimeError(f"{found:,} payments stored")
