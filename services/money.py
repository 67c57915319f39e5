"""Money: an int in the currency's smallest unit; V1 writes major units as a JSON number."""

from decimal import Decimal

NO_MINOR_UNIT = frozenset({"KRW", "JPY", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF"})


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
