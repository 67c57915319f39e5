"""Text that people type: what no database takes is refused, and so are numbers that must not be kept."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from services.errors import InvalidRequest
from services.forbidden_numbers import Number, find_forbidden
from services.plain_text import UNSEEN, is_typeable

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_AROUND = rf"[\s{UNSEEN}]+"
_EDGES = re.compile(rf"^{_AROUND}|{_AROUND}$")
_ACCOUNTS = {"refund_account": 15, "invoice": 15, "carrier_tracking_id": 15, "vbank_num": 15}
"""Numbers of accounts and parcels have up to fourteen digits and may look like a card's; a longer one is a card's."""


def typed(text: str) -> str:
    """What a person typed, as it is kept and sent: composed (NFC), without spaces and unseen signs around it.

    A Mac's terminal and file names write syllables in letters: they are the same words.
    """
    return normalize("NFC", _EDGES.sub("", text))


def checked(text: str, field: str, *, most: int) -> str:
    """What was typed into a field, of at most so many characters. Raises InvalidRequest."""
    plain = typed(text)
    if len(plain) > most:
        raise InvalidRequest("At most {n} characters.", field=field, n=most)
    require_typed(plain, field)
    return plain


def is_storable(text: str) -> bool:
    """Whether every database takes it: no NUL and no half of a sign, which no keyboard types either."""
    return not _UNSTORABLE.search(text)


def require_typed(text: str, field: str) -> None:
    """Raises InvalidRequest, naming the field, for text that cannot be kept or must not be."""
    if not is_typeable(text):
        raise InvalidRequest("There is a sign in it that nobody can type: take it out.", field=field)
    require_no_number(text, field)


def require_no_number(text: str, field: str) -> None:
    """Raises InvalidRequest, naming the field, for a card or resident number."""
    match found := find_forbidden(text, shortest=_ACCOUNTS.get(field, 0)):
        case None:
            return
        case _ if found.kind == Number.CARD:
            raise InvalidRequest("This looks like a card number, which must not be kept: take it out.", field=field)
    raise InvalidRequest("This looks like a resident registration number, which must not be kept: take it out.",
                         field=field)  # fmt: skip


def require_all_typed(values: Mapping[str, Any]) -> None:
    """Checks every text of a request by its name, in lists too, as require_typed does; the gateway's ids are left."""
    for name, value in values.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, Mapping):
                require_all_typed(one)
            elif isinstance(one, str) and not name.endswith("_uid"):
                require_typed(one, name)
