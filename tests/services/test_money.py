"""Money there and back: what V1 writes of an amount is that amount again, in every currency that anybody knows."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from services.money import exponent, to_major, to_minor

CURRENCIES = sorted(list_currencies())


@given(currency=st.sampled_from(CURRENCIES), amount=st.integers(-(10**15), 10**15))
def test_an_amount_goes_to_v1_and_comes_back_as_it_was(currency: str, amount: int) -> None:
    assert to_minor(to_major(amount, currency), currency) == amount
    assert to_minor(Decimal(str(to_major(amount, currency))), currency) == amount


@pytest.mark.parametrize(
    ("currency", "written", "amount"),
    [
        ("KRW", "1234", 1_234),
        ("JPY", "500", 500),
        ("USD", "10.50", 1_050),
        ("KWD", "1.234", 1_234),
        ("RSD", "9.99", 999),
    ],
)
def test_an_amount_is_counted_in_the_smallest_unit_that_is_paid(currency: str, written: str, amount: int) -> None:
    assert to_minor(Decimal(written), currency) == amount
    assert to_major(amount, currency) == Decimal(written)


def test_no_currency_has_fewer_decimals_here_than_it_is_shown_with() -> None:
    assert [code for code in CURRENCIES if exponent(code) < get_currency_precision(code)] == []
