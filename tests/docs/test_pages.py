"""docs/ and docs/ko/: the same pages, the words that the screens have, commands and settings that there are."""

import re
from pathlib import Path

import pytest
import typer
from babel.messages.catalog import Message

from dashboard.cli import app
from dashboard.settings import Settings
from tests.dashboard.words.test_locale import catalog, strings_of
from tests.pictures import IN_DOCS

DOCS = Path(__file__).parents[2] / "docs"
OF_BOTH = {"words.md", "calls.md", "development.md"}
"""What is bilingual by itself, made of the code, or for developers alone."""
HELD = ("index", "support", "finance", "manager", "administrator", "security", "privacy", "troubleshooting")
"""Pages whose emphasised words are those of the screens."""
ENGLISH = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
KOREAN = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "ko").glob("*.md")}
_CODE = re.compile(r"^```.*?^```$", re.M | re.S)
_EMPHASISED = re.compile(r"(?<![*\w])\*(?!\*)([^*\n]+)\*(?!\*)")


def test_every_page_is_there_in_both_languages() -> None:
    assert set(KOREAN) == set(ENGLISH) - OF_BOTH


@pytest.mark.parametrize("name", sorted(KOREAN))
def test_a_page_has_the_same_parts_in_both_languages(name: str) -> None:
    assert _shape(KOREAN[name]) == _shape(ENGLISH[name])


def _shape(text: str) -> dict[str, object]:
    """Headings by their depth, and how many tables, pictures and links to other pages there are."""
    told = _CODE.sub("", text)
    return {
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", told, re.M)],
        "tables": len(re.findall(r"^\|[-|]+\|$", told, re.M)),
        "pictures": [name.removeprefix("../") for name in re.findall(r"\]\((\S+)(?:en|ko)-light", told)],
        "pages": sorted(re.findall(r"\]\((?:\.\./)?([a-z]+)\.md", told)),
    }


@pytest.mark.parametrize("language", ["en", "ko"])
def test_pages_use_the_words_of_the_screens(language: str) -> None:
    words = {text.strip() for one in catalog(language) if one.id for text in _said(one, language)}
    filled = [re.compile(_with_gaps(word)) for word in words if "{" in word]
    pages = ENGLISH if language == "en" else KOREAN
    told = [(name, word) for name in HELD for word in _EMPHASISED.findall(_CODE.sub("", pages[f"{name}.md"]))]
    assert len(told) > 100
    assert [(n, word) for n, word in told if word not in words and not any(one.fullmatch(word) for one in filled)] == []


def _said(message: Message, language: str) -> tuple[str, ...]:
    """What a screen says: in English a message is its own text."""
    if language == "ko":
        return strings_of(message)
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _with_gaps(word: str) -> str:
    """What is filled in is any amount or month, as a page writes it: `₩…`, `…원`, `2026-11`."""
    return re.sub(r"\\\{\w+\\\}", r"(?:₩…|…원|\\d{4}-\\d{2})", re.escape(word))


def test_commands_and_settings_of_the_pages_are_there() -> None:
    told = "\n".join([*ENGLISH.values(), *KOREAN.values()])
    commands = set(re.findall(r"(?<!-u )\bjangbu ([a-z]+)\b(?![:=])", "\n".join(re.findall(r"`[^`\n]*`", told))))
    settings = set(re.findall(r"\bJANGBU_([A-Z_]+[A-Z])\b", told))
    assert len(commands) > 20
    assert commands - set(typer.main.get_group(app).commands) == set()
    assert settings - {name.upper() for name in Settings.model_fields} - {"TEST_SEEDS"} == set()


def test_pictures_are_of_the_page_s_language_and_all_are_taken_by_the_tests() -> None:
    for language, pages in (("en", ENGLISH), ("ko", KOREAN)):
        shown = set(re.findall(r"pictures/([\w-]+)\.png", "\n".join(pages.values())))
        assert len(shown) > 5
        assert shown <= {f"{language}-light-1280-{name}" for name in IN_DOCS}
    there = {path.stem for path in (DOCS / "pictures").glob("*.png")}
    assert there == {f"{language}-light-1280-{name}" for language in ("en", "ko") for name in IN_DOCS}
