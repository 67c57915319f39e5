"""Cursors: a page's address comes back from a browser, so it may be anything."""

from services.errors import InvalidFilter

_DIGITS = 19  # below 2 ** 63


def numbers(field: str, *parts: str) -> tuple[int, ...]:
    """The parts as numbers that a column holds. Raises InvalidFilter."""
    if not all(part.isascii() and part.isdecimal() and len(part) < _DIGITS for part in parts):
        raise _none_of_ours(field)
    return tuple(int(part) for part in parts)


def whole(field: str, part: str) -> int:
    """The part as a whole number that a column holds, below zero too. Raises InvalidFilter."""
    (value,) = numbers(field, part.removeprefix("-"))
    return -value if part.startswith("-") else value


def time_and_id(cursor: str) -> tuple[int, str]:
    """A cursor like `1764301000.member-1`. Raises InvalidFilter."""
    at, _dot, identifier = cursor.partition(".")
    return whole("cursor", at), word("cursor", identifier)


def word(field: str, text: str) -> str:
    """The text of an id, which every database takes. Raises InvalidFilter."""
    if not text or not text.isprintable():
        raise _none_of_ours(field)
    return text


def _none_of_ours(field: str) -> InvalidFilter:
    return InvalidFilter("This page's address is not one of ours.", field=field)
