"""Money: an int in the currency's smallest unit; V1 writes major units as a JSON number."""

import re
from decimal import Decimal

NO_MINOR_UNIT = frozenset({"KRW", "JPY", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF"})
_TYPED = re.compile(r"-?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,4})?")


def exponent(currency: str) -> int:
    """How many decimal places a currency has (ISO 4217): 0 for KRW, 2 for USD."""
    return 0 if currency.upper() in NO_MINOR_UNIT else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """V1's amount in the smallest unit. Raises ValueError where it has more places than the currency."""
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more decimal places than {currency}")
    return int(scaled)


def to_major(amount: int, currency: str) -> Decimal:
    """An amount in the smallest unit as V1 writes it: 1050 USD cents are 10.50."""
    return Decimal(amount).scaleb(-exponent(currency))


def typed(text: str) -> Decimal:
    """An amount as a person types it, in major units: `12000`, `12,000원`, `10.50`. Raises ValueError for all else."""
    plain = text.strip().removesuffix("원")
    # A comma stands between thousands only: `10,50` is no ten dollars fifty, and no 1,050 either.
    if not _TYPED.fullmatch(plain):
        raise ValueError(text)
    return Decimal(plain.replace(",", ""))


def read_amount(text: str, currency: str) -> int | None:
    """What a person typed in the smallest unit, None for nothing. Raises ValueError."""
    return to_minor(typed(text), currency) if text.strip() else None
