"""Whose verification is asked for, as it was typed: checked, and kept nowhere."""

import re
from collections.abc import Mapping
from datetime import date

from services.amounts import half_width
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.typed_text import checked, typed

CARRIERS = ("SKT", "KT", "LGT")
FIELDS = ("name", "phone", "birth", "gender_digit", "carrier", "is_mvno")
_PHONE = re.compile("01[0-9]{8,9}")
_BIRTH = re.compile("[0-9]{6}")
_DIGIT = re.compile("[1-8]")
_CENTURIES = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000}
_BETWEEN = re.compile(r"[\s.·‐-―-]")


def checked_person(filled: Mapping[str, str]) -> dict[str, str]:
    """FIELDS, as they are sent. Raises InvalidRequest, naming each field to mend and repeating none."""
    mistakes = Mistakes()
    digit = half_width(filled.get("gender_digit", "")).strip()
    found = {
        "name": mistakes.read(lambda: _name(filled.get("name", "")), ""),
        "phone": mistakes.read(lambda: _phone(_digits(filled.get("phone", ""))), ""),
        "gender_digit": digit,
        "carrier": filled.get("carrier", ""),
        "is_mvno": filled.get("is_mvno") or "false",
    }
    if not _DIGIT.fullmatch(digit):
        mistakes.add(InvalidRequest("One digit, 1 to 8: the seventh of the resident number.", field="gender_digit"))
    found["birth"] = mistakes.read(lambda: _birth(_digits(filled.get("birth", "")), digit), "")
    if found["carrier"] not in CARRIERS:
        mistakes.add(InvalidRequest("Choose the carrier.", field="carrier"))
    mistakes.require_none()
    return found


def checked_otp(text: str, *, by_app: bool) -> str:
    """The one-time number; none where the person confirms in an app. Raises InvalidRequest."""
    otp = _digits(text)
    if by_app and not otp:
        return ""
    if not _BIRTH.fullmatch(otp):
        raise InvalidRequest("The number has six digits.", field="otp")
    return otp


def _digits(text: str) -> str:
    return _BETWEEN.sub("", half_width(text).strip())


def _name(text: str) -> str:
    if not typed(text):
        raise InvalidRequest("Type the name as the carrier knows it.", field="name")
    return checked(text, "name", most=40)


def _phone(number: str) -> str:
    if not _PHONE.fullmatch(number):
        raise InvalidRequest("A mobile phone number begins with 01 and has 10 or 11 digits.", field="phone")
    return number


def _birth(number: str, digit: str) -> str:
    if not _BIRTH.fullmatch(number):
        raise InvalidRequest("The birthday in six digits, YYMMDD.", field="birth")
    try:
        date(_CENTURIES.get(digit, 2000) + int(number[:2]), int(number[2:4]), int(number[4:]))
    except ValueError:
        raise InvalidRequest("There is no such day.", field="birth") from None
    return number
