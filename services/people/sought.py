"""What kind of word somebody looks for, which is all that is kept of it."""

import re
from enum import StrEnum

from services.store.fold import is_number, phone_digits

_SHORTEST_PHONE = 9
_ID = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_-]{6,}")


class Sought(StrEnum):
    """By what buyers are looked for."""

    MAIL = "mail"
    PHONE = "phone"
    NUMBER = "number"
    """An amount, or the end of a phone, a card or an order number."""
    ID = "id"
    WORDS = "words"
    """A name, or of what was bought."""


def kind_of(text: str) -> Sought:
    """The kind of a text as it is typed into a search box."""
    if "@" in text or "＠" in text:
        return Sought.MAIL
    if is_number(text):
        number = phone_digits(text)
        return Sought.PHONE if number.startswith("0") and len(number) >= _SHORTEST_PHONE else Sought.NUMBER
    return Sought.ID if _ID.fullmatch(text) else Sought.WORDS
