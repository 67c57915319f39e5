"""What is typed into a search box: `status:paid amount:>10000 김민서` is two parts by names, and a text.

A part is a name, a colon and a value without a space between; a value with spaces stands in quotes, and so does a text
that looks like a part and is none.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.errors import InvalidRequest
from services.store.fold import folded

from dashboard.locale import LANGUAGES, current_language, in_language

# What a link begins with, `https://`, is no part; neither is a time, whose name would be a number.
_PART = re.compile(
    r"""(?<!\S)(?P<name>-?[^\W\d_]\w*)[:：](?!//)(?P<sign>[<>]=?|[≤≥])?(?P<value>"[^"]*"|[^\s"]+)(?!\S)"""
)
_QUOTED = re.compile(r'(?<!\S)"([^"]+)"(?!\S)')
_SIGNS = {"≤": "<=", "≥": ">="}


class Part(NamedTuple):
    """One value that is typed by a name; `sign` is one of < <= > >=, or empty."""

    name: str
    sign: str
    value: str

    @property
    def ends(self) -> tuple[str, str] | None:
        """Both ends of a range, `10000..50000` or `10000~50000`, one of them perhaps open; None where it is none."""
        first, to, last = self.value.replace("~", "..").partition("..")
        return (first, last) if to and (first or last) and not self.sign else None


class Query(NamedTuple):
    """The parts of what is typed, and the text that is left."""

    parts: tuple[Part, ...]
    text: str


def read_query(typed: str) -> Query:
    """Takes apart what is typed; what stands in quotes stays as it is."""
    quoted = [found.span() for found in _QUOTED.finditer(typed)]
    parts, left, end = [], "", 0
    for found in _PART.finditer(typed):
        if any(first < found.start() < last for first, last in quoted):
            continue
        sign = found["sign"] or ""
        parts.append(Part(found["name"], _SIGNS.get(sign, sign), found["value"].strip('"')))
        left, end = left + typed[end : found.start()], found.end()
    return Query(tuple(parts), " ".join((left + typed[end:]).split()) if parts else typed)


def plain(typed: str) -> str:
    """A text without the quotes that keep its parts from being read."""
    return _QUOTED.sub(lambda found: found[1] if read_query(found[1]).parts else found[0], typed)


def verbatim(text: str) -> str:
    """A text as it has to be typed, so that nothing of it is read as a part."""
    return '"' + text.replace('"', "") + '"' if read_query(text).parts else text


def as_typed(name: str, value: str) -> str:
    """A part as it is typed."""
    return f'{name}:"{value}"' if " " in value else f"{name}:{value}"


@dataclass(frozen=True, slots=True)
class Typed:
    """How a field is set in the search box: its names, the English first and the Korean last."""

    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """In the person's language."""
        return self.names[-1 if current_language() == "ko" else 0]

    def is_called(self, name: str) -> bool:
        """Whether a name is one of these, however it is written."""
        return name.casefold() in map(str.casefold, self.names)


def codes_of(parts: Sequence[Part], offers: Callable[[], Mapping[str, str]]) -> list[str]:
    """The codes that values mean: by code or word in either language, whole or by what these begin with.

    `offers` gives the words by their codes in the current language; a comma stands between several values.
    Raises InvalidRequest where a value means none.
    """
    forms = [(code, folded(form)) for code, form in _forms(offers)]
    each = [part._replace(value=value) for part in parts for value in part.value.split(",")]
    return list(dict.fromkeys(code for part in each for code in _meant(part, forms, offers())))


def only_one(parts: Sequence[Part], values: Sequence[str]) -> str:
    """The value of a field that has one at a time. Raises InvalidRequest for several."""
    if len(set(values)) > 1:
        raise InvalidRequest("“{name}” is one at a time, not: {known}.", field="text",
                             name=parts[0].name, known=", ".join(dict.fromkeys(values)))  # fmt: skip
    return values[0]


def _meant(part: Part, forms: Sequence[tuple[str, str]], words: Mapping[str, str]) -> list[str]:
    if part.sign:
        raise InvalidRequest("“{name}” compares nothing: type it without {sign}.", field="text",
                             name=part.name, sign=part.sign)  # fmt: skip
    needle = folded(part.value)
    whole = [code for code, form in forms if form == needle]
    found = whole or [code for code, form in forms if form.startswith(needle)]
    if not (needle and found):
        known = ", ".join(dict.fromkeys(words.values())) or "–"
        raise InvalidRequest("“{name}” has no “{value}” here, but: {known}.", field="text",
                             name=part.name, value=part.value, known=known)  # fmt: skip
    return found


def _forms(offers: Callable[[], Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        with in_language(language):
            for code, word in offers().items():
                yield from ((code, code), (code, word))
