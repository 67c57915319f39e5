"""The mirror into SQLite: rows a second, memory at two sizes, and what it costs to find that nothing changed."""

import sqlite3
import statistics
from pathlib import Path

from bench.apart import Measured, run_apart
from bench.plain import DAYS
from bench.servers import sandbox
from bench.table import Figure, seconds

SIZES = (100_000, 1_000_000)
_RUNS = 3
_TABLES = {"payment": "imp_uid", "schedule": "merchant_uid", "billing_key": "customer_uid"}
_SYNC = """
from services.gateway import Gateway
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.engine import create_store
from services.store.migrations import migrate
gateway, engine = Gateway("{url}", IMP_KEY, IMP_SECRET), create_store("sqlite:///{path}")
migrate(engine)
gateway.channels()
def work():
    done = sync(gateway, engine, days={days}, full={full})
    return [done.payments, done.changed]
"""


def measure(folder: Path) -> list[Figure]:
    """The larger size once: it is there for the memory."""
    figures, first = [], {}
    for size in SIZES:
        path = folder / f"mirror{size}.db"
        with sandbox(size) as url:
            first[size] = _sync(url, path, size)
            if size == SIZES[0]:
                figures = _nothing_new(url, path, size)
        path.unlink()
    small, large = (first[size] for size in SIZES)
    rates = [size / first[size].seconds for size in SIZES]
    return [
        Figure("first sync, 1 M payments", rates[1], "rows/s", "itself at 100 k", rates[0]),
        Figure("its peak memory", large.over_idle, "MiB", "itself at 100 k", small.over_idle, at_most=1.2),
        Figure("its peak memory over idle", large.over_idle, "MiB", "limit", 150, at_most=1),
        *figures,
    ]


def _sync(url: str, path: Path, rows: int, *, full: bool = False, news: bool = True) -> Measured:
    done = run_apart(_SYNC.format(url=url, path=path, days=DAYS, full=full))
    payments, changed = done.answer
    # The sandbox lives on meanwhile: a booked payment or two falls due.
    if payments < rows or (changed < rows if news else changed > rows / 1000):
        raise RuntimeError(f"{payments:,} payments, {changed:,} changed")
    return done


def _nothing_new(url: str, path: Path, rows: int) -> list[Figure]:
    """`sync` and `sync --full` in turn with the same rows upserted raw, whether they changed or not."""
    quick, whole, raw = [], [], []
    for _run in range(_RUNS):
        quick.append(_sync(url, path, rows, news=False).seconds)
        whole.append(_sync(url, path, rows, full=True, news=False).seconds)
        raw.append(_upsert_all(path))
    ours, full, theirs = map(statistics.median, (quick, whole, raw))
    baseline = "raw upsert of every row"
    return [
        Figure("sync that finds nothing changed", rows / ours, "rows/s", baseline, rows / theirs, at_least=2.5),
        Figure("sync --full that finds nothing changed", rows / full, "rows/s", baseline, rows / theirs, at_least=2.5),
    ]


def _upsert_all(path: Path) -> float:
    """All that a full run reads: payments, schedules and billing keys. Returns seconds."""
    with sqlite3.connect(path) as raw:
        return sum(_upsert(raw, table, key) for table, key in _TABLES.items())


def _upsert(raw: sqlite3.Connection, table: str, key: str) -> float:
    found = raw.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    marks = ", ".join("?" * len(names))
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("id", key))
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {sets}"

    def upsert() -> None:
        for first in range(0, len(rows), 1000):
            raw.executemany(sql, rows[first : first + 1000])
            raw.commit()

    return seconds(upsert)
