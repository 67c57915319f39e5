"""Sender and receiver: flat as they are filled in, nested as V1 takes them."""

from collections.abc import Mapping
from typing import Any

LINES = ("address_line_1", "address_line_2")
_OF_BUYER = {
    "name": "buyer_name",
    "tel": "buyer_tel",
    "postcode": "buyer_postcode",
    "addr": "buyer_addr",
    "address_line_1": "buyer_addr",
}


def of_buyer(payment: Mapping[str, Any], wanted: tuple[str, ...]) -> dict[str, str]:
    """What a payment says of its buyer, as far as a PG wants it."""
    found = {name: payment.get(_OF_BUYER[name]) for name in wanted if name in _OF_BUYER}
    return {name: str(value).strip() for name, value in found.items() if value and str(value).strip()}


def nested(person: Mapping[str, str]) -> dict[str, Any]:
    """As V1 takes it."""
    lines = {name: person[name] for name in LINES if name in person}
    plain = {name: value for name, value in person.items() if name not in LINES}
    return plain | ({"formed_address": lines} if lines else {})
