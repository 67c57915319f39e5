"""Exports of 1,000,000 rows as CSV and 100,000 as XLSX, against Python's csv module on raw sqlite3."""

from pathlib import Path

from bench.memory import Measured, run_apart
from bench.table import Figure

_OURS = """
from services.exports.export import export
from services.store.engine import create_store
from services.store.filters import Live, PaymentFilter
engine = create_store("sqlite:///{path}")
def write(fmt):
    with open("{out}", "wb") as file:
        return sum(file.write(chunk) for chunk in export(
            engine, "payments", PaymentFilter(live=Live.ALL), fmt=fmt, labels=None, with_buyers=True))
"""
_THEIRS = """
import csv, sqlite3
def write():
    with sqlite3.connect("{path}") as raw, open("{out}", "w", newline="", encoding="utf-8-sig") as file:
        rows = raw.execute("SELECT * FROM payment ORDER BY position DESC")
        writer = csv.writer(file)
        writer.writerow([column[0] for column in rows.description])
        writer.writerows(rows)
        return file.tell()
"""


def measure(folder: Path) -> list[Figure]:
    """Uses the stores that bench.lists left in the folder."""
    large = {"path": folder / "1000000.db", "out": folder / "out"}
    ours = run_apart(_OURS.format(**large), 'write("csv")')
    theirs = run_apart(_THEIRS.format(**large), "write()")
    workbook = run_apart(_OURS.format(path=folder / "10000.db", out=folder / "out"), 'write("xlsx")')
    return [
        Figure(
            "CSV export, 1 M rows",
            _speed(ours),
            "MB/s",
            "csv module",
            _speed(theirs),
            _speed(ours) / _speed(theirs),
            "≥ 2.5",
        ),
        Figure(
            "CSV export's memory over idle",
            ours.over_idle,
            "MiB",
            "csv module",
            theirs.over_idle,
            0,
            "≤ 50 MiB",
        ),
        Figure("XLSX export, 10 k rows", _speed(workbook), "MB/s", "memory over idle, MiB", workbook.over_idle, 0),
    ]


def _speed(run: Measured) -> float:
    return float(run.answer) / 1e6 / run.seconds
