"""The quick way for payments that are as the contract says: msgspec decodes a row straight into its types."""

from decimal import Decimal
from typing import Annotated, Any

import msgspec

from services.gateway.fields import (
    COUNT_MOST,
    DEFAULTS,
    KNOWN_VALUES,
    LAST_MOMENT,
    MOST,
    READERS,
    WITHOUT_COLUMN,
    count,
    flag,
    moment,
    text,
)
from services.money import to_minor

_TYPES: dict[Any, Any] = {
    text: str | None,
    count: Annotated[int, msgspec.Meta(ge=-COUNT_MOST, lt=COUNT_MOST)] | None,
    moment: Annotated[int, msgspec.Meta(ge=0, le=LAST_MOMENT)] | None,
    flag: bool | None,
}


def _optional(kind: str) -> list[tuple[str, Any, Any]]:
    return [(name, _TYPES[reader], None) for name, reader in READERS[kind].items()]


_Cancellation = msgspec.defstruct(
    "_Cancellation",
    [("amount", Decimal), *_optional("cancellation")],
    forbid_unknown_fields=True,
    gc=False,
)
_KEPT = tuple(sorted(WITHOUT_COLUMN))
_Payment = msgspec.defstruct(
    "_Payment",
    [
        ("amount", Decimal),
        *_optional("payment"),
        ("cancel_amount", Decimal | None, None),
        ("cancel_history", list[_Cancellation] | None, None),  # type: ignore[valid-type] # made at run time
        *((name, Any, None) for name in _KEPT),
    ],
    forbid_unknown_fields=True,
)
_decode = msgspec.json.Decoder(_Payment, float_hook=Decimal).decode
_DEFAULTS = tuple(DEFAULTS["payment"].items())
_STATUSES = KNOWN_VALUES["payment"]["status"]
_USAGES = KNOWN_VALUES["payment"]["customer_uid_usage"] | {None}


class Unusual(Exception):
    """Not exactly as the contract says: to be read field by field."""


Row = tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]


def read_payment(raw: bytes) -> Row:
    """Fields, extra and cancellations of a payment. Raises Unusual."""
    if b"\\u0000" in raw:
        raise Unusual
    try:
        fields = msgspec.structs.asdict(_decode(raw))
        if fields["status"] not in _STATUSES or fields["customer_uid_usage"] not in _USAGES or not fields["imp_uid"]:
            raise Unusual
        for name, default in _DEFAULTS:
            if fields[name] is None:
                fields[name] = default
        extra = {name: value for name in _KEPT if (value := fields.pop(name))}
        return fields, extra, _amounts(fields)
    except (msgspec.DecodeError, ValueError, ArithmeticError):
        raise Unusual from None


def _amounts(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """Amounts to the smallest unit, in place; the cancellations, converted too."""
    currency = fields["currency"]
    fields["amount"] = _small(fields["amount"], currency)
    cancelled = fields["cancel_amount"]
    fields["cancel_amount"] = _small(cancelled, currency) if cancelled else 0
    history = fields.pop("cancel_history")
    if not history:
        return []
    found = []
    for one in history:
        entry = msgspec.structs.asdict(one)
        entry["amount"] = _small(entry["amount"], currency)
        entry["cancelled_at"] = entry["cancelled_at"] or 0
        found.append(entry)
    return found


def _small(amount: Decimal, currency: str) -> int:
    if not -MOST < amount < MOST:  # before it becomes an int: 1e999999 would be a million digits
        raise Unusual
    if currency == "KRW":
        whole_amount = int(amount)
        if whole_amount != amount:
            raise Unusual
    else:
        whole_amount = to_minor(amount, currency)
    if not -MOST < whole_amount < MOST:
        raise Unusual
    return whole_amount
