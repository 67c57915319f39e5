"""Streamlit's one HTML page speaks the browser's language, whatever it would be packed in."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboard.app import app
from tests.worlds.screens.screens import filled_store

OWN = "http://localhost:8501"


@pytest.mark.parametrize(("asked", "told"), [("ko-KR,ko;q=0.9", "ko"), ("en-US", "en"), ("fr", "en"), (None, "en")])
def test_the_page_is_in_the_browser_s_language(tmp_path: Path, asked: str | None, told: str) -> None:
    filled_store(tmp_path)
    client = TestClient(app, base_url=OWN)
    headers = {"accept": "text/html", "accept-encoding": "gzip"} | ({"accept-language": asked} if asked else {})
    page = client.get("/payments", headers=headers)
    assert page.status_code == 200
    assert page.text.count("<html lang=") == page.text.count(f'<html lang="{told}">') == 1
    assert "<title>Jangbu</title>" in page.text
    assert int(page.headers["content-length"]) == len(page.content)
    assert "etag" not in page.headers
    assert "accept-language" in page.headers["vary"].lower()


@pytest.mark.parametrize(("picked", "told"), [("en", "en"), ("ko", "ko"), ("xx", "ko"), ("", "ko")])
def test_a_language_that_was_picked_goes_before_the_browser_s(tmp_path: Path, picked: str, told: str) -> None:
    filled_store(tmp_path)
    headers = {"accept": "text/html", "accept-language": "ko-KR", "cookie": f"a=b; jangbu_language={picked}"}
    page = TestClient(app, base_url=OWN).get("/payments", headers=headers)
    assert f'<html lang="{told}">' in page.text
    assert "cookie" in page.headers["vary"].lower()


def test_what_is_no_page_passes_as_it_is(tmp_path: Path) -> None:
    filled_store(tmp_path)
    client = TestClient(app, base_url=OWN)
    health = client.get("/_stcore/health", headers={"accept": "text/html"})
    assert not health.headers["content-type"].startswith("text/html")
    assert health.text
