"""Phones, mail addresses and long numbers in text of others, hidden from whoever may not see buyers.

The patterns are read by Python and by PostgreSQL alike: a screen and a file hide the same.
"""

import re
from collections.abc import Collection
from functools import partial

_APART = "[ .)‐-―-]"
_OUTSIDE = "(?<![A-Za-z0-9_])(?<![A-Za-z0-9_]-)"
"""What begins inside of a word, or behind its hyphen, is a part of an id."""
_MOBILE = f"(1[016-9]){_APART}{{0,2}}[0-9]{{3,4}}{_APART}{{0,2}}([0-9]{{4}})(?![A-Za-z0-9_])"
_AREA = "(02|0[3-6][1-5]|070|050[0-9])"
_LONG = "[0-9](?:-?[0-9]){9,}"
PATTERNS = (
    (
        "(?<![A-Za-z0-9._+-])([A-Za-z0-9._+-]{1,2})[A-Za-z0-9._+-]*[@＠][A-Za-z0-9가-힣-]+(?:[.][A-Za-z0-9가-힣-]+)+",
        r"\1***@…",
    ),
    (rf"{_OUTSIDE}(?:[+]?82{_APART}{{0,2}}[(]?0?|[(]?0){_MOBILE}", r"0\1-****-\2"),
    (rf"{_OUTSIDE}[(]?{_AREA}{_APART}{{1,2}}[0-9]{{3,4}}{_APART}{{1,2}}([0-9]{{4}})(?![A-Za-z0-9_])", r"\1-****-\2"),
    # A number that is all there is to a text is an id: its own column or line says of what.
    (rf"{_OUTSIDE}(?<=[^A-Za-z0-9_]){_LONG}(?![A-Za-z0-9_-])|{_OUTSIDE}{_LONG}(?=[^A-Za-z0-9_-])", "***"),
)
"""What is hidden and what is written instead: mail, mobile phone, other phone, any number of ten digits or more."""
_COMPILED = [(re.compile(pattern), instead) for pattern, instead in PATTERNS]
_MAY_HOLD = re.compile("[0-9@＠]")


def hide_persons(text: str, known: Collection[str] = ()) -> str:
    """`010-****-5678`, `ho***@…` and `***` for what may lead to somebody; addresses in `known` (lower case) stay."""
    if not _MAY_HOLD.search(text):
        return text
    for pattern, instead in _COMPILED:
        text = pattern.sub(partial(_instead, instead, known), text)
    return text


def _instead(template: str, known: Collection[str], found: re.Match[str]) -> str:
    return found[0] if found[0].lower() in known else found.expand(template)
