"""How a text is written does not matter: one form of it to be kept and searched, and one of phones."""

import re
import unicodedata

_SPACES = "\t \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_DASHES = (
    "-\u058a\u05be\u1806" + "".join(map(chr, range(0x2010, 0x2016))) + "\u2043\u2212\u2e3a\u301c\ufe58\ufe63\uff0d"
)
_UNSEEN = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x1e"
_DROPPED = re.compile(f"[{re.escape(_SPACES + _DASHES + _UNSEEN)}]+")
_NUMBER_SIGNS = "-+,.() 원₩"
BUYER_FIELDS = ("buyer_name", "buyer_tel", "buyer_email")
"""What only those who see buyers may search by."""
LAST_FOUR = 4
"""Digits of a card by which it is found."""
CARD = "카드"
"""What people leave out of a card company's name."""
_COUNTRY = "82"
_WITH_COUNTRY = 10
"""Digits of the shortest phone with its country in front, +82 2 123 4567; no Korean number begins with 82."""
_BARE_MOBILE = 10
"""Digits of 010-1234-5678 whose first 0 a spreadsheet took away."""


def folded(text: str) -> str:
    """A text without what people leave to chance: NFD or NFC, full width, case, spaces, dashes, invisible marks."""
    if text.isascii():
        return text.replace(" ", "").replace("-", "").replace("\t", "").replace("\x1e", "").lower()
    return unicodedata.normalize("NFKC", _DROPPED.sub("", text)).casefold()


def digits(text: str) -> str:
    """The digits of a text: 010-1234-5678 as 01012345678, full-width ones too."""
    plain = text.replace("-", "")
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain)
    return plain if plain.isdecimal() else "".join(filter(str.isdecimal, plain))


def phone_digits(text: str) -> str:
    """A phone as it is dialled in Korea: +82 10-1234-5678, 0082 10 …, 82-10-… and 010.1234.5678 are 01012345678."""
    number = digits(text)
    plain = number.removeprefix("00")
    abroad = len(plain) < len(number) or text.lstrip(" (\u3000").startswith(("+", "\uff0b"))
    if plain.startswith(_COUNTRY) and (abroad or len(plain) >= _WITH_COUNTRY):
        return "0" + plain[len(_COUNTRY) :].lstrip("0")
    return "0" + number if len(number) == _BARE_MOBILE and number.startswith("10") else number


def is_number(text: str) -> bool:
    """Whether a text is a number as people write it: an amount, a phone, the end of a card."""
    plain = unicodedata.normalize("NFKC", _DROPPED.sub("", text))
    return bool(digits(plain)) and all(char.isdecimal() or char in _NUMBER_SIGNS for char in plain)


def phone_forms(tel: str) -> list[str]:
    """What a phone is found by: as it is dialled, and all of its digits."""
    return list(dict.fromkeys((phone_digits(tel), digits(tel))))
