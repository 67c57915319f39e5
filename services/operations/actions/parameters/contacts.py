"""How a buyer is reached, as a person types it: a telephone number, an e-mail address."""

import re

from services.errors import InvalidRequest

_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def require_contact(name: str, text: str) -> None:
    """Raises InvalidRequest where the text of a field of a buyer's cannot be what its name says."""
    if name == "buyer_tel" and not _PHONE.fullmatch(text):
        raise InvalidRequest("A phone number, like 010-1234-5678.", field=name)
    if name == "buyer_email" and not _EMAIL.fullmatch(text):
        raise InvalidRequest("An e-mail address, in the form name@domain.", field=name)
