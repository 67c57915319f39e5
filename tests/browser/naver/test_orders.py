"""Fifty Naver Pay orders are confirmed from the list of those that wait, in a browser."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.commands.demo import free_port
from dashboard.locale import _, ngettext
from dashboard.words.formats import money
from services.gateway import Gateway
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.world import World
from tests.browser.servers import serving
from tests.worlds.stores import new_store

ORDERS = 50
More = Callable[[], list[str]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Sandbox, More]]:
    """A shop with an escrow contract: its address, the gateway behind it, and what has fifty orders more paid there."""
    sandbox, folder = Sandbox(World(channels=channel_rows())), tmp_path_factory.mktemp("shop")
    engine, port = new_store(folder / "screens.db"), free_port()
    with served(sandbox) as gateway_url:
        settings = {"JANGBU_IMP_API_URL": gateway_url, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET}
        settings |= {"JANGBU_NAVERPAY_ESCROW_FROM": "2026-01-01", "JANGBU_MIRROR_DAYS": "2"}

        def more() -> list[str]:
            own = {"pg_provider": "naverpay", "pay_method": "naverpay", "name": "사과"}
            at = int(time.time()) - 3_600
            made = [sandbox.add_payment(10_000, paid_at=at - number, **own)["imp_uid"] for number in range(ORDERS)]
            sync(Gateway(gateway_url, IMP_KEY, IMP_SECRET), engine, days=2)
            return made

        with serving(port, folder, **settings):
            yield f"http://127.0.0.1:{port}", sandbox, more
    engine.dispose()


def test_fifty_orders_are_confirmed_from_the_list_of_those_that_wait(
    shop: tuple[str, Sandbox, More], reader: Page
) -> None:
    (url, sandbox, more), page = shop, reader
    walks = len(sandbox.world.naver_confirmed) // ORDERS
    orders, waits = more(), ("{n} Naver Pay order is to be confirmed.", "{n} Naver Pay orders are to be confirmed.")
    page.goto(url)
    expect(page.get_by_text(ngettext(*waits, ORDERS).format(n=ORDERS))).to_be_visible()
    page.get_by_role("link", name=_("Look at them")).click()
    page.get_by_text(_("All of them")).click()
    chosen = ngettext("{n} chosen, {sum}", "{n} chosen, {sum}", ORDERS)
    expect(page.get_by_text(chosen.format(n=ORDERS, sum=money(ORDERS * 10_000, "KRW")))).to_be_visible()
    page.get_by_text(_("Asked for by the buyer"), exact=True).click()
    page.get_by_role("button", name=_("Look at each row")).click()
    page.get_by_role(
        "button", name=ngettext("Confirm {n} order", "Confirm {n} orders", ORDERS).format(n=ORDERS)
    ).click()
    expect(page.get_by_text(_("No order waits for it."))).to_be_visible()
    until = time.monotonic() + 90
    while not sandbox.world.naver_confirmed.keys() >= set(orders) and time.monotonic() < until:
        time.sleep(0.2)
    assert [sandbox.world.naver_confirmed.get(one) for one in orders] == ["customer"] * ORDERS
    # The list of the walk in the other language, if it went before, stands there too.
    expect(page.get_by_text(f"✓ {_('Done')} {ORDERS}")).to_have_count(walks + 1)
    page.goto(url)
    expect(page.get_by_role("link", name=_("Look at them"))).to_have_count(0)
