"""The snippet in a browser: the window opens in the click with what was checked, and what it answers stands alone."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Request, Route, expect

from services.checkout.snippet import snippet
from tests.checkout.requests import BOOK, checked

SHOP = "https://shop.example"
NAME = "</script><script>alert(1)//\u2028'\"`${1}"
WORDS = " F0005:결제가 중단되었습니다(imp_1).<b>잔액</b>|사용자가 결제를 취소 하였습니다. "
SDK = """
window.IMP = {
  init: function (code) { window.begun = code; },
  request_pay: function (request, callback) { window.asked = request; callback(%s); },
};
"""
ANSWER = json.dumps({"imp_uid": None, "merchant_uid": "J1", "success": True, "error_code": "F0005", "error_msg": WORDS})


class Shop:
    """A shop's site with the snippet on two pages, and what its server was told."""

    def __init__(self, page: Page, pages: dict[str, str]) -> None:
        self.told: list[Any] = []
        self.errors: list[str] = []
        self.pages = pages
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: self.errors.append(dialog.message))
        page.route("**/*", self.serve)

    def serve(self, route: Route, request: Request) -> None:
        path = request.url.split("?")[0]
        if path == f"{SHOP}/payments/complete":
            self.told.append(request.post_data_json)
            route.fulfill(body="결제를 확인하고 있습니다.", content_type="text/plain; charset=utf-8")
        elif path in self.pages:
            route.fulfill(body=f"<!doctype html><meta charset=utf-8>{self.pages[path]}", content_type="text/html")
        elif "iamport" in path:
            route.fulfill(body=SDK % ANSWER, content_type="text/javascript; charset=utf-8")
        else:
            route.fulfill(body="", content_type="text/javascript")


@pytest.mark.parametrize("channel", [{"channelKey": "channel-key-1"}, {"channelKey": None, "pg": "naverpay"}])
def test_it_opens_the_window_and_shows_the_words_alone(page: Page, channel: dict[str, Any]) -> None:
    request = checked(
        "naver",
        **channel,
        name=NAME,
        naverProducts=[{**BOOK, "name": NAME}],
        naverPopupMode=False,
        m_redirect_url=f"{SHOP}/back",
    )
    written = snippet(request, pg="naverpay", user_code="imp12345678")
    assert written.back
    shop = Shop(page, {f"{SHOP}/order": written.page, f"{SHOP}/back": written.back})
    page.goto(f"{SHOP}/order")
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("결제를 확인하고 있습니다.")
    assert page.evaluate("[begun, asked]") == ["imp12345678", request]
    assert page.get_by_role("alert").evaluate("one => one.textContent") == WORDS
    page.goto(f"{SHOP}/back?imp_uid=imp_1&merchant_uid=J1&error_msg={quote(WORDS)}")
    expect(page.get_by_role("status")).to_have_text("결제를 확인하고 있습니다.")
    assert page.get_by_role("alert").evaluate("one => one.textContent") == WORDS
    assert shop.told == [{"imp_uid": None, "merchant_uid": "J1"}, {"imp_uid": "imp_1", "merchant_uid": "J1"}]
    assert shop.errors == []
    page.unroute_all()
