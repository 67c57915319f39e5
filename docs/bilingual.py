"""The docs in two languages, as MkDocs builds them: each page has its language, its menu and its twin in the other."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
KOREAN = "ko/"
_FOUND_FIRST = {"support": 8, "finance": 4, "troubleshooting": 3, "manager": 2}
"""Pages that say what to click, before those that say how it works."""
_NAMES = {"en": "English", "ko": "한국어"}
_READMES = {"en": "README.md", "ko": "README.ko.md"}
_TABLE = re.compile(r"^\| [^\n]*\n\|---[^\n]*\n(?:\| `JANGBU_[^\n]*\n)+", re.M)
_SETTINGS = re.compile(r"^<!-- settings -->.*?<!-- /settings -->$", re.M | re.S)
_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+[A-Z][\w.]*\.md[^)]*\)")


def language_of(page: Page) -> str:
    """`ko` or `en`."""
    return "ko" if page.file.src_uri.startswith(KOREAN) else "en"


def settings_table(language: str) -> str:
    """The table of settings, as the README of that language has it, with links from beside the docs."""
    (table,) = _TABLE.findall((ROOT / _READMES[language]).read_text(encoding="utf-8"))
    beside = "../" if language == "ko" else ""
    return str(table).replace("](docs/", f"]({beside}").replace(f"]({beside}{KOREAN}", "](")


def on_page_markdown(markdown: str, page: Page, **_about: Any) -> str:
    """Puts the settings in their place; what is linked outside of the docs is only named."""
    page.meta["search"] = {"boost": _FOUND_FIRST.get(page.file.name, 1)}
    table = settings_table(language_of(page))
    return _OUTSIDE.sub(r"\1", _SETTINGS.sub(lambda _: table, markdown))


def on_nav(nav: Navigation, **_about: Any) -> Navigation:
    """A language ends where its last page does."""
    for page in nav.pages:
        for name in ("previous_page", "next_page"):
            beside = getattr(page, name)
            if beside and language_of(beside) != language_of(page):
                setattr(page, name, None)
    return nav


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """The page's language, its menu, and the way to the other language."""
    language = language_of(page)
    config.theme["language"] = language
    uris = {one.file.src_uri: one.url for one in nav.pages}
    config.extra["alternate"] = [
        {"name": name, "lang": code, "link": _twin(page.file.src_uri, code, uris)} for code, name in _NAMES.items()
    ]
    sections = {item.title: item for item in nav.items if isinstance(item, Section)}
    mine = Navigation(sections[_NAMES[language]].children, nav.pages)
    mine.homepage = next(one for one in _pages(mine.items) if one.file.name == "index")
    return context | {"nav": mine}


def on_post_build(config: MkDocsConfig) -> None:
    """The theme's script asks for a list of pages beside those of each language."""
    site = Path(config.site_dir)
    shutil.copyfile(site / "sitemap.xml", site / KOREAN / "sitemap.xml")


def _twin(uri: str, language: str, urls: dict[str, str]) -> str:
    """The same page in a language; its first page where there is none."""
    name = uri.removeprefix(KOREAN)
    folder = KOREAN if language == "ko" else ""
    return urls.get(folder + name, urls[f"{folder}index.md"])


def _pages(items: Iterable[Any]) -> Iterable[Page]:
    for item in items:
        if isinstance(item, Page):
            yield item
        elif isinstance(item, Section):
            yield from _pages(item.children)
