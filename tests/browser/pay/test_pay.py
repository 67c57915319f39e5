"""A buyer pays by a link in the gateway's window: what the gateway says is what the page says."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from dashboard.commands.demo import free_port
from services.checkout import attempts, checkouts
from services.checkout.checkouts import Channel, Offer
from services.checkout.offers import OfferForm, offer_of
from services.checkout.parameters.case import Merchant
from services.operations.journal.audit import Actor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from services.store.engine import reading, writing
from services.tables.checkouts import AttemptState, Checkout, CheckoutKind, CheckoutState
from tests.browser.servers import serving
from tests.worlds.stores import new_store

PHONE = {"width": 380, "height": 780}


@dataclass
class PayShop:
    """A dashboard with a sandbox behind it, and links made in its store."""

    url: str
    sandbox: Sandbox
    store: Engine

    def link(self, amount: int = 12_000, **more: str) -> Checkout:
        [channel] = [one for one in self._channels() if one.pg_provider == "naverpay" and not one.sandbox]
        form = OfferForm(amount, "추가 배송비", channel.key, 3, **more)
        now = self.sandbox.clock()
        with writing(self.store) as conn:
            return checkouts.make(
                conn, offer_of(form, [channel], Merchant(), now), Actor("support@shop.example", "screen"), now
            )

    def open(self, page: Page, link: Checkout) -> None:
        page.goto(f"{self.url}/pay/{link.token}")

    def to_window(self, page: Page, link: Checkout) -> None:
        self.open(page, link)
        page.locator("#pay").click()
        expect(page).to_have_url(re.compile("/window/"))

    def state(self, link: Checkout) -> str:
        with reading(self.store) as conn:
            return checkouts.get(conn, link.id).state

    def attempt(self, link: Checkout) -> str:
        with reading(self.store) as conn:
            return attempts.of_checkout(conn, link.id)[0].state

    def _channels(self) -> list[Channel]:
        return [
            Channel(row["channel_key"], row["pg_provider"], row["pg_id"], row["sandbox"])
            for row in self.sandbox.world.channels
            if row["type"] == "payment"
        ]


@pytest.fixture(scope="module")
def pay_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayShop]:
    folder: Path = tmp_path_factory.mktemp("pay")
    sandbox, port = Sandbox(build_world(7, payments=20, days=30, until=0)), free_port()
    store = new_store(folder / "screens.db")
    with served(sandbox) as gateway:
        url = f"http://127.0.0.1:{port}"
        settings = {
            "JANGBU_IMP_API_URL": gateway, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET,
            "JANGBU_USER_CODE": "imp00000000", "JANGBU_PUBLIC_URL": url, "JANGBU_SHOP_NAME": "장부 상점",
        }  # fmt: skip
        with serving(port, folder, **settings):
            yield PayShop(url, sandbox, store)
    store.dispose()


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def test_a_link_is_paid_once_and_says_so_ever_after(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    pay_shop.to_window(phone, link)
    phone.get_by_role("button", name=re.compile("^결제 승인")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("결제되었습니다. 감사합니다.")
    assert pay_shop.state(link) == CheckoutState.PAID
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("결제되었습니다. 감사합니다.")
    pay_shop.open(phone, link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("이미 결제가 끝났습니다.")
    expect(phone.locator("#pay")).to_have_count(0)
    assert phone.context.cookies() == []


def test_a_refusal_stands_alone_byte_for_byte_and_the_link_may_be_tried_again(phone: Page, pay_shop: PayShop) -> None:
    link, words = pay_shop.link(), "  <b>한도 초과</b>  'E-01' & \"그 밖\" "
    pay_shop.to_window(phone, link)
    phone.locator("[name=words]").fill(words)
    phone.get_by_role("button", name=re.compile("^이 문구로 실패")).click()
    assert phone.locator("#error_msg").evaluate("it => it.textContent") == words
    assert pay_shop.attempt(link) == AttemptState.FAILED
    phone.get_by_role("link", name="다시 시도").click()
    expect(phone.locator("#pay")).to_be_enabled()


def test_an_amount_changed_in_the_page_opens_no_window(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    phone.route(
        "**/pay/static/pay.js",
        lambda route: route.fulfill(body=route.fetch().text().replace("data.param,", "{...data.param, amount: 100},")),
    )
    pay_shop.open(phone, link)
    phone.locator("#pay").click()
    expect(phone.locator("#error_msg")).not_to_be_empty()
    phone.unroute_all()
    assert pay_shop.state(link) == CheckoutState.STARTED


def test_who_comes_back_without_the_payments_id_finds_it_paid(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    pay_shop.to_window(phone, link)
    phone.get_by_role("button", name=re.compile("^승인하고 돌아가지 않음")).click()
    with reading(pay_shop.store) as conn:
        order = attempts.of_checkout(conn, link.id)[0].merchant_uid
    phone.goto(f"{pay_shop.url}/pay/{link.token}/return?merchant_uid={order}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("결제되었습니다. 감사합니다.")


def test_another_amount_than_was_asked_for_goes_back_and_the_buyer_is_told(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    pay_shop.to_window(phone, link)
    phone.locator("[name=amount]").fill("100")
    phone.get_by_role("button", name=re.compile("^이 금액으로 승인")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("결제 내용이 도중에 바뀌었습니다.")
    assert pay_shop.state(link) == CheckoutState.MISMATCH
    with reading(pay_shop.store) as conn:
        imp_uid = attempts.of_checkout(conn, link.id)[0].imp_uid
    assert imp_uid is not None
    until = time.monotonic() + 20
    while pay_shop.sandbox.payments[imp_uid]["cancel_amount"] < 100 and time.monotonic() < until:
        time.sleep(0.2)
    assert pay_shop.sandbox.payments[imp_uid]["cancel_amount"] == 100


def test_an_order_of_another_link_is_told_nothing(phone: Page, pay_shop: PayShop) -> None:
    link, other = pay_shop.link(), pay_shop.link()
    pay_shop.open(phone, link)
    with reading(pay_shop.store) as conn:
        order = attempts.of_checkout(conn, link.id)[0].merchant_uid
    answer = phone.goto(f"{pay_shop.url}/pay/{other.token}/return?merchant_uid={order}&error_msg=hello")
    assert answer is not None
    assert answer.status == 404
    assert "hello" not in phone.content()


HOSTILE = (
    "</script><script>document.title='evil'</script>",
    "<img src=//evil.example/x onerror=\"document.title='evil'\">",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "'\"><svg/onload=document.title='evil'>",
    "\u202eevil\u2066 &lt;b&gt; <!-- ]]>",
    "javascript:document.title='evil'//",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_others_are_words_and_fetch_nothing(phone: Page, pay_shop: PayShop, words: str) -> None:
    now = pay_shop.sandbox.clock()
    product = {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": words, "name": words, "count": 1}
    request = {"channelKey": "channel-key-naverpay-payment", "name": words, "amount": 12_000,
               "naverPopupMode": False, "naverProducts": [product]}  # fmt: skip
    channel = Channel("channel-key-naverpay-payment", "naverpay", "np_jangbu00001", sandbox=False)
    offer = Offer(CheckoutKind.PAYMENT, channel, request, "KRW", int(now) + 3600)
    with writing(pay_shop.store) as conn:
        link = checkouts.make(conn, offer, Actor("support@shop.example", "screen"), now)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    pay_shop.open(phone, link)
    expect(phone.locator("#pay")).to_be_enabled()
    assert phone.locator("tbody td").first.evaluate("it => it.textContent") == words
    with reading(pay_shop.store) as conn:
        order = attempts.of_checkout(conn, link.id)[0].merchant_uid
    query = urlencode({"merchant_uid": order, "error_msg": words, "error_code": words})
    phone.goto(f"{pay_shop.url}/pay/{link.token}/return?{query}")
    assert phone.locator("#error_msg").evaluate("it => it.textContent") == words
    assert phone.title() != "evil"
    assert phone.locator("img, svg, iframe").count() == 0
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
