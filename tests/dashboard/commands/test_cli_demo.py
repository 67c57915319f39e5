"""The command line: what it makes of options and settings."""

import signal
import subprocess
import sys
from functools import partial
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


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_the_sandbox_ends_with_the_demo(by: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dashboard", "demo", "--payments", "50", "--port", str(free_port())]
    # A run in the background of a shell ignores Ctrl-C, and so would all that it starts.
    listens = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    demo = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=listens)
    told = iter(demo.stderr or ())
    assert any("The dashboard is at" in line for line in told)
    (sandbox,) = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
    demo.send_signal(by)
    for _line in told:
        pass
    demo.wait(20)
    assert not Path(f"/proc/{sandbox}").exists()
