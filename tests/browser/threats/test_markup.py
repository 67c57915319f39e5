"""Buyer text as markup: of five hundred payloads in every field of a payment, none asks another host for anything."""

import itertools
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dashboard.commands.demo import free_port
from dashboard.words.formats import escape, hide_persons_but
from services.store.engine import writing
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.sync import set_mark
from tests.browser.servers import serving
from tests.dashboard.screens.test_hostile import live
from tests.worlds.screens.screens import empty_store, payment
from tests.worlds.seeds import seeds

FORMS = [
    "![a]({0})", "[![a]({0})]({0})", "[a]({0})", "![a][1]\n\n[1]: {0}", "<{0}>", "{0}", "a\n\n![b]({0} \"t\")\n\nc",
    "| a |\n|---|\n| ![b]({0}) |", "> ![a]({0})", "- ![a]({0})", "# ![a]({0})", ":red[![a]({0})]",
    "`a` ![b]({0}) `c", "\\![a]({0})", "$\\includegraphics{{{0}}}$", "$$\\href{{{0}}}{{a}}$$", "<img src={0}>",
    "<img src='{0}' onerror=alert(1)>", "<script src={0}></script>", "<svg><image href={0} /></svg>",
    "<iframe src={0}></iframe>",
    "<link rel=stylesheet href={0}>", "<style>@import url({0});</style>", "<b style='background:url({0})'>a</b>",
    "<meta http-equiv=refresh content='0;url={0}'>",
]  # fmt: skip
"""Ways to have a reader's browser load what stands at an address."""
PLACES = [
    "https://evil.example/{0}.png", "http://evil.example/{0}", "//evil.example/{0}.svg", "HTTPS://EVIL.EXAMPLE/{0}",
    "https:\\\\evil.example/{0}.png", "ftp://evil.example/{0}", "https://evil.example:8443/{0}", "ws://evil.example/{0}",
    "https://a@evil.example/{0}", "https://evil.example/{0}.png?a=%3Cb%3E", "https://evil.example/{0}#a",
    "www.evil.example/{0}",
    "https://xn--9i1bu7z.example/{0}", "https://evil。example/{0}.png", "https://203.0.113.7/{0}.png",
    "https://[2001:db8::1]/{0}.png", "http:evil.example/{0}", "https:/evil.example/{0}", "\thttps://evil.example/{0}",
    "https://evil.example/\u202e{0}",
]  # fmt: skip
PAYLOADS = [form.format(place.format(n)) for n, (form, place) in enumerate(itertools.product(FORMS, PLACES))]
_FIELDS = ("name", "buyer_name", "buyer_email", "buyer_addr", "fail_reason", "cancel_reason", "card_name", "vbank_name",
           "vbank_holder", "pg_tid", "apply_num", "channel", "bank_name")  # fmt: skip
LISTS = ("", "payments", "refunds", "customer?imp_uid=imp_000000000000")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on one payment for each payload, which stands in every text of it; a third of them refunded."""
    folder, port, now = tmp_path_factory.mktemp("markup"), free_port(), int(time.time())
    engine = empty_store(folder)
    with writing(engine) as conn:
        rows = [_payment(n, now, words) for n, words in enumerate(PAYLOADS)]
        upsert_payments(conn, rows, as_of=now * 1000)
        for name, value in (("as_of", str(now)), ("backfilled", "1")):
            set_mark(conn, name, value, now)
    engine.dispose()
    with serving(port, folder):
        yield f"http://127.0.0.1:{port}"


def _payment(n: int, now: int, words: str) -> PaymentWrite:
    status, amount = ("failed", 9_000) if n % 3 == 1 else ("paid", 10_000)
    made = {"cancellation_id": f"c{n}", "pg_tid": words, "amount": 3_000, "cancelled_at": now, "reason": words}
    refunded = {} if n % 3 else {"refunds": [made], "cancel_amount": 3_000}
    return payment(f"imp_{n:012}", now - 60 * n, status, amount, **dict.fromkeys(_FIELDS, words), **refunded)


def test_no_payload_is_more_than_text_once_it_is_escaped() -> None:
    assert len(set(PAYLOADS)) == 500
    hide_persons_but(None)
    assert sum(bool(live(words)) for words in PAYLOADS) > 250
    assert [words for words in PAYLOADS if live(escape(words))] == []


def test_no_screen_of_them_asks_another_host_for_anything(page: Page, hostile: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    step = len(PAYLOADS) // seeds(len(PAYLOADS), least=3)
    for path in [*LISTS, *(f"payment?imp_uid=imp_{n:012}" for n in range(0, len(PAYLOADS), step))]:
        page.goto(f"{hostile}/{path}")
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert len(asked) > len(LISTS)
    assert [
        url for url in asked if not url.startswith((hostile, hostile.replace("http", "ws"), "data:", "blob:"))
    ] == []
