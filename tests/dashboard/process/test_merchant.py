"""What the settings say of the merchant holds for links, too."""

import time

import pytest

from dashboard.process.checkout import merchant_now
from dashboard.process.resources import use_settings
from dashboard.settings import Settings
from services.checkout.checkouts import Channel
from services.checkout.offers import OfferForm, offer_of
from services.errors import InvalidRequest

NAVER = Channel("channel-key-naver", "naverpay", "np_1", sandbox=True)


def amount_of(amount: int) -> int:
    """What a link of Naver Pay over so many won asks for."""
    form = OfferForm(amount, "추가 배송비", NAVER.key, 3)
    found: int = offer_of(form, [NAVER], merchant_now(), time.time()).request["amount"]
    return found


@pytest.mark.parametrize(("given", "least"), [({}, 100), ({"naverpay_minimum": 500}, 500)])
def test_no_link_by_naver_pay_asks_for_less_than_the_setting(given: dict[str, int], least: int) -> None:
    use_settings(Settings.model_validate(given))
    assert amount_of(least) == least
    with pytest.raises(InvalidRequest) as told:
        amount_of(least - 1)
    assert (str(told.value), told.value.values["field"]) == (f"less than minimum amount ({least} won)", "amount")
