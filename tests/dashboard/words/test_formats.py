"""How values look: money, times, masks, and text from outside."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard.locale import in_language, set_language
from dashboard.words import formats
from dashboard.words.ways import channel_name, pg_and_method
from services.tables.v1 import Channel, Payment

Mask = Callable[[str | None], str | None]


@pytest.mark.parametrize(
    ("amount", "currency", "ko", "en"),
    [
        (1_234_567, "KRW", "1,234,567원", "₩1,234,567"),
        (-3_000, "KRW", "-3,000원", "-₩3,000"),
        (0, "KRW", "0원", "₩0"),
        (1_050, "USD", "USD 10.50", "USD 10.50"),
        (-100_000, "USD", "USD -1,000.00", "USD -1,000.00"),
        (5_000, "JPY", "JPY 5,000", "JPY 5,000"),
    ],
)
def test_money_reads_as_people_write_it(amount: int, currency: str, ko: str, en: str) -> None:
    with in_language("ko"):
        assert formats.money(amount, currency) == ko
    with in_language("en"):
        assert formats.money(amount, currency) == en


@pytest.mark.parametrize(
    ("n", "more", "ko", "en"), [(1_234, False, "1,234", "1,234"), (2_000, True, "최소 2,000", "2,000+")]
)
def test_a_count_that_stopped_takes_a_korean_counter(n: int, more: bool, ko: str, en: str) -> None:
    for language, said in (("ko", ko), ("en", en)):
        with in_language(language):
            assert formats.counted(n, more=more) == said


@pytest.mark.parametrize(
    ("pg", "method", "ko"),
    [
        ("html5_inicis", "card", "KG이니시스 · 카드"),
        ("payco", "payco", "페이코"),
        ("naverpay", "naverpay", "네이버페이 결제형"),
    ],
)
def test_a_pg_and_its_method_of_one_name_are_said_once(pg: str, method: str, ko: str) -> None:
    own: dict[str, Any] = {"pg_provider": pg, "pay_method": method}
    with in_language("ko"):
        assert pg_and_method(Payment(**own)) == ko


@pytest.mark.parametrize("name", ["정기결제", "정기결제 (테스트)", "정기결제(TEST)"])
def test_a_test_channel_is_marked_once(name: str) -> None:
    own: dict[str, Any] = {"pg_provider": "tosspayments", "pg_id": "MID1", "sandbox": True, "channel_name": name}
    with in_language("ko"):
        assert channel_name(Channel(**own)) == "토스페이먼츠 · 정기결제 (테스트)"


def test_a_live_channel_keeps_its_name_and_two_of_one_name_are_told_apart_by_their_mids() -> None:
    own: dict[str, Any] = {"pg_provider": "tosspayments", "channel_name": "정기결제 (테스트)"}
    first, second = (Channel(**own, pg_id=mid, sandbox=False) for mid in ("MID1", "MID2"))
    test = Channel(**own, pg_id="MID3", sandbox=True)
    with in_language("ko"):
        assert channel_name(first, [first]) == "토스페이먼츠 · 정기결제 (테스트)"
        assert channel_name(first, [first, second]) == "토스페이먼츠 · 정기결제 (테스트) · MID1"
        assert channel_name(test, [first, second, test]) == "토스페이먼츠 · 정기결제 (테스트) · MID3"


def test_a_column_of_won_reads_as_its_text_does() -> None:
    with in_language("ko"):
        assert formats.money_column_format("KRW") == "%,d원"
    with in_language("en"):
        assert formats.money_column_format("KRW") == "₩%,d"


def test_times_are_korean() -> None:
    assert formats.time(1_700_000_000) == "2023-11-15 07:13:20"


def test_a_time_of_zero_has_not_happened() -> None:
    assert formats.time(0) == formats.time(None) == "–"


@pytest.mark.parametrize(
    ("seconds", "ko"), [(0.4, "0초"), (59, "59초"), (150, "2분"), (7_300, "2시간"), (200_000, "2일")]
)
def test_a_length_of_time_is_told_in_its_largest_unit(seconds: float, ko: str) -> None:
    set_language("ko")
    assert formats.seconds(seconds) == ko
    set_language("en")


@pytest.mark.parametrize(
    ("mask", "whole", "masked"),
    [
        (formats.mask_name, "홍길동", "홍*동"),
        (formats.mask_name, "김철", "김*"),
        (formats.mask_name, "남궁민수", "남**수"),
        (formats.mask_phone, "010-1234-5678", "010-****-5678"),
        (formats.mask_phone, "01012345678", "010-****-5678"),
        (formats.mask_phone, "1234", "****"),
        (formats.mask_email, "hong@example.com", "ho***@…"),
        (formats.mask_rest, "서울시 중구", "***"),
    ],
)
def test_masks_leave_what_is_needed_to_recognise(mask: Mask, whole: str, masked: str) -> None:
    assert mask(whole) == masked
    assert mask(None) is None


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://evil.example/x.png)",
        "**bold**",
        "[a](javascript:alert(1))",
        "<img src=x>",
        "$x$ :red[y]",
    ],
)
def test_escaped_text_is_shown_as_it_was_typed(text: str) -> None:
    html = MarkdownIt("commonmark").render(formats.escape(text))
    for tag in ("<img", "<a ", "<strong", "<em", "<code"):
        assert tag not in html


@given(st.text(alphabet="[]()!<>*_`$:#-+.|~\\/@ahtps ", max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(formats.escape(text))
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "text_special", "softbreak"}


def test_who_did_not_say_for_whom_it_draws_hides_persons() -> None:
    """A fragment of a new screen may forget to."""
    assert Context().run(formats.shown, "연락처 010-1234-5678") == "연락처 010-****-5678"
    for known, said in ((None, "hong@example.com"), (frozenset({"hong@example.com"}), "hong@example.com")):

        def drawn(known: frozenset[str] | None = known) -> str:
            formats.hide_persons_but(known)
            return formats.shown("hong@example.com")

        assert Context().run(drawn) == said
