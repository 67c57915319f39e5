"""Buyers with their browsers, and the shop that they pay."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.pay.pay_shop import PayShop, opened_pay_shop
from tests.browser.tabs import Tabs

PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
Buyer = Callable[..., Page]


@pytest.fixture(scope="package")
def pay_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayShop]:
    with opened_pay_shop(tmp_path_factory.mktemp("pay")) as found:
        yield found


@pytest.fixture
def buyer(_tabs: Tabs) -> Iterator[Buyer]:
    """A page of a buyer, on a phone unless another width is said."""

    def come(language: str = "ko", width: int = 380, scheme: str = "light") -> Page:
        locale = {"ko": "ko-KR", "en": "en-US"}[language]
        viewport, agent = {"width": width, "height": 800}, {"user_agent": PHONE} if width < 500 else {}
        return _tabs.take(locale=locale, viewport=viewport, color_scheme=scheme, **agent)

    yield come
    _tabs.give_back()


@pytest.fixture
def phone(buyer: Buyer) -> Page:
    """A page of a Korean buyer on a phone."""
    return buyer()
