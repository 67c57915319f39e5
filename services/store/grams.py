"""Three-character pieces of what a payment can be found by, and of what a person types.

A trigram index finds nothing for one or two syllables, which is what a Korean name is searched by; so each such
syllable and pair of syllables is written into the text once more, padded to three characters.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from services.errors import InvalidFilter
from services.store.fold import BUYER_FIELDS, LAST_FOUR, folded, phone_forms

_PAD = "\x1f"
_PART = "\x1e"
"""Between what everybody may search, what only those who see buyers may, and what is no text of its own."""
FIELD_ENDS = ("\n", _PART)
"""What may stand after a field's last sign."""
_MOST = 64
"""Pieces that are looked up: of a longer text the whole is compared with what has these."""
_FIELDS = ("imp_uid", "merchant_uid", "apply_num", "name")
_KEY_FIELDS = ("customer_uid",)
_SCHEDULE_FIELDS = ("merchant_uid", "customer_uid", "imp_uid", "name")
_SYLLABIC = ("buyer_name", "name")
_SYLLABLES = re.compile("[\u1100-\u11ff\u3040-\u9fff\uac00-\ud7a3]+")


def gram_text(values: Mapping[str, Any], reasons: Iterable[str | None]) -> str:
    """All that a payment is found by, folded, as the index takes it: three parts, see parts_of."""
    told = [reason for reason in dict.fromkeys([values["cancel_reason"], *reasons]) if reason]
    spoken = [*_named(values, _SYLLABIC), *told]
    return _joined(values, [*_named(values, _FIELDS), *told], spoken, [str(values["amount"]), *_card(values)])


def key_gram_text(values: Mapping[str, Any]) -> str:
    """All that a billing key (columns of KeySummary) is found by, in the same way."""
    return _joined(values, _named(values, _KEY_FIELDS), _named(values, ("buyer_name",)), _card(values))


def schedule_gram_text(values: Mapping[str, Any]) -> str:
    """All that a schedule is found by, in the same way."""
    return _joined(values, _named(values, _SCHEDULE_FIELDS), _named(values, _SYLLABIC), [str(values["amount"])])


def parts_of(text: str) -> tuple[str, str]:
    """What of a gram text everybody may search, and what those may who see buyers."""
    everybody, buyers, _rest = text.split(_PART)
    return everybody, buyers


def _joined(values: Mapping[str, Any], everybody: list[str], spoken: list[str], rest: list[str]) -> str:
    buyers = _named(values, BUYER_FIELDS)
    if tel := values["buyer_tel"]:
        buyers += phone_forms(tel)
    padded = "\n".join([*rest, *map(_padded, spoken)])
    return _PART.join((folded("\n".join(everybody)), folded("\n".join(buyers)), padded))


def _named(values: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return [values[name] for name in names if values[name]]


def _card(values: Mapping[str, Any]) -> list[str]:
    return [card[-LAST_FOUR:]] if (card := values["card_number"]) else []


def query_grams(text: str) -> list[str]:
    """Pieces that every match has. Raises InvalidFilter where the text is too short to be looked up."""
    needle = folded(text)
    if len(needle) >= 3:
        return list(dict.fromkeys(needle[at : at + 3] for at in range(len(needle) - 2)))[:_MOST]
    if needle and all(map(is_syllabic, needle)):
        return [needle.ljust(3, _PAD)]
    raise InvalidFilter("Type at least three characters, or one Korean syllable.", field="text")


def pieces(text: str) -> list[str]:
    """Every three-character piece of a gram text: what PostgreSQL's array index holds."""
    return list({text[at : at + 3] for at in range(len(text) - 2)})


def is_syllabic(char: str) -> bool:
    """Whether one character is a syllable or a word by itself: Hangul, its letters, kana or Han."""
    return "\u1100" <= char <= "\u11ff" or "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"


@lru_cache(maxsize=16_384)
def _padded(text: str) -> str:
    # Names, products and reasons come again and again.
    found: dict[str, None] = {}
    for run in () if text.isascii() else _SYLLABLES.findall(folded(text)):
        for at, char in enumerate(run):
            found[char + _PAD * 2] = None
            if at + 1 < len(run):
                found[run[at : at + 2] + _PAD] = None
    return "".join(found)
