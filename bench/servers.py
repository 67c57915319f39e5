"""Servers that a benchmark talks to: each in a process of its own on loopback, ended when the block is left."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PATIENCE = 300
PORT = "PORT"
"""Stands in a command and in settings for the port that was found free."""


@contextmanager
def sandbox(payments: int, *, latency: int = 0) -> Iterator[str]:
    """`jangbu sandbox` with so many payments; `latency` in milliseconds. Gives its address."""
    command = ["dashboard", "sandbox", "--port", PORT, "--payments", str(payments), "--latency", str(latency)]
    with server(command, ask="/banks") as url:
        yield url


def unanswered(database: str) -> Mapping[str, str]:
    """Settings of a dashboard whose gateway nobody answers at: nothing but its pages is at work."""
    return {
        "JANGBU_DATABASE_URL": database,
        "JANGBU_IMP_API_URL": "http://127.0.0.1:1",
        "JANGBU_IMP_KEY": "bench",
        "JANGBU_IMP_SECRET": "bench",
        "JANGBU_PORT": PORT,
    }


@contextmanager
def server(
    module: Sequence[str], *, ask: str, settings: Mapping[str, str] | None = None, folder: Path = ROOT
) -> Iterator[str]:
    """`python -m module …`; gives its address once it answers at the path `ask`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    module = [port if word == PORT else word for word in module]
    own = {name: port if value == PORT else value for name, value in (settings or {}).items()}
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JANGBU_", "STREAMLIT_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=folder,
        env=clean | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}{ask}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
