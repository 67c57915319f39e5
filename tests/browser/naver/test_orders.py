"""Fifty Naver Pay orders are confirmed from the list of those that wait, in a browser."""

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
from tests.worlds.stores import new_store

ORDERS = 50


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[str, Sandbox]]:
    """A shop with an escrow contract and nothing but these orders; its address, and the gateway behind it."""
    sandbox = Sandbox(World(channels=channel_rows()))
    for number in range(ORDERS):
        own = {"pg_provider": "naverpay", "pay_method": "naverpay", "name": f"사과 {number}"}
        sandbox.add_payment(10_000, paid_at=int(time.time()) - 3_600 - number, **own)
    engine, port = new_store(tmp_path / "screens.db"), free_port()
    with served(sandbox) as gateway_url:
        sync(Gateway(gateway_url, IMP_KEY, IMP_SECRET), engine, days=2)
        engine.dispose()
        settings = {"JANGBU_IMP_API_URL": gateway_url, "JANGBU_IMP_KEY": IMP_KEY, "JANGBU_IMP_SECRET": IMP_SECRET}
        settings |= {"JANGBU_NAVERPAY_ESCROW_FROM": "2026-01-01", "JANGBU_MIRROR_DAYS": "2"}
        with serving(port, tmp_path, **settings):
            yield f"http://127.0.0.1:{port}", sandbox


def test_fifty_orders_are_confirmed_from_the_list_of_those_that_wait(shop: tuple[str, Sandbox], page: Page) -> None:
    url, sandbox = shop
    page.goto(url)
    expect(page.get_by_text("구매확정할 네이버페이 주문이 50건 있습니다.")).to_be_visible()
    page.get_by_role("link", name="주문 보기").click()
    page.get_by_text("모두 선택").click()
    expect(page.get_by_text("대기 50건, 선택 50건.")).to_be_visible()
    page.get_by_text("구매자 요청", exact=True).click()
    page.get_by_role("button", name="행별로 확인").click()
    page.get_by_role("button", name="주문 50건 구매확정").click()
    expect(page.get_by_text("대기 중인 주문이 없습니다.")).to_be_visible()
    until = time.monotonic() + 90
    while len(sandbox.world.naver_confirmed) < ORDERS and time.monotonic() < until:
        time.sleep(0.2)
    assert list(sandbox.world.naver_confirmed.values()) == ["customer"] * ORDERS
    expect(page.get_by_text("✓ 완료 50")).to_be_visible()
    page.goto(url)
    expect(page.get_by_text("구매확정할 네이버페이 주문")).to_have_count(0)
