"""Dashboards and other servers of browser tests, each in a process of its own, ended with the block."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.worlds.screens.screens import ROOT


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
        process.wait(30)


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


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 180) -> None:
    """Returns when the address answers. Raises TimeoutError, or AssertionError where the process ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
