"""The quick way for payments that are as the contract says: msgspec decodes a row straight into its types."""

from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Annotated, Any, Literal
from unicodedata import is_normalized

import msgspec

from services.gateway.fields import (
    COUNT_MOST,
    DEFAULTS,
    KNOWN_VALUES,
    LAST_MOMENT,
    MOST,
    READERS,
    WITHOUT_COLUMN,
    composed,
    count,
    currency,
    exact,
    flag,
    moment,
    text,
)
from services.gateway.payloads import Payload, PaymentContents
from services.money import to_minor

_TYPES: dict[Any, Any] = {
    text: str,
    exact: str,
    currency: str,
    count: Annotated[int, msgspec.Meta(ge=-COUNT_MOST, lt=COUNT_MOST)],
    moment: Annotated[int, msgspec.Meta(ge=0, le=LAST_MOMENT)],
    flag: bool,
}
_Money = Annotated[int, msgspec.Meta(ge=0, lt=MOST)] | Decimal
_CHECKED: dict[str, Any] = {
    "status": Literal[tuple(sorted(KNOWN_VALUES["payment"]["status"]))],
    "customer_uid_usage": Literal[(*sorted(KNOWN_VALUES["payment"]["customer_uid_usage"]), None)],
}


def _optional(kind: str) -> list[tuple[str, Any, Any]]:
    """A field that is never null here has its default; a null in its place is unusual."""
    defaults = DEFAULTS[kind]
    return [
        (name, _TYPES[reader] if name in defaults else _TYPES[reader] | None, defaults.get(name))
        for name, reader in READERS[kind].items()
    ]


_Cancellation = msgspec.defstruct(
    "_Cancellation",
    [("amount", _Money), *_optional("cancellation")],
    forbid_unknown_fields=True,
    gc=False,
)
_COLUMNS = ("amount", *READERS["payment"], "cancel_amount")
_KEPT = tuple(sorted(WITHOUT_COLUMN["payment"]))
_TEXTS = {kind: tuple(name for name, reader in READERS[kind].items() if reader is text) for kind in READERS}
_texts_of = {kind: itemgetter(*names) for kind, names in _TEXTS.items()}
_MOST_BRACKETS = 60
_kept_of = attrgetter(*_KEPT)
_Payment = msgspec.defstruct(
    "_Payment",
    [
        ("amount", _Money),
        *((name, _CHECKED.get(name, kind), default) for name, kind, default in _optional("payment")),
        ("cancel_amount", _Money, 0),
        ("cancel_history", list[_Cancellation] | None, None),  # type: ignore[valid-type] # made at run time
        *((name, Any, None) for name in _KEPT),
    ],
    forbid_unknown_fields=True,
    gc=False,
)
_decode: Any = msgspec.json.Decoder(_Payment, float_hook=Decimal).decode


class Unusual(Exception):
    """Not exactly as the contract says: to be read field by field."""


def read_payment(raw: bytes) -> Any:
    """A payment's struct, its amounts and those of its refunds in the smallest unit. Raises Unusual."""
    if b"\\" in raw and b"\\u0000" in raw:
        raise Unusual
    try:
        one = _decode(raw)
        if not one.imp_uid or (any(_kept_of(one)) and _nested(raw)):
            raise Unusual
        if not one.paid_at and one.status == "paid" and one.amount:
            raise Unusual
        # A Decimal may be zero, too: 0.0 and -0 are.
        small = type(one.amount) is int and type(one.cancel_amount) is int and not one.cancel_amount
        if one.cancel_history or one.currency != "KRW" or not small:
            _make_small(one)
    except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError):
        raise Unusual from None
    return one


def _nested(raw: bytes) -> bool:
    """Whether it may be nested too deep for whoever reads it next."""
    return raw.count(b"[") + raw.count(b"{") > _MOST_BRACKETS


def payment_contents(one: Any) -> PaymentContents:
    """What read_payment made, as dictionaries."""
    values = msgspec.structs.astuple(one)
    history, *kept = values[len(_COLUMNS) :]
    return PaymentContents(
        _composed("payment", dict(zip(_COLUMNS, values, strict=False))),
        {name: value for name, value in zip(_KEPT, kept, strict=True) if value} if any(kept) else {},
        tuple([_refund(one) for one in history]) if history else (),
    )


def _refund(one: Any) -> Payload:
    return Payload(_composed("cancellation", msgspec.structs.asdict(one)), {}, b"")


def _composed(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    texts = "".join(filter(None, _texts_of[kind](fields)))
    if not texts.isascii() and not is_normalized("NFC", texts):
        for name in _TEXTS[kind]:
            fields[name] = fields[name] and composed(fields[name])
    return fields


def _make_small(one: Any) -> None:
    if not one.currency.isupper():
        raise Unusual
    for holder in (one, *(one.cancel_history or ())):
        holder.amount = _small(holder.amount, one.currency)
    if not all(refund.cancelled_at or not refund.amount for refund in one.cancel_history or ()):
        raise Unusual
    one.cancel_amount = _small(one.cancel_amount, one.currency)


def _small(amount: int | Decimal, currency: str) -> int:
    if not -MOST < amount < MOST:  # before it becomes an int: 1e999999 would be a million digits
        raise Unusual
    if currency != "KRW" or type(amount) is not int:
        amount = to_minor(Decimal(amount), currency)
    if not 0 <= amount < MOST:
        raise Unusual
    return int(amount)
