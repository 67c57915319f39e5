"""The snippet for a shop's own page: it says what was checked, and stays a script whatever the texts hold."""

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from services.checkout.javascript.syntax import named, parsed, text_of
from services.checkout.parameters.request import as_v1
from services.checkout.pasted import Verdict, check_pasted
from services.checkout.snippet import Snippet, snippet
from tests.checkout.requests import ANYBODY, BOOK, NOW, REQUESTS, checked

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "'\"`${alert(1)}",
    "a\\",
    "\\u003c/script>",
    "a\u2028b",
    "*/ alert(1) //",
    "&lt;&quot;",
)
BACK = {"m_redirect_url": "https://shop.example/back?a=1&b=2"}


def written(case: str, **changed: Any) -> tuple[Snippet, dict[str, Any]]:
    """A snippet, and what the window has to be told by it."""
    pg, request = REQUESTS[case][1], checked(case, **changed)
    return snippet(request, pg=pg, user_code="imp12345678"), as_v1(request, pg)


def told(page: str) -> dict[str, Any]:
    """The parameters that a page tells the window, read by a parser of JavaScript."""
    found: dict[str, Any] = json.loads(text_of(named(parsed(page), "request")), parse_float=Decimal)
    return found


class Tags(HTMLParser):
    """Counts the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.seen.append(tag)


@pytest.mark.parametrize("case", REQUESTS)
def test_it_tells_the_window_what_was_checked(case: str) -> None:
    page, request = written(case)
    assert told(page.page) == request


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    data = {name: [name]}
    page, _ = written("naver", name=name, naverProducts=[{**BOOK, "name": name}], custom_data=data, **BACK)
    assert not parsed(page.page).has_error
    found = told(page.page)
    assert (found["name"], found["naverProducts"][0]["name"], found["custom_data"]) == (name, name, data)
    assert Tags(page.page).seen == Tags(written("naver", **BACK)[0].page).seen
    assert "\u2028" not in page.page


@pytest.mark.parametrize("case", ["naver", "naver key", "inicis"])
@pytest.mark.parametrize("sdk", ["new", "old"])
def test_the_check_finds_nothing_but_the_age_of_the_old_sdk(case: str, sdk: str) -> None:
    old = {"channelKey": None, "pg": REQUESTS[case][1]} if sdk == "old" else {}
    page, _ = written(case, **old)
    found = check_pasted(page.page, pg=None if old else REQUESTS[case][1], merchant=ANYBODY, now=NOW)
    assert (found.kind, found.pg) == REQUESTS[case][:2]
    assert {one.verdict for one in found.parameters} == {Verdict.RIGHT}
    assert [one.template for one in found.findings] == (
        [
            "This is the old SDK: the new one is at https://cdn.iamport.kr/v1/iamport.js.",
            "Only the old SDK needs jQuery: the new one does without it.",
        ]
        if old
        else []
    )


def test_each_sdk_is_loaded_from_its_address() -> None:
    new = written("naver")[0].page
    old = written("naver", channelKey=None, pg="naverpay.MID")[0].page
    assert re.findall(r'src="([^"]+)"', new) == ["https://cdn.iamport.kr/v1/iamport.js"]
    jquery, sdk = re.findall(r'src="([^"]+)"', old)
    assert "jquery" in jquery
    assert sdk.startswith("https://cdn.iamport.kr/js/iamport.payment-")


def test_buyers_who_come_back_by_an_address_have_a_page_for_it() -> None:
    assert written("naver")[0].back is None
    back = written("naver", naverPopupMode=False, **BACK)[0].back
    assert back
    assert not parsed(back).has_error


def test_a_server_s_address_is_no_script_either() -> None:
    page = snippet(checked("naver"), pg="naverpay", user_code="imp12345678", server="/a</script><b>").page
    assert Tags(page).seen == Tags(written("naver")[0].page).seen
