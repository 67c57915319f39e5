"""A buyer pays by a link in the gateway's window: what the gateway says is what the page says."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from services.checkout import checkouts
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.one import get_billing_key
from services.store.lists.operations import operations_of_key
from services.store.lists.payments import search_payments
from services.tables.checkouts import AttemptState, Checkout, CheckoutState
from services.tables.journal import OperationState
from tests.browser.pay.conftest import Buyer
from tests.browser.pay.pay_shop import INICIS, PayShop

SUPPORT = Actor("support@shop.example", "screen")
APPROVE = re.compile("^결제 승인")
THANKS = {"ko": "결제되었습니다. 감사합니다.", "en": "Paid. Thank you."}
BUTTON = {"ko": "12,000원 결제하기", "en": "Pay KRW 12,000"}
ALREADY = {"ko": "이미 결제가 끝났습니다.", "en": "This has been paid already."}
ALTERED = "결제 내용이 도중에 바뀌었습니다."
INTERRUPTED = "F0005:결제가 중단되었습니다({imp_uid}).|사용자가 결제를 취소 하였습니다."


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def said(page: Page) -> str:
    """All that stands in the element of the gateway's words."""
    return str(page.locator("#error_msg").evaluate("it => it.textContent"))


def press_in_popup(page: Page, name: str) -> None:
    with page.expect_popup() as opened:
        page.locator("#pay").click()
    opened.value.get_by_role("button", name=re.compile(f"^{name}")).click()


def is_listed(shop: PayShop, imp_uid: str) -> bool:
    """Whether the store's list of payments shows it as paid."""
    with reading(shop.store) as conn:
        rows = search_payments(conn, PaymentFilter()).rows
    return [(one.status, one.amount) for one in rows if one.imp_uid == imp_uid] == [("paid", 12_000)]


@pytest.mark.parametrize(
    ("language", "width", "way"),
    [
        ("ko", 1280, "naver popup"),
        ("en", 1280, "naver"),
        ("en", 1280, "inicis popup"),
        ("ko", 380, "inicis"),
        ("en", 380, "naver popup"),
        ("ko", 380, "naver"),
    ],
)
def test_a_link_is_paid_once_listed_and_says_so_ever_after(
    buyer: Buyer, pay_shop: PayShop, language: str, width: int, way: str
) -> None:
    page = buyer(language, width)
    link = pay_shop.by_popup() if way == "naver popup" else pay_shop.link(pg=INICIS if "inicis" in way else "naverpay")
    pay_shop.open(page, link)
    expect(page.locator("#pay")).to_have_text(BUTTON[language])
    if "popup" in way:
        press_in_popup(page, "결제 승인")
    else:
        page.locator("#pay").click()
        page.get_by_role("button", name=APPROVE).click()
    title(page, THANKS[language])
    assert pay_shop.state(link) == CheckoutState.PAID
    [order] = pay_shop.orders(link)
    assert order.imp_uid is not None
    assert is_listed(pay_shop, order.imp_uid)
    page.reload()
    title(page, THANKS[language])
    if "popup" not in way:
        # Back to the window, which has ended, and back to the page that led there.
        page.go_back()
        page.go_back()
    else:
        pay_shop.open(page, link)
    title(page, ALREADY[language])
    expect(page.locator("#pay")).to_have_count(0)
    assert len(pay_shop.orders(link)) == 1
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    ("language", "popup", "button", "words"),
    [
        ("ko", False, "취소", INTERRUPTED),
        ("en", True, "취소", INTERRUPTED),
        ("en", False, "이 문구로 실패", "  <b>한도 초과</b>  'E-01' & \"그 밖\" "),
    ],
    ids=["ko cancelled", "en cancelled in a popup", "en failed"],
)
def test_a_refusal_stands_alone_byte_for_byte_and_back_leads_to_another_order(
    buyer: Buyer, pay_shop: PayShop, language: str, popup: bool, button: str, words: str
) -> None:
    page, link = buyer(language, 1280), pay_shop.by_popup() if popup else pay_shop.link()
    pay_shop.open(page, link)
    if popup:
        press_in_popup(page, button)
    else:
        page.locator("#pay").click()
        page.locator("[name=words]").fill(words)
        page.get_by_role("button", name=re.compile(f"^{button}")).click()
    title(page, {"ko": "결제되지 않았습니다.", "en": "It was not paid."}[language])
    [first] = pay_shop.orders(link)
    assert said(page) == words.format(imp_uid=first.imp_uid)
    assert first.state == AttemptState.FAILED
    if popup:
        page.get_by_role("link", name={"ko": "다시 시도", "en": "Try again"}[language]).click()
        press_in_popup(page, "결제 승인")
    else:
        page.go_back()
        page.go_back()
        page.locator("#pay").click()
        page.get_by_role("button", name=APPROVE).click()
    title(page, THANKS[language])
    assert {one.merchant_uid: one.state for one in pay_shop.orders(link)}[first.merchant_uid] == AttemptState.FAILED
    assert pay_shop.held(link) == [12_000]


def test_what_the_browser_kept_in_memory_is_read_anew(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    pay_shop.open(phone, link)
    expect(phone.locator("#pay")).to_be_enabled()
    with phone.expect_navigation():
        phone.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert len(pay_shop.orders(link)) == 2


def ask_for_less(page: Page, amount: int) -> None:
    """The page's script asks for another amount than it was served with."""
    changed = f"{{...data.param, amount: {amount}}},"
    page.route(
        "**/pay/static/pay.js",
        lambda route: route.fulfill(body=route.fetch().text().replace("data.param,", changed)),
    )


def test_an_amount_changed_in_the_page_opens_no_window(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    ask_for_less(phone, 100)
    pay_shop.open(phone, link)
    phone.locator("#pay").click()
    expect(phone.locator("#error_msg")).not_to_be_empty()
    phone.unroute_all()
    assert said(phone) == pay_shop.sandbox.switches.prepare_words
    assert (pay_shop.state(link), pay_shop.held(link)) == (CheckoutState.STARTED, [])


@pytest.mark.parametrize("where", ["page", "window"])
def test_another_amount_than_was_asked_for_goes_back_and_the_order_stays_open(
    phone: Page, pay_shop: PayShop, where: str
) -> None:
    link, switches = pay_shop.link(), pay_shop.sandbox.switches
    if where == "page":
        pay_shop.sandbox.switches = replace(switches, prepare_checked=False)
        ask_for_less(phone, 100)
    pay_shop.to_window(phone, link)
    if where == "page":
        phone.get_by_role("button", name=APPROVE).click()
    else:
        phone.locator("[name=amount]").fill("100")
        phone.get_by_role("button", name=re.compile("^이 금액으로 승인")).click()
    title(phone, ALTERED)
    phone.unroute_all()
    pay_shop.sandbox.switches = switches
    assert pay_shop.state(link) == CheckoutState.MISMATCH
    pay_shop.wait_until(lambda: pay_shop.held(link) == [0])
    pay_shop.to_window(phone, link)
    phone.get_by_role("button", name=APPROVE).click()
    title(phone, THANKS["ko"])
    assert pay_shop.held(link) == [0, 12_000]


def close_after_approval(page: Page, shop: PayShop, webhook: str) -> Checkout:
    """The buyer approves and never comes back."""
    link = shop.link()
    shop.to_window(page, link)
    page.locator("[name=webhook]").select_option(webhook)
    page.get_by_role("button", name=re.compile("^승인하고 돌아가지 않음")).click()
    page.goto("about:blank")
    return link


def test_a_tab_closed_after_the_approval_is_found_by_webhook(phone: Page, pay_shop: PayShop) -> None:
    link = close_after_approval(phone, pay_shop, "after")
    # Nobody would look before 20 seconds are over.
    pay_shop.wait_until(lambda: pay_shop.state(link) == CheckoutState.PAID, seconds=15)
    assert is_listed(pay_shop, str(pay_shop.orders(link)[0].imp_uid))


def test_a_tab_closed_after_the_approval_is_found_without_webhooks(phone: Page, pay_shop: PayShop) -> None:
    link = close_after_approval(phone, pay_shop, "never")
    [order] = pay_shop.orders(link)
    assert (order.look_at - order.began_at, order.state) == (20, AttemptState.STARTED)
    pay_shop.set_order(order.merchant_uid, look_at=order.began_at)
    pay_shop.wait_until(lambda: pay_shop.state(link) == CheckoutState.PAID)
    assert is_listed(pay_shop, str(pay_shop.orders(link)[0].imp_uid))


def test_who_comes_back_without_the_payments_id_finds_it_paid(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    pay_shop.to_window(phone, link)
    phone.get_by_role("button", name=re.compile("^승인하고 imp_uid 없이")).click()
    title(phone, THANKS["ko"])


def test_a_key_is_registered_and_then_charged(buyer: Buyer, pay_shop: PayShop) -> None:
    page, link = buyer("en"), pay_shop.link(0, customer_uid="member_77")
    pay_shop.open(page, link)
    expect(page.get_by_text("Nothing is charged now.")).to_be_visible()
    page.locator("#pay").click()
    page.get_by_role("button", name=re.compile("^등록")).click()
    title(page, "Registered. Thank you.")
    assert pay_shop.state(link) == CheckoutState.REGISTERED
    assert "member_77" in pay_shop.sandbox.world.billing_keys
    now = pay_shop.sandbox.clock()
    with reading(pay_shop.store) as conn:
        key = get_billing_key(conn, "member_77")
    assert key is not None
    wanted = wanted_charge("after-link", key, ChargeForm(9_900, "베이직 월간"), minimum=100, now=now)
    journal.record(pay_shop.store, wanted, SUPPORT, now)

    def is_charged() -> bool:
        with reading(pay_shop.store) as conn:
            return [one.state for one in operations_of_key(conn, "member_77")] == [OperationState.SUCCEEDED]

    pay_shop.wait_until(is_charged)
    charged = [row for row in pay_shop.sandbox.payments.values() if row["customer_uid"] == "member_77"]
    assert sorted((row["status"], row["amount"]) for row in charged if row["amount"]) == [("paid", 9_900)]
    pay_shop.open(page, link)
    title(page, "A payment method has been registered already.")


def test_of_two_who_pay_one_link_one_pays_and_the_other_has_it_back(
    buyer: Buyer, phone: Page, pay_shop: PayShop
) -> None:
    other, link = buyer("en", 1280), pay_shop.link()
    for page in (phone, other):
        pay_shop.to_window(page, link)
    for page in (phone, other):
        page.get_by_role("button", name=APPROVE).click()
    title(phone, THANKS["ko"])
    title(other, "This payment is being cancelled.")
    pay_shop.wait_until(lambda: pay_shop.held(link) == [0, 12_000])


def test_a_link_for_two_is_paid_twice_and_no_more(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link(uses=2)
    for _ in range(2):
        pay_shop.to_window(phone, link)
        phone.get_by_role("button", name=APPROVE).click()
        title(phone, THANKS["ko"])
    pay_shop.open(phone, link)
    title(phone, ALREADY["ko"])
    assert pay_shop.held(link) == [12_000, 12_000]


def test_who_stands_at_a_window_of_a_withdrawn_link_has_it_back(phone: Page, pay_shop: PayShop) -> None:
    link = pay_shop.link()
    pay_shop.to_window(phone, link)
    with writing(pay_shop.store) as conn:
        checkouts.withdraw(conn, link.id, SUPPORT, pay_shop.sandbox.clock())
    phone.get_by_role("button", name=APPROVE).click()
    title(phone, "이 결제는 취소됩니다.")
    pay_shop.wait_until(lambda: pay_shop.held(link) == [0])


def test_an_order_of_another_link_is_told_nothing(phone: Page, pay_shop: PayShop) -> None:
    link, other = pay_shop.link(), pay_shop.link()
    pay_shop.open(phone, link)
    order = pay_shop.orders(link)[0].merchant_uid
    answer = phone.goto(f"{pay_shop.url}/pay/{other.token}/return?merchant_uid={order}&error_msg=hello")
    assert answer is not None
    assert answer.status == 404
    assert "hello" not in phone.content()
