"""Signs that nobody sees are shown as signs, whatever they are; what real text needs of them stays."""

import json
import sys
import unicodedata

import pytest

from services.plain_text import harmless, in_json, is_typeable
from services.typed_text import typed

# DerivedCoreProperties.txt: Other_Default_Ignorable_Code_Point + Cf + Variation_Selector, without White_Space,
# the annotation signs, Egyptian format controls and the prepended marks of numbers, which all are drawn.
OTHER = (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9), 0xE0000,
         *range(0xE0002, 0xE0020), *range(0xE0080, 0xE0100), *range(0xE01F0, 0xE1000))  # fmt: skip
SELECTORS = (*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
DRAWN = {*range(0xFFF9, 0xFFFC), *range(0x13430, 0x13440), *range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891,
         0x08E2, 0x110BD, 0x110CD}  # fmt: skip
FORMAT = {code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"}
UNSEEN = {*OTHER, *SELECTORS} | FORMAT - DRAWN
NEEDED = {0x200C, 0x200D, 0xFE0E, 0xFE0F}
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def test_every_sign_that_is_drawn_as_nothing_is_shown_but_what_real_text_needs() -> None:
    assert len(UNSEEN) > 4_100
    assert {code for code in UNSEEN if harmless(f"a{chr(code)}b") != "a\ufffdb"} == NEEDED
    assert {code for code in NEEDED if harmless(f"a{chr(code)}b") != f"a{chr(code)}b"} == set()


def test_nothing_else_is_changed_but_controls_line_ends_and_annotations() -> None:
    letters = (chr(code) for code in range(sys.maxunicode + 1) if code not in UNSEEN)
    changed = {sign for sign in letters if harmless(sign) != sign}
    controls = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))} - {*"\t\n\r"}
    assert changed == {*controls, "\u2028", "\u2029", "\ufff9", "\ufffa", "\ufffb"}


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧 가족",
        "❤️ 1️⃣",
        "☎︎",
        f"{ENGLAND} 축구",
        f"a{ENGLAND}{ENGLAND}b",
        "葛\U000e0100飾",
        "﨑\ufe00",
        "می‌خواهم",
        "\uac01",
        "\u1100\u1161\u11a8",
    ],
)
def test_emoji_flags_and_names_stay_whole_and_may_be_typed(text: str) -> None:
    assert harmless(text) == text
    assert in_json(text) == text
    assert is_typeable(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("환불\U000e0041\U000e0042", "환불��"),
        ("🏴" + "\U000e0061" * 7 + "\U000e007f", "🏴" + "�" * 8),
        ("🏴\U000e0067\U000e0062", "🏴��"),
        ("🏳\U000e0067\U000e0062\U000e0065\U000e007f", "🏳����"),
        ("홍\u3164길동\uffa0\u115f\u1160", "홍�길동���"),
        ("a\U000e0100", "a�"),
        ("葛\U000e0100\U000e0101", "葛\U000e0100�"),
        ("a\u206a\u2065\u034f", "a���"),
        ("\x1b[31m\x7f\x85", "␛[31m␡�"),
    ],
)
def test_what_hides_is_shown_sign_for_sign(text: str, shown: str) -> None:
    assert harmless(text) == shown
    told = in_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(told) == text
    assert harmless(told) == told


@pytest.mark.parametrize(
    "sign", ["\U000e0041", "\U000e0001", "\U000e0100", "\u206a", "\u206f", "\u2065", "\u202e", "\x1b", "\ud83d"]
)
def test_what_steers_or_smuggles_is_not_typed(sign: str) -> None:
    assert not is_typeable(f"변심{sign}환불")


@pytest.mark.parametrize("sign", ["\n", "\t", "\u200d", "\ufe0f", "\u00ad", "\u200b", "\u200f", "ㅤ"])
def test_what_keyboards_and_web_pages_put_in_may_be_typed(sign: str) -> None:
    assert is_typeable(f"변심{sign}환불")


def test_nothing_unseen_alone_is_a_reason() -> None:
    alone = UNSEEN - NEEDED - {*range(0xFE00, 0xFE10)}
    assert not [code for code in alone if typed(f" {chr(code)} ") and is_typeable(chr(code))]
