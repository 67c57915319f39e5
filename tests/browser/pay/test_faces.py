"""Each face of the buyer's page: nothing serious for axe-core, no wider than the phone, and words that stay words."""

import random
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from services.tables.checkouts import AttemptState
from tests.browser.pay.conftest import Buyer
from tests.browser.pay.faces import faces_of
from tests.browser.pay.pay_shop import SHOP, PayShop
from tests.worlds.seeds import seeds

_SERIOUS = """
async () => (await axe.run({ resultTypes: ['violations'] })).violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.map(node => [one.id, node.target.join(' '), node.failureSummary]))
"""
_WIDER = "document.documentElement.scrollWidth - innerWidth"
MINIMUM = {"ko": "최소 결제 금액은 100원입니다", "en": "less than minimum amount (100 won)"}
NOTHING_TO_SEND = ("under-minimum", "link-paid", "link-expired", "link-withdrawn")


@pytest.fixture(scope="module")
def faces(pay_shop: PayShop) -> dict[str, str]:
    return faces_of(pay_shop)


@pytest.mark.parametrize(("language", "width", "scheme"), [("ko", 380, "light"), ("en", 1280, "dark")])
def test_every_face_is_within_reach_of_everybody(
    buyer: Buyer, faces: dict[str, str], language: str, width: int, scheme: str
) -> None:
    page, found = buyer(language, width, scheme), {}
    for name, address in faces.items():
        page.goto(address)
        page.evaluate(AXE_SCRIPT)
        found[name] = page.evaluate(_SERIOUS) + [["wide"]] * (page.evaluate(_WIDER) > 0)
        if name != "unknown":
            expect(page.locator("header")).to_have_text(SHOP)
        if width < 500 and (button := page.locator("button, a.button")).count():
            assert button.first.evaluate("it => it.offsetWidth") > width * 0.8, name
    assert found == {name: [] for name in faces}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_below_the_minimum_its_sentence_stands_alone_and_nothing_is_sent(
    buyer: Buyer, pay_shop: PayShop, faces: dict[str, str], language: str
) -> None:
    page, prepared = buyer(language), dict(pay_shop.sandbox.world.prepared)
    page.goto(faces["under-minimum"])
    assert page.get_by_role("heading", level=1).evaluate("it => it.textContent") == MINIMUM[language]
    assert pay_shop.sandbox.world.prepared == prepared


def test_where_nothing_can_be_paid_there_is_no_button_and_no_script(phone: Page, faces: dict[str, str]) -> None:
    for name in NOTHING_TO_SEND:
        phone.goto(faces[name])
        assert phone.locator("#pay, script").count() == 0, name


@pytest.mark.parametrize("name", ["checking", "waiting"])
def test_a_page_that_waits_shows_by_itself_what_came_of_it(
    phone: Page, pay_shop: PayShop, faces: dict[str, str], name: str
) -> None:
    phone.clock.install()
    phone.goto(faces[name])
    before = phone.get_by_role("heading", level=1).text_content()
    [order] = parse_qs(urlsplit(faces[name]).query)["merchant_uid"]
    pay_shop.set_order(order, state=AttemptState.PAID.value)
    phone.clock.run_for(31_000)
    expect(phone.get_by_role("heading", level=1)).to_have_text("결제되었습니다. 감사합니다.")
    assert before != "결제되었습니다. 감사합니다."


PIECES = (
    "</script><script>document.title='evil'</script>",
    "<img src=//evil.example/x onerror=\"document.title='evil'\">",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "'\"><svg/onload=document.title='evil'>",
    "\u202eevil\u2066 &lt;b&gt; <!-- ]]>",
    "javascript:document.title='evil'//",
    "\u200f\u061c홍길동\u202d",
    "👩‍👩‍👧‍👦𠜎𝕏🇰🇷",
    "<style>@import '//evil.example/x'</style><base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "%3Cscript%3E \\u003cscript\\u003e \\x3c",
    "가" * 400,
    "a" * 900,
    "\r\n\t 두  칸 \r",
)
HALF = "%ED%A0%BD"
"""Half of an emoji, as no text can hold it."""


def hostile(seed: int) -> Iterator[str]:
    """Texts without end, each of some pieces."""
    chance = random.Random(seed)
    first = PIECES[seed % len(PIECES)]
    while True:
        pieces = [first, *chance.sample(PIECES, chance.randint(0, 2))]
        chance.shuffle(pieces)
        yield "".join(pieces)


@pytest.mark.parametrize("seed", range(seeds(50, least=6)))
def test_words_of_others_are_words_and_fetch_nothing(phone: Page, pay_shop: PayShop, seed: int) -> None:
    texts = hostile(seed)
    name, message = next(texts), next(texts)[:300]
    product = {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": name, "name": name, "count": 1}
    link = pay_shop.unchecked(name=name, naverPopupMode=False, naverProducts=[product], custom_data={name: name})
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.on("dialog", lambda dialog: asked.append(dialog.message))
    pay_shop.open(phone, link)
    expect(phone.locator("#pay")).to_be_enabled()
    assert phone.locator("tbody td").first.evaluate("it => it.textContent") == shown(name)
    assert phone.evaluate("data.param.name") == name
    assert phone.evaluate(_WIDER) <= 0
    order = pay_shop.orders(link)[0].merchant_uid
    for told in (quote(message), HALF + quote(message[:200])):
        query = urlencode({"merchant_uid": order, "error_code": message})
        phone.goto(f"{pay_shop.url}/pay/{link.token}/return?{query}&error_msg={told}")
        # What is no text is shown as a sign for it, one for each byte.
        expected = message if told != HALF + quote(message[:200]) else "\ufffd" * 3 + message[:200]
        assert phone.locator("#error_msg").evaluate("it => it.textContent") == expected
        assert phone.evaluate(_WIDER) <= 0
    assert "evil" not in phone.title()
    assert phone.locator("img, svg, iframe, style, base, script").count() == 0
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}


def shown(text: str) -> str:
    """As HTML has it, which knows no carriage returns."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
