"""What a failing screen says, and what it leaves in the logs."""

import logging
import re

import pytest
from streamlit import config
from streamlit.error_util import handle_user_script_exception

from dashboard.app import say_error
from tests.worlds.screens.screens import ROOT

CANARY = "홍길동 010-1234-5678"


def test_an_error_leaves_a_code_and_no_personal_data(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError(CANARY)

    try:
        fail()
    except ValueError as error:
        handle_user_script_exception(error, say_error)
    said = "".join(capfd.readouterr())
    assert re.search("code=[0-9a-f]{8}", re.sub(r"\x1b\[[0-9;]*m", "", said))
    assert "ValueError" in said
    assert CANARY not in said
    assert "Traceback" not in said


def test_the_access_log_is_off_because_it_would_hold_the_tickets_of_exports() -> None:
    assert logging.getLogger("uvicorn.access").disabled


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("client.showErrorDetails", "none"),
        ("client.toolbarMode", "minimal"),
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("server.enableStaticServing", False),
        ("server.enableAgentApi", False),
        ("server.maxUploadSize", 5),
        ("browser.gatherUsageStats", False),
        ("logger.enableRich", False),
        ("runner.postScriptGC", False),
    ],
)
def test_the_options_that_matter_are_set(option: str, value: object) -> None:
    assert config.get_option(option) == value


def test_every_option_of_the_server_has_its_reason_above_it() -> None:
    text = (ROOT / "dashboard" / ".streamlit" / "config.toml").read_text(encoding="utf-8").split("[theme]")[0]
    lines = [line for line in text.splitlines() if line]
    above = dict(zip(lines[1:], lines, strict=False))
    assert not [line for line in lines if " = " in line and line[0] != "#" and above[line][0] != "#"]
