"""A virtual account is issued for an order by telephone, prolonged, and paid into, in a browser."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.commands.demo import free_port
from services.clock import DAY, seoul
from services.gateway import Gateway
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.world import World
from tests.browser.servers import serving
from tests.worlds.stores import new_store


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[str, Sandbox]]:
    """A shop with one account past its term; its address, and the gateway behind it."""
    sandbox, now = Sandbox(World(channels=channel_rows())), int(time.time())
    own = {"pg_provider": "html5_inicis", "pay_method": "vbank", "status": "ready", "vbank_num": "56200000000001"}
    sandbox.add_payment(20_000, name="양말", started_at=now - 3 * DAY, vbank_date=now - DAY, **own)
    engine, port = new_store(tmp_path / "screens.db"), free_port()
    with served(sandbox) as gateway_url:
        sync(Gateway(gateway_url, IMP_KEY, IMP_SECRET), engine, days=10)
        engine.dispose()
        settings = {"JANGBU_IMP_API_URL": gateway_url, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET}
        with serving(port, tmp_path, JANGBU_MIRROR_DAYS="10", **settings):
            yield f"http://127.0.0.1:{port}", sandbox


def test_an_account_is_issued_prolonged_and_paid_into(shop: tuple[str, Sandbox], page: Page) -> None:
    url, sandbox = shop
    page.goto(url)
    expect(page.get_by_text("기한이 지나도 상태가 바뀌지 않은 가상계좌가 1건 있습니다.")).to_be_visible()
    page.goto(f"{url}/new-virtual-account")
    _choose(page, "발급할 채널", "가상계좌")
    page.get_by_label("입금받을 금액").fill("33,000")
    page.get_by_label("상품명").fill("도자기 머그컵")
    _choose(page, "은행", "신한")
    page.get_by_label("예금주").fill("장부상점")
    page.get_by_label("구매자", exact=True).fill("홍길동")
    page.get_by_role("button", name="내용 확인").click()
    page.get_by_role("button", name="33,000원 가상계좌 발급").click()
    expect(page).to_have_url(re.compile("imp_uid=imp_"))
    (row,) = [one for one in sandbox.payments.values() if one["amount"] == 33_000]
    # Words to the buyer with all that PortOne does not send.
    words = page.get_by_test_id("stCode").filter(has_text=row["vbank_num"]).filter(has_text="신한은행")
    expect(words.first).to_be_visible()
    # Prolonged, and over another amount.
    page.get_by_label("입금받을 금액").fill("35,000")
    hour = page.get_by_role("group", name="입금 기한").get_by_role("spinbutton").nth(3)
    hour.click()
    hour.press("ArrowUp")
    page.get_by_role("button", name="내용 확인").click()
    expect(page.get_by_text("33,000원 → 35,000원").first).to_be_visible()
    page.get_by_role("button", name="가상계좌 변경").click()
    expect(page.get_by_text("✓ 완료").first).to_be_visible()
    now = sandbox.payments[row["imp_uid"]]
    # The hour after 23 is 0 of the same day.
    longer = now["vbank_date"] > row["vbank_date"] or seoul(row["vbank_date"]).hour == 23
    assert (now["amount"], longer) == (35_000, True)
    # Paid in: the row leaves the list.
    page.goto(f"{url}/waiting-for-money")
    expect(page.get_by_text("2건 대기")).to_be_visible()
    sandbox.deposit(row["imp_uid"])
    page.goto(f"{url}/virtual-account?imp_uid={row['imp_uid']}")
    expect(page.get_by_text("✓ 결제 완료").first).to_be_visible()
    page.goto(f"{url}/waiting-for-money")
    expect(page.get_by_text("1건 대기")).to_be_visible()


def _choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(text)
    page.get_by_role("option", name=re.compile(text)).first.click()
