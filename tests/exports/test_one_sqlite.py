"""One SQLite library per process: what is written after an export is in the file, whoever opened it meanwhile."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.exports.columns import BY_KIND
from services.exports.export import export
from services.store.engine import writing
from tests.exports.test_files import EVERY

_ROOT = Path(__file__).parents[2]
_OPENED = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as conn:
    print(conn.execute("SELECT count(*) FROM mark WHERE name LIKE 'kept%'").fetchone()[0])
conn.close()
"""
_LIBRARIES = """
import re, pathlib, sys
import dashboard.app, dashboard.cli, dashboard.commands.servers
from services.exports import csv_stream, export, workbook
import services.sandbox.server
print(*sorted({line.split()[-1] for line in pathlib.Path("/proc/self/maps").read_text().splitlines() if ".so" in line}))
print(*sorted(sys.modules))
"""
_ANOTHER = re.compile(r"duckdb|^apsw|/apsw|adbc|sqlean|^pysqlite|^sqlcipher")


def kept_elsewhere(engine: Engine) -> int:
    """How many rows of ours another process sees; it opens the file, reads and closes it."""
    done = subprocess.run([sys.executable, "-c", _OPENED, str(engine.url.database)], check=True, stdout=subprocess.PIPE)
    return int(done.stdout)


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_what_is_written_after_an_export_and_another_process_is_not_lost(sqlite_store: Engine, fmt: str) -> None:
    for turn, kind in enumerate(BY_KIND):
        list(export(sqlite_store, kind, EVERY[kind], fmt=fmt, labels=None, with_buyers=True))
        assert kept_elsewhere(sqlite_store) == turn
        with writing(sqlite_store) as conn:
            conn.exec_driver_sql("INSERT INTO mark (name, value, at) VALUES (?, '', 0)", (f"kept {turn}",))
        assert kept_elsewhere(sqlite_store) == turn + 1


def test_the_app_and_its_exports_hold_one_sqlite() -> None:
    done = subprocess.run([sys.executable, "-c", _LIBRARIES], cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True)
    files, modules = done.stdout.splitlines()
    assert [name for name in files.split() if _ANOTHER.search(name)] == []
    assert [name for name in modules.split() if _ANOTHER.search(name)] == []
    engines = [name for name in files.split() if re.search(r"libsqlite3|_sqlite3\.", name)]
    assert len([name for name in engines if "libsqlite3" in name]) <= 1, engines


def test_every_folders_linter_keeps_another_one_out() -> None:
    own = [path for path in _ROOT.glob("**/ruff.toml") if ".venv" not in path.parts]
    lists = [tomllib.loads(path.read_text())["lint"]["flake8-tidy-imports"]["banned-api"] for path in own]
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["tool"]
    lists.append(project["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"])
    assert len(lists) >= 9
    for banned in lists:
        assert set(banned) >= {"adbc_driver_manager", "adbc_driver_sqlite", "apsw", "duckdb"}
