"""Text of others for people's eyes: signs that turn, hide or colour what stands beside them are shown as signs."""

import re

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_STEERS = "\u202a-\u202e\u2065-\u206f"
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2064\u3164\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
"""What is drawn as nothing and no part of any word, as a regular expression's set. With what steers, joins, selects
and tags it is Unicode's Default_Ignorable_Code_Point."""
_WITH_OTHERS = "\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WRITTEN = (
    "[\u200c\u200d\ufe0e\ufe0f]"
    f"|(?<=[{_HAN}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"
    "|(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
)
"""Of these, what real text needs: joiners, the looks of an emoji, of a Han sign in a name, and the flags of regions."""
_SHOWN = f"[{_CONTROLS}{_STEERS}{UNSEEN}{_WITH_OTHERS}\u2028\u2029\ufff9-\ufffb]"
_ANY_SHOWN = re.compile(_SHOWN)
_WRITTEN_OR_SHOWN = re.compile(f"({_WRITTEN})|{_SHOWN}")
_WRITTEN_OR_STEERS = re.compile(f"({_WRITTEN})|[{_CONTROLS}{_STEERS}\ud800-\udfff\U000e0000-\U000e0fff]")
_PICTURES = 0x2400


def harmless(text: str) -> str:
    """A text of others with control, bidirectional and unseen signs shown: ESC as ␛, others as �. Emoji stay whole."""
    return _WRITTEN_OR_SHOWN.sub(_picture, text) if _ANY_SHOWN.search(text) else text


def _picture(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    code = ord(found[0])
    return "␡" if code == 0x7F else chr(_PICTURES + code) if code < 0x20 else "\ufffd"


def in_json(text: str) -> str:
    """JSON in which such signs are escaped, so that it still says what it said."""
    return _WRITTEN_OR_SHOWN.sub(_escaped, text) if _ANY_SHOWN.search(text) else text


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return found[1] or "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def is_typeable(text: str) -> bool:
    """Whether a keyboard types it: no half of a sign, nothing that steers a terminal, turns or smuggles other text."""
    plain = text.isascii() and text.isprintable()
    return plain or all(found[1] for found in _WRITTEN_OR_STEERS.finditer(text))
