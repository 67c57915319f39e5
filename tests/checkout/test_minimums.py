"""The smallest payment of each PG: below it nothing is sent, and the buyer's sentence says how much it is."""

import pytest

from services.checkout.parameters.case import Merchant
from services.checkout.parameters.minimums import minimum
from tests.checkout.requests import checked, mistakes

# card, trans, vbank, phone: PortOne's help centre, 2024-01-25; 1 where it names none.
KNOWN = {
    "naverpay": (10, 10, 10, 10),
    "kakaopay": (100, 100, 100, 100),
    "kcp": (1_000, 400, 301, 400),
    "html5_inicis": (100, 150, 1, 300),
    "danal": (100, 301, 301, 301),
    "tosspayments": (100, 200, 1, 300),
    "payco": (100, 100, 100, 100),
    "nice": (100, 200, 1, 500),
    "kicc": (100, 100, 100, 100),
    "mobilians": (1, 1, 1, 301),
    "welcome": (1, 300, 300, 1),
    "daou": (1, 1, 1, 1),
}


@pytest.mark.parametrize("pg", KNOWN)
def test_each_pg_has_its_own(pg: str) -> None:
    assert tuple(minimum(pg, method, {}) for method in ("card", "trans", "vbank", "phone")) == KNOWN[pg]


def test_below_it_the_sentence_says_how_much_it_is() -> None:
    assert mistakes("naver", amount=9) == {"amount": "less than minimum amount (10 won)"}
    assert checked("naver", amount=10)["amount"] == 10
    assert mistakes("inicis", amount=99) == {"amount": "less than minimum amount (100 won)"}


def test_nothing_is_no_payment() -> None:
    assert mistakes("naver", amount=0) == {"amount": "The amount must be above 0."}


def test_the_merchant_s_own_goes_before_it() -> None:
    own = Merchant(minimums={"naverpay": 100})
    assert mistakes("naver", merchant=own, amount=99) == {"amount": "less than minimum amount (100 won)"}
    assert mistakes("naver", merchant=own, amount=100) == {}


def test_won_are_not_held_against_cents() -> None:
    assert mistakes("paymentwall", amount=1) == {}
    assert mistakes("kakao", amount=99, currency="USD") == {}


def test_a_registration_that_charges_nothing_may_show_anything() -> None:
    assert mistakes("naver key", amount=0) == {}
    assert mistakes("naver key", amount=1) == {}
    assert set(mistakes("naver key", amount=-1)) == {"amount"}


def test_a_registration_that_charges_is_free_or_large_enough() -> None:
    assert mistakes("kakao key", amount=0) == {}
    assert set(mistakes("kakao key", amount=99)) == {"amount"}
    assert mistakes("kakao key", amount=100) == {}
