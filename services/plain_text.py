"""Text of others for people's eyes: signs that turn, hide or colour what stands beside them are shown as signs."""

import re

_BIDIRECTIONAL = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_WITHOUT_WIDTH = (
    0x00AD,
    0x180E,
    0x200B,
    0x2028,
    0x2029,
    0x2060,
    *range(0x2061, 0x2065),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
)
_PICTURES = 0x2400
_HARMLESS = {
    **{code: chr(_PICTURES + code) for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: "␡",
    **dict.fromkeys((*range(0x80, 0xA0), *_BIDIRECTIONAL, *_WITHOUT_WIDTH), "\ufffd"),
}
_SHOWN = frozenset(map(chr, _HARMLESS))
_ANY_SHOWN = re.compile(f"[{re.escape(''.join(sorted(_SHOWN)))}]")
_COLOURS_OR_TURNS = frozenset(chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), *_BIDIRECTIONAL[3:])) - {
    *"\t\n\r"
}


def harmless(text: str) -> str:
    """The same with control, bidirectional and invisible signs shown: ESC as ␛, others as �. Joiners of emoji stay."""
    return text.translate(_HARMLESS) if _ANY_SHOWN.search(text) else text


def in_json(text: str) -> str:
    """JSON in which such signs are escaped, so that it still says what it said."""
    return "".join(sign if sign not in _SHOWN else f"\\u{ord(sign):04x}" for sign in text)


def is_typeable(text: str) -> bool:
    """Whether a keyboard types it: no half of a sign, nothing that steers a terminal or turns what stands behind it."""
    plain = text.isascii() and text.isprintable()
    return plain or not any(sign in _COLOURS_OR_TURNS or "\ud800" <= sign <= "\udfff" for sign in text)
