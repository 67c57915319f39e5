"""A card as somebody reads it out: checked, held until it is sent, and known by its last four digits afterwards."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.amounts import half_width
from services.clock import seoul
from services.errors import InvalidRequest
from services.forbidden_numbers import Number, find_forbidden
from services.mistakes import Mistakes
from services.receipts.identifiers import IdentifierKind, checked_identifier

FIELDS = ("card_number", "expiry", "birth", "pwd_2digit", "cvc")
_BETWEEN = re.compile(r"[\s‐‑‒–—−ー－.-]")
_NUMBER = re.compile("[0-9]{14,16}")
_PRINTED = re.compile("(0[1-9]|1[0-2])/?([0-9]{2})")
_WHOLE = re.compile("(20[0-9]{2})[-./]?(0[1-9]|1[0-2])")
_DIGITS = {"pwd_2digit": re.compile("[0-9]{2}"), "cvc": re.compile("[0-9]{3,4}")}
_BIRTHDAY = 6


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """What is sent of a card, by V1's names. It has no repr: that would end up in logs."""

    fields: Mapping[str, str]

    @property
    def end(self) -> str:
        """The last four digits: all that may be kept."""
        return self.fields["card_number"][-4:]

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must not come back in words, the number first."""
        return tuple(self.fields.values())


def checked_card(typed: Mapping[str, str], wants: Collection[str], now: float) -> Card:
    """A card by what was typed into its fields. Raises InvalidRequest, which repeats nothing of it."""
    mistakes = Mistakes()
    reads: dict[str, Callable[[str], str]] = {
        "card_number": _number,
        "expiry": partial(_expiry, now=now),
        "birth": _birth,
    }
    found = {}
    for name in FIELDS:
        text = half_width(typed.get(name) or "").strip()
        if not text and name not in ("card_number", "expiry", *wants):
            continue
        found[name] = mistakes.read(partial(reads.get(name, partial(_plain, name)), text), "")
    mistakes.require_none()
    return Card(found)


def _number(text: str) -> str:
    digits = _BETWEEN.sub("", text)
    found = find_forbidden(digits)
    if not _NUMBER.fullmatch(digits) or found is None or found.kind != Number.CARD:
        raise InvalidRequest("This is no card's number: look at it again.", field="card_number")
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _expiry(text: str, *, now: float) -> str:
    """As it is printed, 12/30, or as V1 has it, 2030-12."""
    plain = _BETWEEN.sub("", text)
    if printed := _PRINTED.fullmatch(plain):
        found = f"20{printed[2]}-{printed[1]}"
    elif whole := _WHOLE.fullmatch(text):
        found = f"{whole[1]}-{whole[2]}"
    else:
        raise InvalidRequest("The expiry is written as on the card: 12/30.", field="expiry")
    if found < f"{seoul(now):%Y-%m}":
        raise InvalidRequest("The card has expired.", field="expiry")
    return found


def _birth(text: str) -> str:
    """YYMMDD; of a company's card its business number."""
    digits = _BETWEEN.sub("", text)
    try:
        if len(digits) != _BIRTHDAY:
            return checked_identifier(IdentifierKind.BUSINESS, digits, residents=False)
        if digits.strip("0"):
            datetime.strptime(f"20{digits}", "%Y%m%d")  # noqa: DTZ007 - a birthday has no zone
    except (InvalidRequest, ValueError):
        raise InvalidRequest(
            "The birthday as YYMMDD, or the business number of a company's card.", field="birth"
        ) from None
    return digits


def _plain(name: str, text: str) -> str:
    if _DIGITS[name].fullmatch(text):
        return text
    if name == "cvc":
        raise InvalidRequest("Three digits on the back, four in front of an Amex.", field=name)
    raise InvalidRequest("The first two digits of the card's password.", field=name)
