"""The sandbox's payment window from a shop's own page, as a buyer meets it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.window.pages import FAIL_WORDS
from services.sandbox.world.build import build_world
from tests.sandbox.window.windows import naver_payment
from tests.worlds.servers.listening import Door, listening

HTML = """<!doctype html><html lang="ko"><meta charset="utf-8"><title>가게</title>
<script src="{sandbox}/v1/iamport.js"></script>
<button id="pay">결제하기</button><p id="message"></p>
<script>
IMP.init("imp00000000");
const answers = [];
document.getElementById("pay").onclick = () => IMP.request_pay(param, (answer) => {{
  answers.push(answer);
  document.getElementById("message").textContent = answer.error_msg ?? "끝";
}});
</script></html>"""


@dataclass
class Shop:
    """A shop's page, and the gateway that its script comes from."""

    url: str
    sandbox: Sandbox

    def ask(self, page: Page, **param: Any) -> None:
        """Opens the page and clicks."""
        page.goto(self.url)
        asked = naver_payment(m_redirect_url=f"{self.url}back?a=1", **param)
        page.evaluate("asked => { window.param = asked; }", asked)
        page.get_by_role("button", name="결제하기").click()

    def only_payment(self, order: str) -> dict[str, Any]:
        """What the gateway holds of an order."""
        (imp_uid,) = self.sandbox.world.attempts[order]
        return self.sandbox.payments[imp_uid]


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    sandbox = Sandbox(build_world(7, payments=10, days=5, until=time.time()))
    with served(sandbox) as gateway:

        class Front(Door):
            def do_GET(self) -> None:
                self.answer(200, HTML.format(sandbox=gateway).encode(), "text/html; charset=utf-8")

        with listening(Front) as address:
            yield Shop(f"{address}/", sandbox)


def answers_of(page: Page) -> list[dict[str, Any]]:
    expect(page.locator("#message")).not_to_be_empty()
    found: list[dict[str, Any]] = page.evaluate("answers")
    return found


def message_of(page: Page) -> str:
    return str(page.locator("#message").evaluate("one => one.textContent"))


def test_a_popup_is_approved_and_the_callback_has_both_ids(page: Page, shop: Shop) -> None:
    with page.expect_popup() as opened:
        shop.ask(page, order="popup", naverPopupMode=True)
    opened.value.get_by_role("button", name="결제 승인").click()
    answers, row = answers_of(page), shop.only_payment("popup")
    assert answers == [{"imp_uid": row["imp_uid"], "merchant_uid": "popup"}]
    assert (row["status"], row["amount"]) == ("paid", 39_000)
    assert opened.value.is_closed()


def test_a_redirect_leads_there_and_back_with_the_shops_own_query(page: Page, shop: Shop) -> None:
    shop.ask(page, order="redirect")
    page.get_by_role("button", name="결제 승인").click()
    page.wait_for_url("**/back?**")
    row = shop.only_payment("redirect")
    assert page.url == f"{shop.url}back?a=1&imp_uid={row['imp_uid']}&merchant_uid=redirect"
    assert row["status"] == "paid"


@pytest.mark.parametrize(("button", "typed"), [("이 문구로 실패", FAIL_WORDS), ("취소", None)])
def test_the_words_of_a_failure_come_byte_for_byte(page: Page, shop: Shop, button: str, typed: str | None) -> None:
    order = f"words-{button == '취소'}"
    with page.expect_popup() as opened:
        shop.ask(page, order=order, naverPopupMode=True)
    opened.value.get_by_role("button", name=button).click()
    answers, row = answers_of(page), shop.only_payment(order)
    words = f"F0005:결제가 중단되었습니다({row['imp_uid']}).|사용자가 결제를 취소 하였습니다."
    assert message_of(page) == row["fail_reason"] == (typed or words)
    assert [(one["imp_uid"], one["error_msg"]) for one in answers] == [(row["imp_uid"], typed or words)]


def test_a_popup_that_is_closed_counts_as_cancelled_and_stays_ready(page: Page, shop: Shop) -> None:
    with page.expect_popup() as opened:
        shop.ask(page, order="closed", naverPopupMode=True)
    expect(opened.value.get_by_role("button", name="결제 승인")).to_be_visible()
    opened.value.close()
    answer = answers_of(page)[0]
    assert (answer["error_code"], shop.only_payment("closed")["status"]) == ("F0005", "ready")


def test_paypals_button_is_drawn_into_the_page(page: Page, shop: Shop) -> None:
    page.goto(shop.url)
    paypal = {"channelKey": "channel-key-paypal-v2-payment", "pay_method": "paypal", "merchant_uid": "spb"}
    page.evaluate(
        """asked => {
            document.body.insertAdjacentHTML("beforeend",
                '<div class="portone-ui-container" data-portone-ui-type="paypal-spb"></div>');
            IMP.loadUI("paypal-spb", asked, (answer) => answers.push(answer) && (message.textContent = "끝"));
            IMP.updateLoadUIRequest("paypal-spb", {...asked, amount: 12.5});
        }""",
        paypal | {"name": "apples", "amount": 1},
    )
    with page.expect_popup() as opened:
        page.get_by_role("button", name="PayPal").click()
    opened.value.get_by_role("button", name="결제 승인").click()
    assert answers_of(page)[0]["merchant_uid"] == "spb"
    row = shop.only_payment("spb")
    assert (row["status"], str(row["amount"]), row["currency"]) == ("paid", "12.5", "USD")


def test_what_is_refused_before_the_window_closes_it_and_makes_no_payment(page: Page, shop: Shop) -> None:
    with page.expect_popup() as opened:
        shop.ask(page, order="text", amount="39000", naverPopupMode=True)
    answer = answers_of(page)[0]
    assert (answer["imp_uid"], answer["error_msg"]) == (None, "amount 파라미터가 올바르지 않습니다. (number)")
    assert opened.value.is_closed()
    assert "text" not in shop.sandbox.world.attempts
