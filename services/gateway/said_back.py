"""What was sent and must not be kept, hidden wherever an answer says it back."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from services.errors import Refused
from services.gateway.fields import READERS

Answer = TypeVar("Answer")
_BETWEEN = "[^0-9A-Za-z]{0,3}"
_MONTH = re.compile("20([0-9]{2})-([0-9]{2})")
_CODES = frozenset(
    name for kind in ("payment", "billing_key") for name in READERS[kind] if name.endswith(("_code", "_id", "_uid"))
) | {"apply_num", "pg_tid", "card_number", "currency", "receipt_url", "buyer_tel", "buyer_postcode"}
"""Texts of V1's own, in which two or three digits are no password; a card's number is none of them either."""
_exact = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


def hidden(text: str, secrets: Sequence[str]) -> str:
    """A text without them: the first however it is grouped, the others where they stand alone.

    Of the first one six digits in front and four at the end stay, as of every card's number.
    """
    number, *others = secrets
    text = re.sub(_BETWEEN.join(re.sub("[^0-9]", "", number)), _ends_alone, text)
    for secret in others:
        for form in _forms(secret):
            text = re.sub(rf"(?<![0-9]){form}(?![0-9])", "*" * len(secret), text)
    return text


def without(secrets: Sequence[str], read: Callable[[bytes], Answer]) -> Callable[[bytes], Answer]:
    """`read` of an answer in which they are hidden. Raises msgspec.DecodeError where that cannot be looked through."""

    def cleaned(raw: bytes) -> Answer:
        whole = _exact(raw)
        found = _walked(whole, "", secrets)
        return read(raw if found == whole else _encode(found))

    return cleaned


def refusal_without(error: Refused, secrets: Sequence[str]) -> Refused:
    """A refusal whose words say nothing of them."""
    words = error.refusal.message
    return error.saying(words and hidden(words, secrets))


def _ends_alone(found: re.Match[str]) -> str:
    signs = list(found[0])
    for place in [place for place, sign in enumerate(signs) if sign.isdigit()][6:-4]:
        signs[place] = "*"
    return "".join(signs)


def _forms(secret: str) -> list[str]:
    if month := _MONTH.fullmatch(secret):
        year, number = month[1], month[2]
        return [f"20{year}[-./]?{number}", f"{number}[-./]?(?:20)?{year}", f"{year}[-./]?{number}"]
    if len(secret) == 6:
        return [f"(?:19|20)?{_BETWEEN.join((secret[:2], secret[2:4], secret[4:]))}"]
    return [_BETWEEN.join(secret) if len(secret) > 4 else secret]


def _walked(value: Any, name: str, secrets: Sequence[str]) -> Any:
    if isinstance(value, dict):
        return {hidden(key, secrets[:1]): _walked(inner, key, secrets) for key, inner in value.items()}
    if isinstance(value, list):
        return [_walked(inner, name, secrets) for inner in value]
    if isinstance(value, str):
        return hidden(value, secrets[:1] if name in _CODES else secrets)
    if isinstance(value, int) and not isinstance(value, bool) and not _is_known(name):
        told = hidden(str(value), secrets)
        return value if told == str(value) else told
    return value


def _is_known(name: str) -> bool:
    return any(name in READERS[kind] for kind in ("payment", "billing_key")) or name in ("amount", "cancel_amount")
