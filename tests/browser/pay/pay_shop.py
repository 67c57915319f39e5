"""A dashboard with a sandbox behind it, to which buyers come by links that were made in its store."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, update

from dashboard.commands.demo import free_port
from services.checkout import attempts, checkouts
from services.checkout.checkouts import Channel, Offer
from services.checkout.offers import OfferForm, offer_of
from services.checkout.parameters.case import Merchant
from services.operations.journal.audit import Actor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.window.switches import Switches
from services.sandbox.world.build import build_world
from services.store.engine import reading, writing
from services.store.sql import table
from services.tables.checkouts import Checkout, CheckoutAttempt, CheckoutKind
from tests.browser.servers import serving
from tests.worlds.stores import new_store

NAVER, INICIS = "naverpay", "html5_inicis"
SHOP = "장부 상점"
_SUPPORT = Actor("support@shop.example", "screen")
_SECRET = "0123456789abcdef0123"


@dataclass
class PayShop:
    """Its address, the gateway behind it, its store."""

    url: str
    sandbox: Sandbox
    store: Engine

    def link(self, amount: int = 12_000, *, pg: str = NAVER, **more: Any) -> Checkout:
        """A link as support makes it; what is given replaces parts of its form."""
        channel, now = self.channel(pg), self.sandbox.clock()
        form = OfferForm(amount, "추가 배송비", channel.key, 3, buyer_tel="010-1234-5678", **more)
        return self.offered(offer_of(form, [channel], Merchant(), now))

    def unchecked(self, *, pg: str = NAVER, expires_in: int = 86_400, **request: Any) -> Checkout:
        """A link that asks for something without a look at it."""
        channel = self.channel(pg)
        asked = {"channelKey": channel.key, "name": "추가 배송비", "amount": 12_000, "buyer_tel": "010-1234-5678"}
        until = int(self.sandbox.clock()) + expires_in
        return self.offered(Offer(CheckoutKind.PAYMENT, channel, asked | request, "KRW", until))

    def by_popup(self) -> Checkout:
        """A link of Naver Pay whose window is a popup."""
        product = {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": "1", "name": "추가 배송비", "count": 1}
        return self.unchecked(naverPopupMode=True, naverProducts=[product])

    def offered(self, offer: Offer) -> Checkout:
        """The link of an offer."""
        with writing(self.store) as conn:
            return checkouts.make(conn, offer, _SUPPORT, self.sandbox.clock())

    def channel(self, pg: str) -> Channel:
        """The live channel of a PG that opens a window."""
        [found] = [
            Channel(row["channel_key"], row["pg_provider"], row["pg_id"], row["sandbox"])
            for row in self.sandbox.world.channels
            if (row["type"], row["pg_provider"], row["sandbox"]) == ("payment", pg, False)
        ]
        return found

    def open(self, page: Page, link: Checkout) -> None:
        """A buyer opens a link."""
        page.goto(f"{self.url}/pay/{link.token}")

    def to_window(self, page: Page, link: Checkout) -> None:
        """A buyer opens a link and the window, in the page's place."""
        self.open(page, link)
        page.locator("#pay").click()
        expect(page).to_have_url(re.compile("/window/"))

    def link_now(self, link: Checkout) -> Checkout:
        """A link as it stands."""
        with reading(self.store) as conn:
            return checkouts.get(conn, link.id)

    def state(self, link: Checkout) -> str:
        """Where a link stands."""
        return self.link_now(link).state

    def orders(self, link: Checkout) -> list[CheckoutAttempt]:
        """The openings of a link."""
        with reading(self.store) as conn:
            return attempts.of_checkout(conn, link.id)

    def begun(self, link: Checkout) -> str:
        """The order of one more opening."""
        with writing(self.store) as conn:
            return attempts.begin(conn, link.id, self.sandbox.clock()).merchant_uid

    def set_order(self, order: str, **values: Any) -> None:
        """Makes an opening as it would be after something else."""
        rows = table(CheckoutAttempt)
        with writing(self.store) as conn:
            conn.execute(update(rows).where(rows.c.merchant_uid == order).values(values))

    def held(self, link: Checkout) -> list[int]:
        """What the gateway holds of each payment that was made under a link, smallest first."""
        rows = self.sandbox.payments.values()
        mine = {one.merchant_uid for one in self.orders(link)}
        return sorted(
            row["amount"] - row["cancel_amount"] for row in rows if row["merchant_uid"] in mine and row["paid_at"]
        )

    def wait_until(self, holds: Callable[[], bool], seconds: float = 90) -> None:
        """Returns once something is so. Raises TimeoutError."""
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(0.1)


@contextmanager
def opened_pay_shop(folder: Path, **settings: str) -> Iterator[PayShop]:
    """One that is told of payments by webhooks."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    switches = Switches(webhook_url=f"{url}/webhook/{_SECRET}", webhook_after=0.2)
    sandbox = Sandbox(build_world(7, payments=20, days=30, until=0), switches=switches)
    store = new_store(folder / "screens.db")
    with served(sandbox) as gateway:
        given: Mapping[str, str] = {
            "JANGBU_IMP_API_URL": gateway, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET,
            "JANGBU_USER_CODE": "imp00000000", "JANGBU_PUBLIC_URL": url, "JANGBU_HOOK_SECRET": _SECRET,
            "JANGBU_SHOP_NAME": SHOP, "JANGBU_SHOP_CONTACT": "02-1234-5678 · help@shop.example",
        }  # fmt: skip
        with serving(port, folder, **given, **settings):
            yield PayShop(url, sandbox, store)
    store.dispose()
