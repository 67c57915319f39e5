"""A typed text as what is looked for: the whole of it, and where that is nowhere each of its words."""

from dataclasses import dataclass

from services.errors import InvalidFilter
from services.store.fold import digits, folded, is_number, phone_forms
from services.store.grams import query_grams

_SOME_DIGITS = 3
_MOST_WORDS = 20
"""Words of a text: what has more of them is a page that somebody pasted, and a database takes no end of them."""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that a row must hold, in any of its forms; `number`: its digits where it is a number, else empty."""

    text: str
    needles: tuple[str, ...]
    """Folded; the first is the text's own, the others are forms of a phone."""
    number: str

    @property
    def grams(self) -> list[list[str]]:
        """The pieces of each form. Raises InvalidFilter where it is too short to be looked up."""
        return [query_grams(needle) for needle in self.needles]


def word_of(text: str) -> Word:
    """A text as one word, however many spaces are in it."""
    number = digits(text) if is_number(text) else ""
    forms = [one for one in phone_forms(text) if len(one) >= _SOME_DIGITS] if number else []
    return Word(text, tuple(dict.fromkeys((folded(text), *forms))), number)


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text; none where it is one, has too many, or one too short to be looked up by itself."""
    words = tuple(map(word_of, dict.fromkeys(text.split())))
    return words if 1 < len(words) <= _MOST_WORDS and all(map(_can_be_sought, words)) else ()


def _can_be_sought(word: Word) -> bool:
    try:
        return bool(word.grams)
    except InvalidFilter:
        return False
