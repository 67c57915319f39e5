"""What a file of links has become: its rows, with each link's address and words to the buyer, as a file."""

import json
from collections.abc import Callable, Iterable

from services.checkout.files.link_files import FileLink
from services.checkout.files.link_rows import COLUMNS
from services.clock import DAY
from services.exports.csv_text import csv_text

from dashboard.locale import LANGUAGES
from dashboard.words import formats
from dashboard.words.links import link_message

_OWN = ("link", "state", "expires_at", "address", *(f"message_{language}" for language in LANGUAGES))

RESULT = ("row", *COLUMNS, *_OWN)
"""The columns of the file."""


def result_file(links: Iterable[FileLink], address_of: Callable[[str], str], shop: str) -> str:
    """A line a link, in the file's order; times are in Korea."""
    return csv_text([RESULT, *(_line(one, address_of(one.token), shop) for one in links)])


def _line(link: FileLink, address: str, shop: str) -> list[object]:
    request, days = json.loads(link.request), (link.expires_at - link.made_at) // DAY
    asked = {"product": _product(request), "customer_id": request.get("customer_id"), "days": days, **link._asdict()}
    texts = link_message.texts_of(link, address, shop)
    return [
        link.file_row, *(asked[name] for name in COLUMNS),
        link.id, link.state, formats.time(link.expires_at), address, *(texts[language] for language in LANGUAGES),
    ]  # fmt: skip


def _product(request: dict[str, object]) -> object:
    match request:
        case {"naverProducts": [{"uid": uid}, *_]}:
            return uid
    return request.get("naverProductCode", "")
