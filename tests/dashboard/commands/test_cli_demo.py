"""The command line: what it makes of options and settings."""

import signal
import subprocess
import sys
import time
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from dashboard.commands import demo
from dashboard.commands.demo import free_port


@pytest.mark.parametrize(
    ("arguments", "port"), [([], 8765), (["--port", "8766"], 8766)], ids=["the setting", "the option first"]
)
def test_the_demo_listens_where_it_is_told(arguments: list[str], port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setenv("JANGBU_PORT", "8765")
    monkeypatch.setattr(demo, "run", lambda **options: asked.append(options))
    result = CliRunner().invoke(app, ["demo", *arguments])
    assert result.exit_code == 0
    assert asked[0]["port"] == port


@pytest.mark.parametrize(
    ("when", "by"),
    [("3/3 Starting the dashboard", signal.SIGINT), ("The dashboard is at", signal.SIGTERM)],
    ids=["starting", "listening"],
)
def test_the_sandbox_ends_with_the_demo(when: str, by: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dashboard", "demo", "--payments", "50", "--port", str(free_port())]
    # A run in the background of a shell ignores Ctrl-C, and so would all that it starts.
    listens = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    demo = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=listens)
    said = list(takewhile(lambda line: when not in line, demo.stderr or ()))
    assert f"JANGBU_DATABASE_URL=sqlite:///{tmp_path}/var/demo.db" in next(
        line for line in said if line.startswith("    export JANGBU_IMP_API_URL=")
    )
    (sandbox,) = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
    time.sleep(0.2)  # while it starts, this is amid its imports
    demo.send_signal(by)
    demo.communicate(timeout=120)
    assert demo.returncode == 0
    assert not Path(f"/proc/{sandbox}").exists()
