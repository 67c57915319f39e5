"""A database that was deleted under the app is told on every screen, in the person's language."""

from pathlib import Path

import pytest

from dashboard.locale import set_language
from tests.worlds.screens.screens import filled_store, run_page


@pytest.mark.parametrize(("language", "title"), [("ko", "저장되지 않고 있습니다"), ("en", "Nothing is saved")])
def test_every_screen_says_that_nothing_is_saved(tmp_path: Path, language: str, title: str) -> None:
    engine = filled_store(tmp_path)
    for page in ("overview", "payments", "system"):
        assert title not in told(page, language)
    Path(engine.url.database or "").unlink()
    for page in ("overview", "payments", "system"):
        assert title in told(page, language)
    set_language("en")


def told(page: str, language: str) -> str:
    at = run_page(page, language=language)
    return " ".join(str(one.proto) for one in at.error)
