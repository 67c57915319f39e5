"""Three-character pieces of what a payment can be found by, and of what a person types.

A trigram index finds nothing for one or two syllables, which is what a Korean name is searched by; so each such
syllable and pair of syllables is written into the text once more, padded to three characters.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from services.errors import InvalidFilter

_PAD = "\x1f"
_FIELDS = ("imp_uid", "merchant_uid", "apply_num", "buyer_name", "buyer_tel", "buyer_email", "name")
_KEY_FIELDS = ("customer_uid", "buyer_name", "buyer_tel", "buyer_email")
_SCHEDULE_FIELDS = ("merchant_uid", "customer_uid", "imp_uid", "buyer_name", "buyer_tel", "buyer_email", "name")
_SYLLABIC = ("buyer_name", "name")
_LAST_FOUR = 4
_SYLLABLES = re.compile("[\u3040-\u9fff\uac00-\ud7a3]+")


def gram_text(values: Mapping[str, Any], reasons: Iterable[str | None]) -> str:
    """All that a payment is found by, lower-cased, as the index takes it."""
    parts = [values[field] for field in _FIELDS if values[field]]
    if tel := values["buyer_tel"]:
        parts.append(digits(tel))
    if card := values["card_number"]:
        parts.append(card[-_LAST_FOUR:])
    parts.append(str(values["amount"]))
    spoken = [values[field] for field in _SYLLABIC if values[field]]
    for reason in dict.fromkeys([values["cancel_reason"], *reasons]):
        if reason:
            parts.append(reason)
            spoken.append(reason)
    parts.extend(_padded(text) for text in spoken)
    return "\n".join(parts).lower()


def key_gram_text(values: Mapping[str, Any]) -> str:
    """All that a billing key (columns of KeySummary) is found by, in the same way."""
    parts = [values[field] for field in _KEY_FIELDS if values[field]]
    if tel := values["buyer_tel"]:
        parts.append(digits(tel))
    if card := values["card_number"]:
        parts.append(card[-_LAST_FOUR:])
    if name := values["buyer_name"]:
        parts.append(_padded(name))
    return "\n".join(parts).lower()


def schedule_gram_text(values: Mapping[str, Any]) -> str:
    """All that a schedule is found by, in the same way."""
    parts = [values[field] for field in _SCHEDULE_FIELDS if values[field]]
    if tel := values["buyer_tel"]:
        parts.append(digits(tel))
    parts.append(str(values["amount"]))
    parts.extend(_padded(values[field]) for field in _SYLLABIC if values[field])
    return "\n".join(parts).lower()


def query_grams(text: str) -> list[str]:
    """The pieces that every match has. Raises InvalidFilter where the text is too short to be looked up."""
    needle = text.lower()
    if len(needle) >= 3:
        return list(dict.fromkeys(needle[at : at + 3] for at in range(len(needle) - 2)))
    if needle and all(map(is_syllabic, needle)):
        return [needle.ljust(3, _PAD)]
    raise InvalidFilter("Type at least three characters, or one Korean syllable.", field="text")


def pieces(text: str) -> list[str]:
    """Every three-character piece of a gram text: what PostgreSQL's array index holds."""
    return list({text[at : at + 3] for at in range(len(text) - 2)})


def digits(text: str) -> str:
    """The digits of a text: 010-1234-5678 as 01012345678."""
    plain = text.replace("-", "")
    return plain if plain.isdigit() else "".join(filter(str.isdigit, plain))


def is_syllabic(char: str) -> bool:
    """Whether one character is a syllable or a word by itself: Hangul, kana or Han."""
    return "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"


@lru_cache(maxsize=16_384)
def _padded(text: str) -> str:
    # Names, products and reasons come again and again.
    found: dict[str, None] = {}
    for run in () if text.isascii() else _SYLLABLES.findall(text):
        for at, char in enumerate(run):
            found[char + _PAD * 2] = None
            if at + 1 < len(run):
                found[run[at : at + 2] + _PAD] = None
    return "".join(found)
