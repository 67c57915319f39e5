"""The number that a cash receipt goes to: checked by its kind, shown by its end."""

import re
from enum import StrEnum

from services.amounts import half_width
from services.errors import InvalidRequest
from services.tables.receipts import ReceiptType

_FIELD = "identifier"
_BETWEEN = re.compile("[ ‐‑‒–—−ー－.-]")
_PHONE = re.compile("01[0-9]{8,9}")
_TAX_CARD = re.compile("[0-9]{13,19}")
_RESIDENT = re.compile("[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[1-8][0-9]{6}")
_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_SHOWN = 4


class IdentifierKind(StrEnum):
    """Kinds in V1's words (`identifier_type`)."""

    PHONE = "phone"
    BUSINESS = "business"
    TAX_CARD = "taxcard"
    RESIDENT = "person"


def checked_identifier(kind: str | None, text: str, *, residents: bool) -> str:
    """The digits of a number as it was typed. Raises InvalidRequest, naming the field.

    `residents`: whether the shop has a legal ground to take resident registration numbers.
    """
    number = _BETWEEN.sub("", half_width(text).strip())
    if kind not in set(IdentifierKind):
        raise InvalidRequest("Choose which kind of number it is.", field="identifier_type")
    if kind == IdentifierKind.RESIDENT and not residents:
        raise InvalidRequest(
            "Resident registration numbers are not taken here: ask for a phone number instead.", field="identifier_type"
        )
    if not number:
        raise InvalidRequest("Type the number that the receipt goes to.", field=_FIELD)
    match kind:
        case IdentifierKind.PHONE if not _PHONE.fullmatch(number):
            raise InvalidRequest("A mobile phone number begins with 01 and has 10 or 11 digits.", field=_FIELD)
        case IdentifierKind.BUSINESS if not _is_business(number):
            raise InvalidRequest(
                "This is no business number: it has 10 digits, and the last one follows from the others.", field=_FIELD
            )
        case IdentifierKind.TAX_CARD if not _TAX_CARD.fullmatch(number):
            raise InvalidRequest("A cash receipt card has 13 to 19 digits.", field=_FIELD)
        case IdentifierKind.RESIDENT if not _RESIDENT.fullmatch(number):
            raise InvalidRequest("This is no resident registration number: it has 13 digits.", field=_FIELD)
    return number


def require_fitting(type_: str, kind: str | None, *, meant: bool) -> None:
    """Raises InvalidRequest where a kind of number does not fit what the receipt is for.

    `meant`: that somebody said that a proof of expense goes to a phone.
    """
    if type_ not in set(ReceiptType):
        raise InvalidRequest("Choose what the receipt is for.", field="type")
    if type_ == ReceiptType.PERSON and kind == IdentifierKind.BUSINESS:
        raise InvalidRequest(
            "An income deduction does not go to a business number: choose proof of expense.", field="type"
        )
    if type_ == ReceiptType.COMPANY and kind == IdentifierKind.PHONE and not meant:
        raise InvalidRequest("A proof of expense to a phone number is unusual: say that it is meant.", field="meant")


def end_of(kind: str, number: str) -> str | None:
    """What of a number may be kept to tell two receipts apart: the last four digits, of a resident number none."""
    return None if kind == IdentifierKind.RESIDENT else number[-_SHOWN:]


def masked_number(kind: str, number: str) -> str:
    """A number as it is shown: `*******5678`."""
    end = end_of(kind, number) or ""
    return "*" * (len(number) - len(end)) + end


def holds_number(text: str, number: str) -> bool:
    """Whether a text that is kept has the number in it, however it is grouped."""
    return bool(number) and number in re.sub("[^0-9]", "", half_width(text))


def _is_business(number: str) -> bool:
    if len(number) != len(_BUSINESS_WEIGHTS) + 1 or not (number.isascii() and number.isdecimal()):
        return False
    digits = [int(one) for one in number]
    total = sum(digit * weight for digit, weight in zip(digits, _BUSINESS_WEIGHTS, strict=False))
    total += digits[8] * _BUSINESS_WEIGHTS[8] // 10
    return (10 - total % 10) % 10 == digits[9]
