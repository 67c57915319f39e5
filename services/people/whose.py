"""What of a text may stand in the access log for years: ids as systems make them, never what may be a person's."""

import re

from services.forbidden_numbers import find_forbidden, hide_forbidden
from services.people.sought import Sought, kind_of
from services.personal import hide_persons

NOT_KEPT = "?"
"""Instead of what has no id's shape, or holds a phone or a number that nobody may keep: there was one."""
_LONGEST_PERSON = 320
_SHAPE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}")
_PHONE = re.compile(r"(?<![0-9])(?:82)?0?1[016-9][_.:-]?[0-9]{3,4}[_.:-]?[0-9]{4}(?![0-9])")


def kept_id(text: str) -> str:
    """An id as it is, NOT_KEPT for any other text; nothing stays nothing."""
    if not text:
        return ""
    is_id = _SHAPE.fullmatch(text) and not _PHONE.search(text) and kind_of(text) != Sought.PHONE
    return text if is_id and not find_forbidden(text) else NOT_KEPT


def kept_person(name: str) -> str:
    """Who did it, and from where: an address or a user of the machine, with no number of somebody else in it."""
    plain = name.isprintable() and not find_forbidden(name)
    return name if plain and len(name) <= _LONGEST_PERSON else NOT_KEPT


def kept_words(text: str) -> str:
    """Words of a person's own, with phones, mail addresses and such numbers hidden."""
    return hide_persons(hide_forbidden(text))
