"""An escrow parcel is entered from Home's line, in a browser: the gateway has it, and Home counts one less."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.commands.demo import free_port
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

OLDEST = "imp_000000000001"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[str, Sandbox]]:
    """A shop with two payments by escrow; its address, and the gateway behind it."""
    sandbox, now = Sandbox(World(channels=channel_rows())), int(time.time())
    for number in (1, 2):
        own = {"pg_provider": "html5_inicis", "pay_method": "trans", "escrow": True, "name": f"머그컵 {number}"}
        sandbox.add_payment(30_000, imp_uid=f"imp_00000000000{number}", paid_at=now - 7_200 // number, **own, **BUYER)
    engine, port = new_store(tmp_path / "screens.db"), free_port()
    with served(sandbox) as gateway_url:
        sync(Gateway(gateway_url, IMP_KEY, IMP_SECRET), engine, days=2)
        engine.dispose()
        settings = {"JANGBU_IMP_API_URL": gateway_url, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET}
        with serving(port, tmp_path, **settings, JANGBU_MIRROR_DAYS="2"):
            yield f"http://127.0.0.1:{port}", sandbox


def test_an_escrow_parcel_is_entered_from_homes_line(shop: tuple[str, Sandbox], page: Page) -> None:
    url, sandbox = shop
    page.goto(url)
    expect(page.get_by_text("배송정보를 등록하지 않은 에스크로 결제 2건")).to_be_visible()
    page.get_by_role("link", name="등록하기").click()
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.click(position={"x": 120, "y": 55})
    expect(page.get_by_text("포트원에도 등록된 배송정보가 없습니다.")).to_be_visible()
    page.get_by_role("combobox", name="택배사").click()
    page.get_by_role("option", name="CJ대한통운").click()
    page.get_by_label("운송장 번호").fill("6889-0011-2233")
    for label, name in (("이름", "name"), ("전화번호", "tel"), ("우편번호", "postcode"), ("주소", "addr")):
        page.get_by_label(label).last.fill(SENDER[name])
    page.get_by_role("button", name="내용 확인").click()
    page.get_by_role("button", name="배송정보 등록").click()
    expect(page.get_by_text("✓ 완료")).to_be_visible()
    made = sandbox.world.deliveries[OLDEST]
    assert (made["company"], made["invoice"], made["receiver"]["name"]) == ("CJGLS", "688900112233", "김서연")
    page.goto(url)
    expect(page.get_by_text("배송정보를 등록하지 않은 에스크로 결제 1건")).to_be_visible()
