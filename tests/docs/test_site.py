"""The site that `make docs` builds: no broken link, nothing from another host, each page in its own language."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from dashboard.settings import Settings

ROOT = Path(__file__).parents[2]
_FETCHED = {"link", "script", "img", "source", "iframe"}


class Seen(HTMLParser):
    """Of a page: its language, what it fetches, what it links to, and the places that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language, self.fetched, self.linked, self.places = "", [""], [""], {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.places.add(found.get("id", ""))
        if tag == "html":
            self.language = found["lang"]
        target = found.get("href", found.get("src", ""))
        (self.fetched if tag in _FETCHED else self.linked).append(target)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once; whatever MkDocs warns of ends it."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(out)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Seen]:
    """Each page by its path in the site."""
    return {
        str(path.relative_to(site)): Seen(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if path.name != "404.html"
    }


def test_each_page_is_in_its_language_and_leads_to_the_other(pages: dict[str, Seen]) -> None:
    assert {name for name in pages if name.startswith("ko/")} >= {"ko/index.html", "ko/support.html", "ko/money.html"}
    for name, page in pages.items():
        assert page.language == ("ko" if name.startswith("ko/") else "en")
        twin = f"../{name.removeprefix('ko/')}" if name.startswith("ko/") else f"ko/{name}"
        if twin.removeprefix("../") in pages:
            assert twin in page.linked


def test_pictures_are_shown_in_the_language_of_the_page(pages: dict[str, Seen]) -> None:
    shown = {name: [one for one in page.fetched if "pictures/" in one] for name, page in pages.items()}
    assert shown["support.html"] == [f"pictures/en-light-1280-{name}.png" for name in ("refund", "state-search")]
    assert shown["ko/support.html"] == [f"../pictures/ko-light-1280-{name}.png" for name in ("refund", "state-search")]


def test_every_link_leads_to_a_place_that_is_there(site: Path, pages: dict[str, Seen]) -> None:
    assert list(_broken(site, pages)) == []


def _broken(site: Path, pages: dict[str, Seen]) -> Iterator[tuple[str, str]]:
    for name, page in pages.items():
        for target in {*page.fetched, *page.linked}:
            parts = urlsplit(target)
            if parts.scheme:
                continue
            there = (site / name).parent.joinpath(unquote(parts.path)).resolve() if parts.path else site / name
            at = pages.get(str(there.relative_to(site.resolve()))) if parts.path else page
            if not there.exists() or (at and unquote(parts.fragment) not in at.places):
                yield name, target


def test_nothing_is_fetched_from_another_host(site: Path, pages: dict[str, Seen]) -> None:
    assert [(name, one) for name, page in pages.items() for one in page.fetched if urlsplit(one).netloc] == []
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert styles
    assert [
        found for text in styles for found in re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//[^)\"']+", text)
    ] == []


@pytest.mark.parametrize("name", ["settings.html", "ko/settings.html"])
def test_the_settings_page_has_every_setting(site: Path, name: str) -> None:
    rows = re.findall(r"<tr>\s*<td><code>JANGBU_(\w+)</code></td>", (site / name).read_text(encoding="utf-8"))
    assert sorted(rows) == sorted(field.upper() for field in Settings.model_fields)
