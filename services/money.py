"""Money: an int in the currency's smallest unit; V1 writes major units as a JSON number."""

import re
from decimal import Decimal

_PLACES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
"""ISO 4217, and not Babel: CLDR says how a currency is shown, and drops the decimals of some that are paid with two."""
PLACES = {currency: places for places, currencies in _PLACES.items() for currency in currencies.split()}
"""Decimal places of every currency that has other than two."""
_CODE = re.compile(r"[A-Za-z]{3}")
_NEAR = Decimal("1e-6")


def exponent(currency: str) -> int:
    """How many decimal places a currency has: 0 for KRW, 2 for USD, 3 for KWD."""
    return PLACES.get(currency.upper(), 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """V1's amount in the smallest unit. Raises ValueError where it is none of that currency, or none is named.

    What PHP writes of a float is the number it stands for: 19.989999999999998 dollars are 1999 cents.
    """
    if not _CODE.fullmatch(currency):
        raise ValueError("no currency")
    scaled = amount.scaleb(exponent(currency))
    whole = scaled.to_integral_value()
    if abs(scaled - whole) > _NEAR:
        raise ValueError(f"{amount} has more decimal places than {currency}")
    return int(whole)


def to_major(amount: int, currency: str) -> Decimal:
    """An amount in the smallest unit as V1 writes it: 1050 USD cents are 10.50."""
    return Decimal(amount).scaleb(-exponent(currency))
