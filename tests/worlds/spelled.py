"""How people write the same thing, said a second time in plain Python: what a search must not depend on."""

import re
import unicodedata


def spelled(text: str | None) -> str:
    """Without case, width, composition, spaces and dashes."""
    return re.sub("[ -]", "", unicodedata.normalize("NFKC", text or "").lower())


def dialled(tel: str | None) -> str:
    """The digits that somebody in Korea dials for a phone, or for the part of one that is typed."""
    written = re.sub("[^0-9+]", "", unicodedata.normalize("NFKC", tel or ""))
    return re.sub(r"^(?:\+|00)820?|^820?(?=\d{8})", "0", written)


def in_phone(text: str, tel: str | None) -> bool:
    """Whether a number that is typed is (a part of) this phone."""
    if not re.fullmatch(r"[-+,.() 원₩0-9]*[0-9][-+,.() 원₩0-9]*", text):
        return False
    every = re.sub("[^0-9]", "", tel or "")
    return any(
        re.sub("[^0-9]", "", part) in (kept or "") for part in (text, dialled(text)) for kept in (every, dialled(tel))
    )
