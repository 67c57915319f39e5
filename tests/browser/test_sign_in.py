"""Sign-in by OpenID Connect, with a provider of this machine, and what a viewer then sees."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.demo import free_port
from tests.browser.conftest import ending, serving, wait_for
from tests.browser.test_payments import rows_of
from tests.screens import filled_store

pytestmark = pytest.mark.xdist_group("browser")

EMAIL = "kim@example.com"


@pytest.fixture
def provider() -> Iterator[str]:
    """An identity provider that knows one person."""
    port = free_port()
    claims = json.dumps({"sub": "kim", "email": EMAIL, "name": "Kim"})
    command = Path(sys.executable).with_name("oidc-provider-mock")
    process = subprocess.Popen([command, "--port", str(port), "--user-claims", claims])
    url = f"http://localhost:{port}"
    with ending(process):
        wait_for(f"{url}/.well-known/openid-configuration", process)
        yield url


@pytest.fixture
def guarded(tmp_path: Path, provider: str) -> Iterator[str]:
    """A dashboard with [auth] where that person is a viewer."""
    port, settings = free_port(), tmp_path / ".streamlit"
    settings.mkdir()
    url = f"http://localhost:{port}"
    (settings / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = "{url}/oauth2callback"
cookie_secret = "{"c" * 32}"
client_id = "jangbu"
client_secret = "of no use elsewhere"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
    )
    filled_store(tmp_path)
    with serving(port, tmp_path, JANGBU_SECRETS_FILE=str(settings / "secrets.toml"), JANGBU_ROLES=f"{EMAIL}=viewer"):
        yield url


def test_a_viewer_signs_in_and_sees_payments_but_no_buyer(page: Page, guarded: str) -> None:
    page.goto(f"{guarded}/payments")
    page.get_by_role("button", name="로그인").click(timeout=20_000)
    page.get_by_role("button", name="kim").click()
    expect(page.get_by_text(EMAIL)).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="결제 내역").click()
    shown = "".join(rows_of(page))
    assert "홍*동" in shown
    assert "홍길동" not in shown
    expect(page.get_by_role("link", name="시스템")).to_have_count(0)
    expect(page.get_by_role("button", name="내보내기")).to_have_count(0)
