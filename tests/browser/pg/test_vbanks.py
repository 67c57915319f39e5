"""A virtual account is issued for an order by telephone, prolonged, and paid into, in a browser."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.commands.demo import free_port
from dashboard.locale import _, ngettext
from services.clock import DAY, seoul
from services.gateway import Gateway
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.world import World
from tests.browser.servers import serving
from tests.browser.till import press, won
from tests.worlds.stores import new_store


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Sandbox]]:
    """A shop with one account past its term; its address, and the gateway behind it."""
    sandbox, now, folder = Sandbox(World(channels=channel_rows())), int(time.time()), tmp_path_factory.mktemp("shop")
    own = {"pg_provider": "html5_inicis", "pay_method": "vbank", "status": "ready", "vbank_num": "56200000000001"}
    sandbox.add_payment(20_000, name="양말", started_at=now - 3 * DAY, vbank_date=now - DAY, **own)
    engine, port = new_store(folder / "screens.db"), free_port()
    with served(sandbox) as gateway_url:
        sync(Gateway(gateway_url, IMP_KEY, IMP_SECRET), engine, days=10)
        engine.dispose()
        settings = {"JANGBU_IMP_API_URL": gateway_url, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET}
        with serving(port, folder, JANGBU_MIRROR_DAYS="10", **settings):
            yield f"http://127.0.0.1:{port}", sandbox


def test_an_account_is_issued_prolonged_and_paid_into(shop: tuple[str, Sandbox], reader: Page) -> None:
    (url, sandbox), page = shop, reader
    page.goto(url)
    past = ngettext(
        "{n} virtual account is past its term and never changed: does its PG tell of deposits?",
        "{n} virtual accounts are past their term and never changed: does their PG tell of deposits?",
        1,
    )
    expect(page.get_by_text(past.format(n=1))).to_be_visible()
    page.goto(f"{url}/new-virtual-account")
    _choose(page, _("Channel that issues it"), "가상계좌")
    page.get_by_label(_("Amount to be paid")).fill("33,000")
    page.get_by_label(_("What it is for")).fill("도자기 머그컵")
    _choose(page, _("Bank"), "신한")
    page.get_by_label(_("Account holder")).fill("장부상점")
    page.get_by_label(_("Buyer"), exact=True).fill("홍길동")
    page.get_by_label(_("Phone"), exact=True).fill("공일공")
    press(page, _("Review"))
    # What cannot be a phone's number is said beside it, and the rest stays.
    expect(page.get_by_text(_("A phone number, like 010-1234-5678."))).to_be_visible()
    expect(page.get_by_label(_("Amount to be paid"))).to_have_value("33,000")
    page.get_by_label(_("Phone"), exact=True).fill("010-7341-5678")
    press(page, _("Review"))
    expect(page.get_by_text(f"{_('Buyer')}: 홍길동")).to_be_visible()
    press(page, _("Issue an account for {amount}").format(amount=won(33_000)))
    expect(page).to_have_url(re.compile("imp_uid=imp_"))
    (row,) = [one for one in sandbox.payments.values() if one["amount"] == 33_000]
    # Words to the buyer with all that PortOne does not send.
    words = page.get_by_test_id("stCode").filter(has_text=row["vbank_num"]).filter(has_text="신한은행")
    expect(words.first).to_be_visible()
    # Prolonged, and over another amount.
    page.get_by_label(_("Amount to be paid")).fill("35,000")
    hour = page.get_by_role("group", name=_("Pay until")).get_by_role("spinbutton").nth(3)
    hour.click()
    hour.press("ArrowUp")
    press(page, _("Review"))
    expect(page.get_by_text(f"{won(33_000)} → {won(35_000)}").first).to_be_visible()
    press(page, _("Change the account"))
    expect(page.get_by_text(f"✓ {_('Done')}").first).to_be_visible()
    now = sandbox.payments[row["imp_uid"]]
    # The hour after 23 is 0 of the same day.
    longer = now["vbank_date"] > row["vbank_date"] or seoul(row["vbank_date"]).hour == 23
    assert (now["amount"], longer) == (35_000, True)
    # Paid in: the row leaves the list.
    page.goto(f"{url}/waiting-for-money")
    expect(page.get_by_text(_waiting(2))).to_be_visible()
    sandbox.deposit(row["imp_uid"])
    page.goto(f"{url}/virtual-account?imp_uid={row['imp_uid']}")
    expect(page.get_by_text(f"✓ {_('Paid')}").first).to_be_visible()
    page.goto(f"{url}/waiting-for-money")
    expect(page.get_by_text(_waiting(1))).to_be_visible()


def _waiting(n: int) -> str:
    return ngettext("{n} waits", "{n} wait", n).format(n=n)


def _choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(text)
    page.get_by_role("option", name=re.compile(text)).first.click()
