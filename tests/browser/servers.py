"""Dashboards and other servers of browser tests, each in a process of its own, ended with the block."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from tests.worlds.forks import forks
from tests.worlds.screens.screens import ROOT


@contextmanager
def serving(port: int, folder: Path, *, cwd: Path = ROOT, **more: str) -> Iterator[None]:
    """A dashboard process on the store in `folder`, started from `cwd`, until the block ends."""
    settings = {
        "JANGBU_DATABASE_URL": f"sqlite:///{folder / 'screens.db'}",
        "JANGBU_IMP_API_URL": "http://127.0.0.1:1",
    } | more
    process = forks.Process(target=_serve, args=(port, str(cwd), settings), daemon=True)
    process.start()
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process.is_alive)
        yield
    finally:
        process.terminate()
        process.join(30)
        assert not process.is_alive(), "the dashboard does not end"


def _serve(port: int, cwd: str, settings: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("JANGBU_")]:
        del os.environ[name]
    os.environ.update(settings)
    os.chdir(cwd)
    uvicorn.run("dashboard.app:app", port=port, log_level="warning")


@contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends a process of ours with the block."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url: str, running: Callable[[], bool], seconds: float = 180) -> None:
    """Returns when the address answers. Raises TimeoutError, or AssertionError where its server is not running."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert running(), "the server ended"
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
