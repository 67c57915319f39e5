"""Exports: CSV of 1,000,000 rows against Python's csv module writing the same cells, XLSX of 100,000."""

import statistics
from pathlib import Path

from bench.apart import Measured, run_apart
from bench.lists import fill
from bench.table import Figure

_RUNS = 3
_OPENED = """
import csv, sqlite3
from services.exports.cells import texts
from services.exports.columns import Shape
from services.exports.export import export
from services.exports.query import columns_of, statement
from services.store.engine import create_store, reading
from services.store.lists.filters import Live, PaymentFilter
engine, chosen = create_store("sqlite:///{path}"), PaymentFilter(live=Live.ALL)
"""
_OURS = """
def work():
    with open("{out}", "wb") as file:
        chunks = export(engine, "payments", chosen, fmt="{fmt}", labels=None, with_buyers=True)
        return sum(map(file.write, chunks))
"""
_THEIRS = """
columns = columns_of("payments", with_buyers=True)
numbers = (Shape.MONEY, Shape.NUMBER)
risky = "=+-@＝＋－＠\\t\\r"
with reading(engine) as conn:
    cells = zip(texts(conn, columns), columns, strict=True)
    cells = [f"CAST({{cell}} AS TEXT)" if column.shape in numbers else cell for cell, column in cells]
    sql, values = statement(conn, "payments", chosen, cells)
def work():
    with sqlite3.connect("{path}") as raw, open("{out}", "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, lineterminator="\\n")
        writer.writerow(column.name for column in columns)
        for row in raw.execute(sql, values):
            writer.writerow("'" + cell if cell and cell[0] in risky else cell for cell in row)
        return file.tell()
"""


def measure(folder: Path) -> list[Figure]:
    """Uses the larger store that bench.lists left in the folder, or fills it."""
    large, middle = folder / "1000000.db", folder / "100000.db"
    for path, rows in ((large, 1_000_000), (middle, 100_000)):
        if not path.exists():
            fill(path, rows).dispose()
    out = folder / "out"
    pairs = [(_run(_OURS, large, out), _run(_THEIRS, large, out)) for _ in range(_RUNS)]
    ours, theirs = (statistics.median(run.seconds for run in runs) for runs in zip(*pairs, strict=True))
    speed = statistics.median(_speed(run) for run, _theirs in pairs)
    memory = max(run.over_idle for run, _theirs in pairs)
    sheet = _run(_OURS, middle, out, fmt="xlsx")
    return [
        Figure("CSV export, 1 M rows", ours, "s", "csv module, the same cells", theirs, at_least=2.5),
        Figure("its peak memory over idle", memory, "MiB", "limit", 50, at_most=1),
        Figure("XLSX export, 100 k rows", _speed(sheet), "MB/s", "CSV export", speed),
        Figure("its peak memory over idle", sheet.over_idle, "MiB", "size of the file", sheet.answer / 2**20),
    ]


def _run(work: str, path: Path, out: Path, *, fmt: str = "csv") -> Measured:
    return run_apart((_OPENED + work).format(path=path, out=out, fmt=fmt))


def _speed(run: Measured) -> float:
    return float(run.answer) / 1e6 / run.seconds
