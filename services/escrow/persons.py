"""Sender and receiver: flat as they are filled in, nested as V1 takes them."""

import re
from collections.abc import Mapping
from typing import Any

from services.receipts.identifiers import without_number

LINES = ("address_line_1", "address_line_2")
_OF_BUYER = {
    "name": "buyer_name",
    "tel": "buyer_tel",
    "postcode": "buyer_postcode",
    "addr": "buyer_addr",
    "address_line_1": "buyer_addr",
}
_SHORTEST = 2
"""Characters of what is hidden in a PG's words: a single one would be found anywhere."""


def of_buyer(payment: Mapping[str, Any], wanted: tuple[str, ...]) -> dict[str, str]:
    """What a payment says of its buyer, as far as a PG wants it."""
    found = {name: payment.get(_OF_BUYER[name]) for name in wanted if name in _OF_BUYER}
    return {name: str(value).strip() for name, value in found.items() if value and str(value).strip()}


def nested(person: Mapping[str, str]) -> dict[str, Any]:
    """As V1 takes it."""
    lines = {name: person[name] for name in LINES if name in person}
    plain = {name: value for name, value in person.items() if name not in LINES}
    return plain | ({"formed_address": lines} if lines else {})


def without_person(words: str | None, person: Mapping[str, str]) -> str | None:
    """A PG's words, which are kept and shown, without whom it told back."""
    for name, value in person.items():
        if words and name.endswith(("tel", "phone")):
            words = without_number(words, re.sub("[^0-9]", "", value))
        if words and len(value) >= _SHORTEST:
            # However it is spaced: a PG may write a name or an address in its own way.
            words = re.sub(r"\s*".join(map(re.escape, "".join(value.split()))), "*" * len(value), words)
    return words
