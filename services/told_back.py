"""What a PG says back of the person whom it was told of: hidden, because its words are kept and shown."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from services.errors import Refused

_PHONE = re.compile("01[0-9]{8,9}")
_GROUPED = r"[\s().‐-―-]{0,2}"
_NUMBERS = ("tel", "phone", "identifier")
"""How fields end that hold a number, which may come back in other groups of digits."""
_SHORTEST = 2
"""Characters of what is hidden: a single one would be found anywhere."""


@contextmanager
def untold(person: Mapping[str, str]) -> Iterator[None]:
    """Inside, a refusal comes without whom it tells back."""
    try:
        yield
    except Refused as error:
        raise error.saying(without_person(error.refusal.message, person)) from None


def without_person(words: str | None, person: Mapping[str, str]) -> str | None:
    """A PG's words, which are kept and shown, without whom it told back."""
    for name, value in person.items():
        if words and name.endswith(_NUMBERS):
            words = without_number(words, re.sub("[^0-9]", "", value))
        plain = "".join(value.split())
        if words and len(plain) >= _SHORTEST:
            # However it is spaced: a PG may write a name or an address in its own way.
            words = re.sub(r"\s*".join(map(re.escape, plain)), "*" * len(value), words)
    return words


def without_number(text: str | None, number: str) -> str | None:
    """What a gateway said, the number hidden in it however it is grouped; a phone's without its beginning too."""
    if not text or not number:
        return text
    begins, rest = (number[:3], number[3:]) if _PHONE.fullmatch(number) else ("", number)
    found = _GROUPED.join(rest)
    if begins:
        found = rf"(?:(?:\+?82{_GROUPED})?0?{_GROUPED}{_GROUPED.join(begins[1:])}{_GROUPED})?{found}"
    return re.sub(found, "*" * len(number), text)
