"""An escrow parcel is entered from Home's line, in a browser: the gateway has it, and Home counts one less."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.commands.demo import free_port
from dashboard.locale import _, ngettext
from services.gateway import Gateway
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.world import World
from tests.browser.servers import serving
from tests.worlds.operations.parcels import BUYER, SENDER
from tests.worlds.stores import new_store


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Sandbox]]:
    """A shop with four payments by escrow, of which each walk sends one; its address, and the gateway behind it."""
    sandbox, now, folder = Sandbox(World(channels=channel_rows())), int(time.time()), tmp_path_factory.mktemp("shop")
    for number in range(1, 5):
        own = {"pg_provider": "html5_inicis", "pay_method": "trans", "escrow": True, "name": f"머그컵 {number}"}
        at = now - 7_200 // number
        sandbox.add_payment(30_000, imp_uid=f"imp_00000000000{number}", paid_at=at, **own, **BUYER)
    engine, port = new_store(folder / "screens.db"), free_port()
    with served(sandbox) as gateway_url:
        sync(Gateway(gateway_url, IMP_KEY, IMP_SECRET), engine, days=2)
        engine.dispose()
        settings = {"JANGBU_IMP_API_URL": gateway_url, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET}
        with serving(port, folder, **settings, JANGBU_MIRROR_DAYS="2"):
            yield f"http://127.0.0.1:{port}", sandbox


def waits(n: int) -> str:
    """Home's line."""
    words = ngettext(
        "{n} escrow payment has no delivery entered: its money is held back.",
        "{n} escrow payments have no delivery entered: their money is held back.",
        n,
    )
    return words.format(n=n)


def test_an_escrow_parcel_is_entered_from_homes_line(shop: tuple[str, Sandbox], reader: Page) -> None:
    (url, sandbox), page = shop, reader
    oldest, *others = sorted(sandbox.payments.keys() - sandbox.world.deliveries.keys())
    page.goto(url)
    expect(page.get_by_text(waits(len(others) + 1))).to_be_visible()
    page.get_by_role("link", name=_("Enter them")).click()
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.click(position={"x": 120, "y": 55})
    expect(page.get_by_text(_("PortOne shows none either."))).to_be_visible()
    page.get_by_role("combobox", name=_("Courier")).click()
    page.get_by_role("option", name="CJ").first.click()
    page.get_by_label(_("Tracking number")).fill("6889-0011-2233")
    for label, name in ((_("Name"), "name"), (_("Phone"), "tel"), (_("Postcode"), "postcode"), (_("Address"), "addr")):
        page.get_by_label(label).last.fill(SENDER[name])
    page.get_by_role("button", name=_("Review")).click()
    page.get_by_role("button", name=_("Enter the delivery")).click()
    expect(page.get_by_text(f"✓ {_('Done')}")).to_be_visible()
    made = sandbox.world.deliveries[oldest]
    assert (made["company"], made["invoice"], made["receiver"]["name"]) == ("CJGLS", "688900112233", "김서연")
    page.goto(url)
    expect(page.get_by_text(waits(len(others)))).to_be_visible()
