"""What may go with a charge or a booking besides: who buys, taxes, points, the shop's own notes; by PG, checked."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.amounts import read_amount
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.operations.actions.parameters.contacts import require_contact
from services.tables.v1 import BillingKey
from services.typed_text import checked, typed

_FILE = Path(__file__).with_name("extras.toml")
BUYER = ("buyer_name", "buyer_tel", "buyer_email", "buyer_addr", "buyer_postcode")
FLAGS = ("interest_free_by_merchant", "use_card_point")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "product_type": ("real", "digital"),
    "cash_receipt_type": ("person", "company", "anonymous"),
}
NAMES = ("vat_amount", *BUYER, *CHOICES, *FLAGS, "promotion_id", "custom_data", "notice_url", "channel_key")
EXTRAS = "extras"
"""Under which a row's request has them."""
YES = "true"
"""What a flag is typed as."""
_LONGEST = {"buyer_name": 16, "buyer_tel": 16, "buyer_email": 64, "buyer_addr": 128, "buyer_postcode": 8,
            "custom_data": 1_000, "notice_url": 500}  # fmt: skip
_PROMOTION = re.compile(r"promotion-id-[A-Za-z0-9_-]{1,80}")


def offered(key: BillingKey, *, books: bool) -> tuple[str, ...]:
    """The names that a key's PG takes; all of them where its PG is not known yet."""
    return tuple(name for name in NAMES if _takes(name, key, books=books))


def wanted_by(pg: str | None) -> tuple[str, ...]:
    """The names that a PG wants in every case."""
    return tuple(name for name, rule in _rules().items() if pg in rule.get("wanted", ()))


def channels_of(key: BillingKey) -> tuple[str, ...]:
    """The channels (channel_key) of a super billing key, by which it can be charged; none of any other."""
    found = json.loads(key.extra or "{}").get("succeededChannels") or ()
    rows = found if isinstance(found, list) else ()
    keys = (one.get("channel_key") or one.get("channelKey") for one in rows if isinstance(one, dict))
    return tuple(str(one) for one in keys if one)


def checked_extras(
    given: Mapping[str, str],
    key: BillingKey,
    mistakes: Mistakes,
    *,
    books: bool,
    amount: int,
    currency: str,
    tax_free: int | None,
    quota: int = 0,
) -> dict[str, Any]:
    """What was typed, by V1's names, amounts in the smallest unit; each mistake is noted. `amount` 0: none is known."""
    told = {name: text for name, one in given.items() if (text := typed(one))}
    for name in wanted_by(key.pg_provider):
        if name not in told:
            mistakes.add(InvalidRequest("This PG wants this field.", field=name))
    found: dict[str, Any] = {}
    for name, text in told.items():
        if name not in offered(key, books=books):
            mistakes.add(InvalidRequest("This PG does not take this.", field=name))
            continue
        found[name] = mistakes.read(partial(_read, name, text, key, currency), None)
    if found.get("vat_amount") is not None and amount:
        mistakes.read(lambda: checked_vat(found["vat_amount"], tax_free or 0, amount), None)
    if found.get("interest_free_by_merchant") and quota < 2:
        mistakes.add(InvalidRequest("Only instalments have interest.", field="interest_free_by_merchant"))
    return {name: value for name, value in found.items() if value is not None}


def checked_vat(vat: int, tax_free: int, amount: int) -> int:
    """VAT of an amount. Raises InvalidRequest unless it fits in beside the tax-free part."""
    if vat < 0 or vat + tax_free > amount:
        raise InvalidRequest("VAT and tax-free part lie within the amount.", field="vat_amount")
    return vat


def _read(name: str, text: str, key: BillingKey, currency: str) -> Any:
    if name == "vat_amount":
        return read_amount(text, currency, name)
    if name in FLAGS:
        return _chosen(name, text, (YES,)) == YES
    if name in CHOICES:
        return _chosen(name, text, CHOICES[name])
    if name == "channel_key":
        return _chosen(name, text, channels_of(key))
    return _checks().get(name, _plain)(name, text)


def _checks() -> Mapping[str, Callable[[str, str], str]]:
    return {"buyer_tel": _contact, "buyer_email": _contact, "promotion_id": _promotion, "notice_url": _address}


def _contact(name: str, text: str) -> str:
    require_contact(name, text)
    return _plain(name, text)


def _promotion(name: str, text: str) -> str:
    if not _PROMOTION.fullmatch(text):
        raise InvalidRequest("A promotion's id begins with promotion-id-.", field=name)
    return _plain(name, text)


def _address(name: str, text: str) -> str:
    parts = urlsplit(_plain(name, text))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or re.search(r"\s", text):
        raise InvalidRequest("An address that the gateway can call, like https://shop.example/hook.", field=name)
    return text


def _plain(name: str, text: str) -> str:
    return checked(text, name, most=_LONGEST.get(name, 100))


def _chosen(name: str, text: str, known: Sequence[str]) -> str:
    if text not in known:
        raise InvalidRequest("One of: {known}.", field=name, known=", ".join(known))
    return text


def _takes(name: str, key: BillingKey, *, books: bool) -> bool:
    if name == "channel_key":
        return bool(channels_of(key))
    rule = _rules().get(name)
    return rule is None or key.pg_provider is None or key.pg_provider in rule["book" if books else "charge"]


@cache
def _rules() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: rule for name, rule in found.items() if isinstance(rule, dict)}
