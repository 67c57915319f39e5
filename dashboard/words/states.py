"""States in words with a sign and a colour, so that colour never says it alone."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from services.plain_text import harmless

from dashboard.locale import _, current_language
from dashboard.words import formats


class Look(NamedTuple):
    """How a state looks; its colour by Streamlit's name."""

    sign: str
    color: str
    word: str


class States:
    """Decorates a table of looks by code, which is translated once a language; called with a code it gives its word.

    A code that only the gateway knows is shown as it is.
    """

    def __init__(self, looks: Callable[[], Mapping[str, Look]]) -> None:
        self._of = cache(lambda _language: looks())

    def __call__(self, code: str) -> str:
        """A state's word."""
        return self._look(code).word

    def __iter__(self) -> Iterator[str]:
        return iter(self._of(current_language()))

    def sign(self, code: str) -> str:
        """A state's sign."""
        return self._look(code).sign

    def badge(self, code: str) -> str:
        """A state as sign and word."""
        look = self._look(code)
        return f"{look.sign} {look.word}"

    def markdown(self, code: str) -> str:
        """A state as a coloured badge."""
        return markdown_badge(self._look(code).color, self.badge(code))

    def colors(self) -> dict[str, str]:
        """The colour of each badge, for a column of them."""
        return {self.badge(code): look.color for code, look in self._of(current_language()).items()}

    def _look(self, code: str) -> Look:
        return self._of(current_language()).get(code) or Look("?", "gray", harmless(code))


def markdown_badge(color: str, words: str) -> str:
    """Words as a badge, in a colour by Streamlit's name."""
    return f":{color}-badge[{formats.escape(words)}]"


def channel_badge(sandbox: bool) -> str:
    """Whether a row is of a test channel, as a coloured badge."""
    return markdown_badge("violet", _("Test channel")) if sandbox else markdown_badge("gray", _("Live"))
