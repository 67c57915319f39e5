"""Card and resident registration numbers in free text: what nobody may type here, and what is hidden where it comes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

_SHORTEST, _LONGEST = 13, 19
_RESIDENT = re.compile(r"[0-9]{6}[1-8][0-9]{6}")
_RUN = re.compile(r"[0-9](?:-{0,2}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
_FIRST_GROUPS = (4, 6, 8)
"""How many digits stand together at the beginning of a card number, as it is printed and typed."""
_CARDS = {
    13: r"4",
    14: r"30[0-5]|3095|36|3[89]",
    15: r"3[47]|2014|2149",
    16: r"4|5|6|9|35(?:2[89]|[3-8])|220[0-4]|22[2-9]|2[3-6]|27[01]|2720|81",
    17: r"6|81",
    18: r"6|81",
    19: r"4|6|81",
}
"""What numbers of cards begin with, by their length: ISO/IEC 7812 with the ranges of the networks, and Korea's 9."""


class Number(StrEnum):
    """What must not be kept."""

    CARD = "card"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text such a number stands, from its first digit to behind its last one."""

    kind: Number
    begins: int
    ends: int


def find_forbidden(text: str, *, shortest: int = _SHORTEST) -> Found | None:
    """The first such number in a text, however it is written; numbers shorter than `shortest` are none."""
    return next((found for found in _all_in(text) if _digits_in(text, found) >= shortest), None)


def hide_forbidden(text: str, known: Iterable[str | None] = ()) -> str:
    """The text with such numbers hidden: of a card six digits in front and four at the end stay, else the birthday.

    `known` are ids that the text may speak of: where one stands whole it is left alone, whatever it looks like.
    """
    if not (found := _in_order(text)):
        return text
    ids = [place.span() for one in known if one for place in re.finditer(rf"(?<![0-9]){re.escape(one)}(?![0-9])", text)]
    end, parts = 0, []
    for one in found:
        is_id = any(begins <= one.begins and one.ends <= ends for begins, ends in ids)
        if one.begins >= end and not is_id:
            parts += [text[end : one.begins], _hidden(text[one.begins : one.ends], one.kind)]
            end = one.ends
    return "".join([*parts, text[end:]])


@lru_cache(maxsize=16_384)
def _in_order(text: str) -> tuple[Found, ...]:
    return tuple(sorted(_all_in(text), key=lambda one: (one.begins, -one.ends)))


def _hidden(number: str, kind: Number) -> str:
    shown = (6, 4) if kind == Number.CARD else (6, 0)
    digits = [place for place, sign in enumerate(number) if sign.isdecimal()]
    kept = {*digits[: shown[0]], *digits[len(digits) - shown[1] :]}
    return "".join("*" if place in digits and place not in kept else sign for place, sign in enumerate(number))


def _digits_in(text: str, found: Found) -> int:
    return sum(sign.isdecimal() for sign in text[found.begins : found.ends])


def _all_in(text: str) -> Iterator[Found]:
    if len(text) < _SHORTEST or sum(map(str.isdecimal, text)) < _SHORTEST:
        return
    plain = "".join(map(_plain, text))
    for run in _RUN.finditer(plain):
        groups = [(run.start() + one.start(), run.start() + one.end()) for one in _GROUP.finditer(run.group())]
        for first, last in _spans(len(groups)):
            parts = [plain[begins:ends] for begins, ends in groups[first:last]]
            if kind := _kind(parts, whole=last - first == len(groups)):
                yield Found(kind, groups[first][0], groups[last - 1][1])


def _spans(groups: int) -> Iterator[tuple[int, int]]:
    """Which neighbours may be one number: each group has a digit, so never more than digits."""
    for first in range(groups):
        for last in range(first + 1, min(first + _LONGEST, groups) + 1):
            yield first, last


def _plain(sign: str) -> str:
    """A digit of any script, `-` for what may stand inside of such a number, `x` for all else; one sign each."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    between = sign in "._·•ㆍ・" or unicodedata.category(sign) in ("Zs", "Pd", "Cf") or sign in "\t−"
    return "-" if between else "x"


def _kind(groups: list[str], *, whole: bool) -> Number | None:
    number = "".join(groups)
    if not _SHORTEST <= len(number) <= _LONGEST:
        return None
    if _is_resident(groups, number):
        return Number.RESIDENT
    grouped = len(groups) == 1 or len(groups[0]) in _FIRST_GROUPS or (whole and {len(one) for one in groups} == {1})
    return Number.CARD if grouped and _is_card(number) else None


def _is_resident(groups: list[str], number: str) -> bool:
    if not _RESIDENT.fullmatch(number) or (len(groups) > 1 and [len(one) for one in groups] != [6, 7]):
        return False
    century = 1900 if number[6] in "1256" else 2000
    try:
        born = date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return born <= date.today()  # noqa: DTZ011 - a day more or less does not matter


def _is_card(number: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    begins = re.match(_CARDS[len(number)], number)
    return bool(begins) and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
