"""The glossary in docs/words.md: one word a term in both catalogs, one register in Korean, no command told to staff."""

import re
from dataclasses import dataclass

import pytest

from tests.dashboard.words.test_locale import ROOT, catalog, strings_of

# `세요` and `인가요?` are of the register too, and `필요` and `주요` are nouns.
FAMILIAR = re.compile(r"(?<![세가필중주수])요(?=[\s.?!…:)]|$)")
COMMAND = re.compile(r"\bjangbu [a-z]|JANGBU_")
SCREENS = ("pages/", "dashboard/screens/", "dashboard/kit/", "dashboard/words/", "dashboard/screen.py")
# Whoever may open these runs Jangbu, looks for who set what, or makes a token for commands.
OPERATORS = ("dashboard/screens/system/", "dashboard/screens/people/", "pages/people.py", "pages/sessions.py")


@dataclass(frozen=True)
class Term:
    """A row of the glossary."""

    english: str
    korean: str
    not_korean: list[str]
    not_english: list[str]


def terms() -> list[Term]:
    text = (ROOT / "docs" / "words.md").read_text(encoding="utf-8").split("## Terms 용어")[1].split("Not in Jangbu")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"][2:]
    return [
        Term(english, korean, re.findall(r"`([^`]+)`", ours), re.findall(r"`([^`]+)`", theirs))
        for english, korean, _what, ours, theirs in rows
    ]


def test_every_term_is_a_message_and_has_the_korean_of_the_glossary() -> None:
    korean = {message.id: message.string for message in catalog("ko")}
    assert len(terms()) > 40
    assert {term.english: korean.get(term.english) for term in terms()} == {one.english: one.korean for one in terms()}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_message_has_another_word_for_a_term(language: str) -> None:
    words = [word for term in terms() for word in (term.not_korean if language == "ko" else term.not_english)]
    said = [text for message in catalog(language) if message.id for text in strings_of(message)]
    assert len(words) > 5
    assert [
        (word, text) for word in words for text in said if re.search(rf"(?<![A-Za-z]){word}(?![A-Za-z])", text)
    ] == []


def test_korean_is_written_in_one_register() -> None:
    assert FAMILIAR.search("들어 있어요.")
    assert not FAMILIAR.search("확인이 필요 없으면 닫으세요.")
    told = [
        text for name in ("messages", "commands") for one in catalog("ko", name) if one.id for text in strings_of(one)
    ]
    assert [text for text in told if FAMILIAR.search(text.removesuffix("아니요"))] == []


def test_no_screen_of_staff_names_a_command_or_a_setting() -> None:
    told = {
        text
        for message in catalog("en")
        for file, _line in message.locations
        if file.startswith(SCREENS) and not file.startswith(OPERATORS)
        for text in strings_of(message)
    }
    assert len(told) > 500
    assert [text for text in told if COMMAND.search(text)] == []
