"""The command line: what it makes of options and settings."""

from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard import demo
from dashboard.cli import app


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
