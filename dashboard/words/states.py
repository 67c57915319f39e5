"""States with a sign and a colour beside their word, so that colour never says it alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dashboard.locale import _
from dashboard.words import formats

_OTHER = ("?", "gray")
"""Of a code that only the gateway knows."""


@dataclass(frozen=True, slots=True)
class States:
    """The states of one kind of thing: the word of each; its sign, and its colour by Streamlit's name."""

    word: Callable[[str], str]
    signs: Mapping[str, tuple[str, str]]

    def sign(self, code: str) -> str:
        """A state's sign."""
        return self.signs.get(code, _OTHER)[0]

    def badge(self, code: str) -> str:
        """A state as sign and word."""
        return f"{self.sign(code)} {self.word(code)}"

    def markdown(self, code: str) -> str:
        """A state as a coloured badge."""
        return markdown_badge(self.signs.get(code, _OTHER)[1], self.badge(code))

    def colors(self) -> dict[str, str]:
        """The colour of each badge, for a column of them."""
        return {self.badge(code): color for code, (_sign, color) in self.signs.items()}


def markdown_badge(color: str, words: str) -> str:
    """Words as a badge, in a colour by Streamlit's name."""
    return f":{color}-badge[{formats.escape(words)}]"


def channel_badge(sandbox: bool) -> str:
    """Whether a row is of a test channel, as a coloured badge."""
    return markdown_badge("violet", _("Test channel")) if sandbox else markdown_badge("gray", _("Live"))
