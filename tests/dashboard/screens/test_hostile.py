"""Text of others is text: on no page do words of a buyer or of the gateway become a link, markup, colour or a turn."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from google.protobuf.message import Message
from markdown_it import MarkdownIt
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.navigation import ENTRIES
from dashboard.screens.payments.slips import is_slip
from dashboard.words.formats import escape, hide_persons_but
from services.operations.journal.audit import Actor
from services.plain_text import harmless
from tests.worlds.screens.screens import run_page
from tests.worlds.screens.words_store import FAILED_UID, UID, words_store

TURNED = "\u202eevil\u2066x\u200f\u200b"
PAYLOAD = (
    f"evil ![x](https://evil.example/x.png) <img src=//evil.example> **굵게** :red[x] $x$ "
    f"https://evil.example/a www.evil.example evil@evil.example ftp://evil.example {TURNED} \x1b[31m\x1b]8;;http://evil.example\x07"
)
ODD = "O-evil-![x](http://evil.example)-www.evil.example-\u202e1"
_LINKS = re.compile(r"(https?://|www\.)[-.\w]|[-.\w+]@[-\w]+\.[-\w]", re.IGNORECASE)
_FIELDS = ("name", "buyer_name", "buyer_addr", "fail_reason", "cancel_reason", "card_name", "vbank_name",
           "vbank_holder",           "pg_tid", "apply_num", "pg_id", "channel", "bank_name")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A merchant whose every text is hostile, with operations in every kind of state."""
    return words_store(
        tmp_path_factory.mktemp("hostile"), PAYLOAD, _FIELDS, "evil_key_1", ODD,
        refund={"cancellation_id": ODD, "pg_tid": PAYLOAD, "receipt_url": "https://evil.example/slip"},
        of_key={"pg_provider": PAYLOAD, "customer_name": PAYLOAD},
        booked={"buyer_name": PAYLOAD},
        reason="evil https://evil.example",
        who=Actor("evil@evil.example", PAYLOAD),
    )  # fmt: skip


def strings(message: Message, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a protobuf message with the name of its field."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated and not isinstance(value, str | bytes) else [value]:
            if isinstance(one, Message):
                yield from strings(one, field.name)
            elif isinstance(one, str):
                yield (f"{path}.{field.name}", one)


def drawn(at: AppTest) -> Iterator[tuple[str, str, str]]:
    """The kind, field and text of all that a page draws."""
    for node in at._tree:
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            for field, text in strings(proto):
                yield type(node).__name__, field, text


def live(text: str) -> set[str]:
    """What a Markdown reader with GitHub's links would make of a text besides text."""
    kinds = {child.type for token in MarkdownIt("commonmark").parse(text) for child in token.children or ()}
    found = kinds & {"image", "link_open", "html_inline"}
    plain = " ".join(child.content for token in MarkdownIt("commonmark").parse(text) for child in token.children or ())
    return found | ({"autolink"} if _LINKS.search(plain) else set())


PAGES = [
    *((entry.name, {}) for entry in ENTRIES),
    ("payment", {"imp_uid": UID}),
    ("payment", {"imp_uid": FAILED_UID}),
    ("customer", {"imp_uid": UID}),
    ("refund", {"imp_uid": UID}),
    ("charge", {"customer_uid": "evil_key_1"}),
    ("book_schedule", {"customer_uid": "evil_key_1"}),
    ("billing_key", {"customer_uid": "evil_key_1"}),
    ("key_deletion", {"customer_uid": "evil_key_1"}),
    ("operation", {"number": "1"}),
    ("link", {"link": "1"}),
    ("schedule", {"merchant_uid": f"{ODD}4"}),
    ("schedule", {"merchant_uid": f"{ODD}2"}),
    ("payments", {"q": "evil"}),
    ("refunds", {}),
]


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_no_word_of_others_is_more_than_text_on_any_page(name: str, query: dict[str, str]) -> None:
    at = run_page(name, query=query)
    seen = 0
    for kind, field, text in drawn(at):
        if "evil" not in text or kind in ("Json",):
            continue
        seen += 1
        turns = {unicodedata.name(sign, hex(ord(sign))) for sign in text if harmless(sign) != sign and sign != "\u2060"}
        assert not turns or field.endswith(("query_string", ".id")), (kind, field, text)
        if kind not in ("Text", "Code", "Dataframe", "Table") and field.rpartition(".")[2] in ("body", "label", "help"):
            assert not live(text), (kind, field, text)
    assert seen or not query
    for table in (*at.dataframe, *at.table):
        for text in map(str, table.value.to_numpy().ravel()):
            shown = text.replace("\u2060", "")
            assert harmless(shown) == shown, (name, text)


@pytest.mark.parametrize("text", [PAYLOAD, ODD, "HTTPS://evil.example", "a WWW.evil.example", "mailto:x@evil.example"])
def test_an_escaped_text_holds_no_link_and_reads_as_it_was(text: str) -> None:
    hide_persons_but(None)
    assert live(text)
    assert not live(escape(text))
    shown = "".join(one.content for one in MarkdownIt("commonmark").parseInline(escape(text))[0].children or ())
    assert shown.replace("\u2060", "") == harmless(text)


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://iniweb.inicis.com/DefaultWebApp/mall/cr/cm/mCmReceipt_head.jsp?noTid=1", True),
        ("https://receipts.example.com/cancel/1", True),
        ("http://iniweb.inicis.com/x", False),
        ("https://evil.example/inicis.com", False),
        ("https://inicis.com.evil.example/", False),
        ("https://eviliniciscom.example/", False),
        ("https://evilinicis.com/", False),
        ("https://inicis.com@evil.example/", False),
        ("https://inicis.com:8443/", False),
        ("https://evil.example\\.inicis.com/", False),
        ("https://inicis.com\t.evil.example/", False),
        ("https://іnicis.com/", False),
        ("javascript:alert(1)//inicis.com", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_a_page_of_slips_of_a_known_pg_is_a_link(address: str, known: bool) -> None:
    assert is_slip(address) == known


@pytest.mark.parametrize(
    ("name", "param"),
    [("payments", "after"), ("payment", "imp_uid"), ("refund", "imp_uid"), ("charge", "customer_uid"),
     ("book_schedule", "customer_uid"), ("billing_key", "customer_uid"), ("key_deletion", "customer_uid"),
     ("schedule", "merchant_uid"),
     ("payments", "pg"),
     ("recovery", "pg"), ("schedules", "customer_uid")],
)  # fmt: skip
def test_an_address_with_a_sign_that_nobody_types_is_a_page_without_it(name: str, param: str) -> None:
    at = run_page(name, query={param: "a\0b"})
    assert param not in at.query_params
