"""A dashboard process on a known store, and Debian's Chromium to look at it."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dashboard.commands.demo import free_port
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from tests.worlds.screens.screens import ROOT, filled_store, payment

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
MANY = 120


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Which browser: the system's, and without requests of its own."""
    path = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    assert path, "no Chromium: `make chromium` installs it"
    return {"executable_path": path, "args": _QUIET.split()}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Whose browser: a Korean one."""
    return {"locale": "ko-KR", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard that runs for the whole session."""
    folder = tmp_path_factory.mktemp("browser")
    engine, now = filled_store(folder), int(time.time())
    older = [payment(f"imp_3000000{i:05d}", now - 5_000 - i, "paid", 1_000 + i) for i in range(MANY)]
    with writing(engine) as connection:
        upsert_payments(connection, older, as_of=now * 1000)
    port = free_port()
    with serving(port, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serving(port: int, folder: Path, *, cwd: Path = ROOT, **more: str) -> Iterator[None]:
    """A dashboard process on the store in `folder`, started from `cwd`, until the block ends."""
    process = _serve(port, folder, cwd, more)
    with ending(process):
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield


@contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends a process of ours with the block."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def _serve(port: int, folder: Path, cwd: Path, more: dict[str, str]) -> subprocess.Popen[bytes]:
    settings = {
        "JANGBU_DATABASE_URL": f"sqlite:///{folder / 'screens.db'}",
        "JANGBU_IMP_API_URL": "http://127.0.0.1:1",
    } | more
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JANGBU_")}
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "dashboard.app:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    return subprocess.Popen(command, cwd=cwd, env=clean | settings)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Returns when the address answers. Raises TimeoutError, or AssertionError where the process ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
