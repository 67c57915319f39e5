"""What of a row tells who its buyer is, and the row without it: sums, ids, states and products stay."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.personal import hide_persons
from services.store.fold import phone_forms

Row = dict[str, Any]
_PERSON = ("name", "email", "tel", "addr", "postcode")
PAYMENT_FIELDS = (
    *(f"buyer_{name}" for name in _PERSON), "custom_data", "user_agent", "card_number", "vbank_num", "vbank_holder",
)  # fmt: skip
SCHEDULE_FIELDS = (*(f"buyer_{name}" for name in _PERSON), "custom_data")
KEY_FIELDS = (*(f"customer_{name}" for name in _PERSON), "card_number")
_EXTRA = frozenset({"promotion", "promotion_id", "channelGroupId", "succeededChannels"})
"""Fields without a column that speak of no buyer, and that sums or states go by."""
_REASONS = ("cancel_reason", "fail_reason")
_KNOWN = ("buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "vbank_holder", "vbank_num")
_SHORTEST = 2
_ANYBODY = "***"
_BEGINS = ("buyer_", "customer_", "refund_account", "refund_holder", "refund_tel")
_NAMED = frozenset(
    {
        "custom_data", "vbank_holder", "member_id", "phone", "email", "firstname", "lastname", "street", "zip",
        "address", "addr", "postcode", "tel", "receiver", "browser_ip", "card_end", "identifier", "identifier_end",
    }
)  # fmt: skip
_IDS = frozenset({"customer_uid", "customer_id"})
_OURS = frozenset({"sender"})
"""Parts of a request that speak of the shop."""


def anonymous_payment(values: Mapping[str, Any], refunds: Sequence[Mapping[str, Any]]) -> tuple[Row, list[Row]]:
    """A payment and its refunds without their buyer; the same once more for one that is so already."""
    known = _known(values)
    found = {**values, **_texts(values, _REASONS, known), **dict.fromkeys(PAYMENT_FIELDS)}
    if values["vbank_num"] is not None:
        found["vbank_num"] = ""  # that there is an account is a state: what waits for money goes by it
    found["extra"] = _extra(values["extra"])
    told = [{**one, **_texts(one, ("reason",), known), "extra": _extra(one.get("extra"))} for one in refunds]
    return found, told


def anonymous_schedule(values: Mapping[str, Any]) -> Row:
    """A schedule without its buyer."""
    told = _texts(values, ("fail_reason",), _known(values))
    return {**values, **told, **dict.fromkeys(SCHEDULE_FIELDS), "extra": _extra(values["extra"])}


def anonymous_key(values: Mapping[str, Any]) -> Row:
    """A billing key without its customer."""
    return {**values, **dict.fromkeys(KEY_FIELDS), "extra": _extra(values["extra"])}


def anonymous_request(request: str) -> str:
    """The JSON of what was asked for, of an operation or a link, without what it says of a buyer."""
    return json.dumps(_without(json.loads(request)), ensure_ascii=False, sort_keys=True)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: told if name in _OURS else _without(told) for name, told in value.items() if not _tells(name)}
    return [_without(one) for one in value] if isinstance(value, list) else value


def _tells(name: str) -> bool:
    return name not in _IDS and (name in _NAMED or name.startswith(_BEGINS))


def _extra(extra: str | None) -> str | None:
    kept = {name: value for name, value in json.loads(extra).items() if name in _EXTRA} if extra else {}
    if extra and len(kept) == len(json.loads(extra)):
        return extra  # byte for byte, whatever way its numbers are written
    return json.dumps(kept, ensure_ascii=False) if kept else None


def _known(values: Mapping[str, Any]) -> set[str]:
    texts = {text.strip() for name in _KNOWN if (text := values.get(name))}
    texts |= set(phone_forms(tel)) if (tel := values.get("buyer_tel")) else set()
    return {text for text in texts if len(text) >= _SHORTEST}


def _texts(values: Mapping[str, Any], names: Collection[str], known: Collection[str]) -> Row:
    return {name: _hidden(text, known) for name in names if (text := values.get(name))}


def _hidden(text: str, known: Collection[str]) -> str:
    for one in sorted(known, key=len, reverse=True):
        text = text.replace(one, _ANYBODY)
    return hide_persons(text)
