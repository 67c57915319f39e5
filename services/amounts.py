"""Amounts as people type and paste them: one grammar for screens, commands, filters and files; nothing is guessed."""

import re
from decimal import Decimal

from services.errors import InvalidRequest
from services.money import exponent, to_minor

_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ENDS = "\t\r\n"
"""What a copied cell ends with; between two numbers it parts two cells."""
_UNSEEN = "\u200b\u200e\u200f\u2060\ufeff"
"""Signs without a width, which come along at the ends of what is copied from a page or a chat."""
_WIDE = str.maketrans("０１２３４５６７８９，．￦￥＄￡￠", "0123456789,.₩¥$£¢")
# A Korean keyboard's key for ₩ writes a backslash.
_MARKS: dict[str, tuple[str, ...]] = {
    "KRW": ("₩", "\\", "원", "WON"),
    "USD": ("$", "US$"),
    "JPY": ("¥", "円", "엔"),
    "CNY": ("¥", "元"),
    "EUR": ("€",),
    "GBP": ("£",),
}
_MARK = r"[^\d\s.,'’+\-−]{0,4}"
_WRITTEN = re.compile(rf"(?P<before>{_MARK}) ?(?P<number>[0-9].*?) ?(?P<after>{_MARK})", re.DOTALL)
# Fifteen digits hold all the money of a country; a zero in front is that of a phone number.
_WHOLE = r"(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}|[1-9][0-9]{0,2}(?: [0-9]{3}){1,4})"
_NUMBER = re.compile(rf"(?P<whole>{_WHOLE})(?:\.(?P<part>[0-9]+))?")
_MINUS = re.compile(rf"{_MARK} ?[-−] ?[0-9]")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:[.,'’ ][0-9]{3})+")
_FIGURES = re.compile(r"[0-9][0-9.,'’ ]*")
_CENTS = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+(?=,))[.,]0{1,2}")


def read_amount(text: str, currency: str, field: str = "amount") -> int | None:
    """What a person typed in the smallest unit, None for nothing. Raises InvalidRequest, which says what is meant."""
    plain = half_width(text)
    if not plain:
        return None
    written = _WRITTEN.fullmatch(plain)
    if written is None and _MINUS.match(plain):
        raise InvalidRequest("The amount must be above 0.", field=field)
    if written is None:
        raise _no_amount(field)
    _check_marks((written["before"], written["after"]), currency, field)
    number = _NUMBER.fullmatch(written["number"])
    places = exponent(currency)
    if number is None or len(number["part"] or "") > places or _is_thousandths(number, places):
        raise _meant(written["number"], currency, field)
    whole = number["whole"].replace(",", "").replace(" ", "")
    try:
        return to_minor(Decimal(f"{whole}.{number['part'] or '0'}"), currency)
    except ValueError:
        raise _no_amount(field) from None


def _no_amount(field: str) -> InvalidRequest:
    return InvalidRequest("This is not an amount: type it like 12,000.", field=field)


def half_width(text: str) -> str:
    """Figures as they were typed in half width, with plain spaces; what cannot be seen at the ends is taken away."""
    half = text.translate(_WIDE).strip(_SPACES + _ENDS + _UNSEEN)
    return "".join(" " if sign in _SPACES else sign for sign in half)


def _check_marks(marks: tuple[str, str], currency: str, field: str) -> None:
    own = (currency, *_MARKS.get(currency, ()))
    for mark in marks:
        if mark and mark.upper() not in own:
            raise _foreign(mark.upper(), currency, field)


def _foreign(mark: str, currency: str, field: str) -> InvalidRequest:
    known = {sign for signs in _MARKS.values() for sign in signs} | set(_MARKS)
    if mark in known or re.fullmatch(r"[A-Z]{3}", mark):
        return InvalidRequest("{mark} is the sign of another currency: this is in {currency}.", field=field,
                              mark=mark, currency=currency)  # fmt: skip
    return _no_amount(field)


def _is_thousandths(number: re.Match[str], places: int) -> bool:
    """Whether a comma may be a decimal one: where a currency has three places, `1,234` is two amounts."""
    return places == 3 and "," in number["whole"] and number["part"] is None


def _meant(number: str, currency: str, field: str) -> InvalidRequest:
    """Why a number is none, with the amount that is likely meant: the person types it, it is never taken."""
    places = exponent(currency)
    if places == 0 and "." in number and _FIGURES.fullmatch(number):
        return _whole_only(number, currency, field)
    if part := re.fullmatch(r"([0-9]{1,12}),([0-9]{1,2})", number):
        if places:
            return InvalidRequest("Decimals stand after a point: {meant}?", field=field, meant=f"{part[1]}.{part[2]}")
        return InvalidRequest("A comma stands before three digits, as in 12,000.", field=field)
    if places and re.fullmatch(r"[0-9,]+\.[0-9]+", number):
        return InvalidRequest("{currency} has {n} decimals at most.", field=field, currency=currency, n=places)
    return _no_amount(field)


def _whole_only(number: str, currency: str, field: str) -> InvalidRequest:
    digits = number
    if cents := _CENTS.fullmatch(number):
        digits = cents[1]
    elif not _GROUPS.fullmatch(number):
        if currency == "KRW":
            return InvalidRequest("Won have no decimals.", field=field)
        return InvalidRequest("{currency} has no decimals.", field=field, currency=currency)
    meant = f"{int(re.sub('[^0-9]', '', digits)):,}"
    if currency == "KRW":
        return InvalidRequest("Won have no decimals: {meant}?", field=field, meant=meant)
    return InvalidRequest("{currency} has no decimals: {meant}?", field=field, currency=currency, meant=meant)
