"""Card and resident registration numbers in free text: what nobody may type here, and what is hidden where it comes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import chain, groupby, pairwise
from operator import itemgetter

from services.plain_text import UNSEEN

_SHORTEST, _LONGEST = 13, 19
_WITHIN, _WIDEST = "-. ", 3
"""What `_plain` leaves of signs that stand within a number, and how many may stand between two groups."""
_BETWEEN = r"[-. ]{0,2}[^-. 0-9x]?[-. ]{0,2}"
_GROUP = re.compile(r"[0-9]+")
_TOGETHER = re.compile(rf"(?<![0-9])[0-9]{{{_SHORTEST},{_LONGEST}}}(?![0-9])")
_ONE_BY_ONE = re.compile(rf"(?<![0-9])[0-9](?![0-9])(?:{_BETWEEN}[0-9](?![0-9])){{{_SHORTEST - 1},}}")
_RESIDENT = re.compile(rf"(?<![0-9])[0-9]{{6}}{_BETWEEN}[1-8][0-9]{{6}}(?![0-9])")
_BIRTHDAY = re.compile(r"[0-9]{6}[1-8][0-9]{6}")
_FIRST_GROUPS = (4, 6, 8)
"""How many digits stand together at the beginning of a card number, as it is printed and typed."""
_EVEN = re.compile(r"2{6,9}1?|3{4,6}[12]?")
"""How many digits stand in each of a number's groups where they are all alike, besides singly and in fours."""
_LISTED = (re.compile(r"(?<!4)(?:444[1-4]|46[45])(?!4)"), re.compile(r"(?<!4)4444[1-3](?!4)"))
"""The same of cards as they are printed: where commas and the like stand between them, which part other things too."""
_AMOUNT = re.compile(r"[1-9][0-9]*0")
_CARDS = {
    13: re.compile(r"4"),
    14: re.compile(r"30[0-5]|3095|36|3[89]"),
    15: re.compile(r"3[47]|2014|2149"),
    16: re.compile(r"4|5|6|9|35(?:2[89]|[3-8])|220[0-4]|22[2-9]|2[3-6]|27[01]|2720|81"),
    17: re.compile(r"6|81"),
    18: re.compile(r"6|81"),
    19: re.compile(r"4|6|81"),
}
"""What numbers of cards begin with, by their length: ISO/IEC 7812 with the ranges of the networks, and Korea's 9."""
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_DASHES = frozenset(unicodedata.normalize("NFKC", "_ㅡー−\ufffd"))
_DOTS = frozenset(unicodedata.normalize("NFKC", ".·•ㆍ・‧∙⋅"))
_LISTING = frozenset(unicodedata.normalize("NFKC", "~∼/∕⁄\\,、|│ㅣ:;*\n"))
_UNDRAWN, _ALONE = ("Cc", "Cf", "Mn", "Me"), re.compile(f"[{UNSEEN}]")


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


Span = tuple[int, int]


def find_forbidden(text: str, *, shortest: int = _SHORTEST) -> Found | None:
    """A number in a text that nobody may keep, however it is written; those shorter than `shortest` are none."""
    return next((found for found in _all_in(text) if len(_digits_of(text, found)) >= shortest), None)


def hide_forbidden(text: str, known: Iterable[str | None] = ()) -> str:
    """The text with such numbers hidden: of a card six digits in front and four at the end stay, else the birthday.

    `known` are ids that the text may speak of: where one stands whole it is left alone, whatever it looks like.
    """
    if not (found := _found_in(text)):
        return text
    ids = [place.span() for one in known if one for place in re.finditer(rf"(?<![0-9]){re.escape(one)}(?![0-9])", text)]
    signs = list(text)
    for one in found:
        if not any(begins <= one.begins and one.ends <= ends for begins, ends in ids):
            digits = _digits_of(text, one)
            for place in digits[6 : -4 if one.kind == Number.CARD else None]:
                signs[place] = "*"
    return "".join(signs)


def _digits_of(text: str, found: Found) -> list[int]:
    return [place for place in range(found.begins, found.ends) if text[place].isdigit()]


@lru_cache(maxsize=16_384)
def _found_in(text: str) -> tuple[Found, ...]:
    return tuple(_all_in(text))


def _all_in(text: str) -> Iterator[Found]:
    if len(text) < _SHORTEST or sum(map(str.isdigit, text)) < _SHORTEST:
        return
    told = list(map(_plain, text))
    places = [place for place, sign in enumerate(told) if sign]
    for kind, (begins, ends) in _numbers("".join(told)):
        yield Found(kind, places[begins], places[ends - 1] + 1)


@lru_cache(maxsize=4_096)
def _plain(sign: str) -> str:
    """A digit of any kind, `-`, `.` or a space for what stands inside of numbers, a sign that lists, else `x`.

    Nothing for a sign that nobody sees.
    """
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    usual, category = unicodedata.normalize("NFKC", sign), unicodedata.category(sign)
    if usual in _LISTING:
        return usual
    if usual in _DOTS:
        return "."
    if usual in _DASHES or category == "Pd":
        return "-"
    if sign.isspace():
        return "\n" if category in ("Zl", "Zp") else " "
    return "" if category in _UNDRAWN or _ALONE.match(sign) else "x"


def _numbers(plain: str) -> Iterator[tuple[Number, Span]]:
    lists = list(_lists(plain))
    even = [one.span() for pattern in (_TOGETHER, _ONE_BY_ONE) for one in pattern.finditer(plain)]
    even += (span for joint, groups in lists if joint == "-" for span in _pairs_or_threes(plain, groups))
    residents = [*even, *(one.span() for one in _RESIDENT.finditer(plain))]
    printed = (span for joint, groups in lists for span in (_rows(groups) if joint == "-" else _listed(plain, groups)))
    yield from ((Number.RESIDENT, span) for span in residents if _is_resident(_number(plain, span)))
    yield from ((Number.CARD, span) for span in chain(even, printed) if _is_card(_number(plain, span)))


def _number(plain: str, span: Span) -> str:
    return "".join(_GROUP.findall(plain, *span))


def _lists(plain: str) -> Iterator[tuple[str, list[Span]]]:
    """Neighbouring groups of digits, as many as one and the same sign joins: `-` for all that stands within numbers."""
    groups = [group.span() for group in _GROUP.finditer(plain)]
    joints = enumerate(_joint(plain[ends:begins]) for (_, ends), (begins, _) in pairwise(groups))
    for joint, alike in groupby(joints, key=itemgetter(1)):
        if joint:
            first, *others = (place for place, _ in alike)
            yield joint, groups[first : first + len(others) + 2]


def _joint(between: str) -> str:
    sign = between.strip(_WITHIN)
    apart = len(between) > _WIDEST or len(sign) > 1 or sign == "x"
    return "" if apart else sign or "-"


def _rows(groups: list[Span]) -> Iterator[Span]:
    for first, (begins, ends) in enumerate(groups):
        digits = ends - begins
        if digits in _FIRST_GROUPS:
            for start, ends in groups[first + 1 : first + _LONGEST]:
                digits += ends - start
                if digits > _LONGEST:
                    break
                if digits >= _SHORTEST:
                    yield begins, ends


def _pairs_or_threes(plain: str, groups: list[Span]) -> Iterator[Span]:
    joints = {plain[ends:begins] for (_, ends), (begins, _) in pairwise(groups)}
    if len(joints) == 1 and _EVEN.fullmatch(_sizes(groups)) and not _are_amounts(plain, groups):
        yield groups[0][0], groups[-1][1]


def _listed(plain: str, groups: list[Span]) -> Iterator[Span]:
    for pattern in _LISTED:
        for one in pattern.finditer(_sizes(groups)):
            found = groups[one.start() : one.end()]
            if not _are_amounts(plain, found):
                yield found[0][0], found[-1][1]


def _sizes(groups: list[Span]) -> str:
    """How many digits each has, a digit each."""
    return "".join(str(min(ends - begins, 9)) for begins, ends in groups)


def _are_amounts(plain: str, groups: list[Span]) -> bool:
    """Whether all are round, which of a card's groups are one in ten thousand."""
    return all(_AMOUNT.fullmatch(plain, *group) for group in groups)


def _is_resident(number: str) -> bool:
    if not _BIRTHDAY.fullmatch(number):
        return False
    century = 1900 if number[6] in "1256" else 2000
    try:
        born = date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return born <= date.today()  # noqa: DTZ011 - a day more or less does not matter


def _is_card(number: str) -> bool:
    if not (begins := _CARDS.get(len(number))) or not begins.match(number):
        return False
    return (sum(map(int, number[-1::-2])) + sum(_DOUBLED[int(one)] for one in number[-2::-2])) % 10 == 0
