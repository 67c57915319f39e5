"""From the gateway's bytes to payloads: nothing passes a float, nothing unknown is lost, nothing odd is an error."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import Any

import msgspec

from services.gateway.payloads import PagePayload, Payload, PaymentPayload
from services.money import to_minor

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_raw_list = msgspec.json.Decoder(list[msgspec.Raw])


class Unreadable(ValueError):
    """A row without an id or an amount."""


class _RawPage(msgspec.Struct):
    total: int = 0
    next: int | None = 0
    items: list[msgspec.Raw] = msgspec.field(default_factory=list, name="list")


_raw_page = msgspec.json.Decoder(_RawPage, strict=False)

Reader = Callable[[Any], Any]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError
    return str(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError
    number = int(value)
    if number != Decimal(value) or not -(2**62) < number < 2**62:
        raise ValueError
    return number


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "false": False, "1": True, "0": False, "Y": True, "N": False}
    return known[str(value)]


def _names(words: str, reader: Reader) -> dict[str, Reader]:
    return dict.fromkeys(words.split(), reader)


_PERSON = "buyer_name buyer_email buyer_tel buyer_addr buyer_postcode"
_CARD = "card_code card_issuer_code card_issuer_name card_publisher_code card_publisher_name card_number card_name"
PAYMENT: dict[str, Reader] = {
    **_names("imp_uid merchant_uid currency status", _text),
    **_names(f"pay_method channel pg_provider emb_pg_provider pg_tid pg_id apply_num bank_code bank_name {_CARD}", _text),
    **_names(f"vbank_code vbank_name vbank_num vbank_holder name {_PERSON} custom_data user_agent", _text),
    **_names("fail_reason cancel_reason receipt_url customer_uid customer_uid_usage", _text),
    **_names("sandbox escrow cash_receipt_issued", _flag),
    **_names("card_quota card_type vbank_date vbank_issued_at", _whole),
    **_names("started_at paid_at failed_at cancelled_at", _whole),
}
CANCELLATION: dict[str, Reader] = {
    **_names("cancellation_id pg_tid reason receipt_url", _text),
    **_names("cancelled_at", _whole),
}
SCHEDULE: dict[str, Reader] = {
    **_names(f"customer_uid merchant_uid imp_uid pg_provider pg_id customer_id currency name {_PERSON}", _text),
    **_names("custom_data schedule_status payment_status fail_reason", _text),
    **_names("schedule_at executed_at revoked_at", _whole),
}
BILLING_KEY: dict[str, Reader] = {
    **_names(f"customer_uid pg_provider pg_id customer_id {_CARD}", _text),
    **_names("customer_name customer_tel customer_email customer_addr customer_postcode", _text),
    **_names("sandbox", _flag),
    **_names("card_type inserted updated", _whole),
}
CHANNEL: dict[str, Reader] = {
    **_names("pg_provider pg_id type channel_name channel_key", _text),
    **_names("sandbox", _flag),
}
CODE: dict[str, Reader] = _names("code name", _text)

_WITHOUT_COLUMN = frozenset(
    "promotion deposit_history cancel_receipt_urls promotion_id succeededChannels failedChannels channelGroupId "
    "custom_data_json".split()
)
_DEFAULTS: dict[str, dict[str, Any]] = {
    "payment": {
        "merchant_uid": "", "currency": "KRW", "status": "unknown", "sandbox": False,
        "started_at": 0, "paid_at": 0, "failed_at": 0, "cancelled_at": 0,
    },
    "cancellation": {"cancelled_at": 0},
    "schedule": {"currency": "KRW", "schedule_status": "unknown", "executed_at": 0, "revoked_at": 0, "schedule_at": 0},
    "billing_key": {"sandbox": False, "inserted": 0, "updated": 0},
    "channel": {"pg_provider": "", "pg_id": "", "sandbox": False, "type": ""},
    "code": {},
}  # fmt: skip
_KNOWN_VALUES = {
    "payment.status": frozenset({"ready", "paid", "cancelled", "failed", "pending"}),
    "payment.customer_uid_usage": frozenset({"issue", "payment", "payment.scheduled"}),
    "schedule.schedule_status": frozenset({"scheduled", "executed", "revoked"}),
    "schedule.payment_status": frozenset({"paid", "failed", "cancelled"}),
}


def payment(raw: bytes) -> PaymentPayload:
    """One payment. Raises Unreadable without imp_uid or amount."""
    source = _object(raw)
    fields, extra, odd = _fields("payment", PAYMENT, source, handled=("amount", "cancel_amount", "cancel_history"))
    if not fields["imp_uid"]:
        raise Unreadable("payment")
    currency = fields["currency"]
    fields["amount"] = _amount(source.get("amount"), currency)
    fields["cancel_amount"] = _soft_amount("payment", "cancel_amount", source, currency, extra, odd)
    history = _history(source.get("cancel_history"), currency, extra, odd)
    return PaymentPayload(fields, extra, _digest(raw), tuple(odd), history)


def schedule(raw: bytes) -> Payload:
    """One schedule. Raises Unreadable without merchant_uid or amount."""
    source = _object(raw)
    fields, extra, odd = _fields("schedule", SCHEDULE, source, handled=("amount",))
    if not fields["merchant_uid"]:
        raise Unreadable("schedule")
    fields["amount"] = _amount(source.get("amount"), fields["currency"])
    return Payload(fields, extra, _digest(raw), tuple(odd))


def plain(kind: str, readers: Mapping[str, Reader]) -> Callable[[bytes], Payload]:
    """A reader of rows without amounts: billing keys, channels, codes."""

    def read(raw: bytes) -> Payload:
        fields, extra, odd = _fields(kind, readers, _object(raw), handled=())
        return Payload(fields, extra, _digest(raw), tuple(odd))

    return read


billing_key = plain("billing_key", BILLING_KEY)
channel = plain("channel", CHANNEL)
code = plain("code", CODE)


def page(raw: bytes, read: Callable[[bytes], Any]) -> PagePayload[Any]:
    """A page `{total, previous, next, list}`, or a plain array, which is a page by itself. Raises msgspec errors."""
    if raw.lstrip()[:1] == b"[":
        items, unreadable = rows(raw, read)
        return PagePayload(len(items) + unreadable, 0, items, unreadable)
    found = _raw_page.decode(raw)
    items, unreadable = _readable(found.items, read)
    return PagePayload(found.total, found.next or 0, items, unreadable)


def rows(raw: bytes, read: Callable[[bytes], Any]) -> tuple[tuple[Any, ...], int]:
    """The readable rows of an array, and how many were not."""
    return _readable(_raw_list.decode(raw), read)


def _readable(raws: list[msgspec.Raw], read: Callable[[bytes], Any]) -> tuple[tuple[Any, ...], int]:
    items = []
    for raw in raws:
        try:
            items.append(read(bytes(raw)))
        except Unreadable:
            continue
    return tuple(items), len(raws) - len(items)


def _object(raw: bytes) -> dict[str, Any]:
    source = _decoder.decode(raw)
    if not isinstance(source, dict):
        raise Unreadable("not an object")
    return source


def _fields(
    kind: str, readers: Mapping[str, Reader], source: dict[str, Any], *, handled: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]:
    defaults = _DEFAULTS[kind]
    fields = {name: defaults.get(name) for name in readers}
    extra: dict[str, Any] = {}
    odd: list[tuple[str, str]] = []
    for name, value in source.items():
        reader = readers.get(name)
        if reader is None:
            if name not in handled and value is not None:
                extra[name] = value
                if name not in _WITHOUT_COLUMN:
                    odd.append(("unknown_field", f"{kind}.{name[:60]}"))
        elif value is not None:
            try:
                fields[name] = value if reader is _text and value.__class__ is str else reader(value)
            except (ValueError, TypeError, KeyError, InvalidOperation, OverflowError):
                extra[name] = value
                odd.append(("unreadable_field", f"{kind}.{name}"))
    for name in ("status", "customer_uid_usage", "schedule_status", "payment_status"):
        known = _KNOWN_VALUES.get(f"{kind}.{name}")
        if known and fields.get(name) and fields[name] not in known:
            odd.append(("unknown_value", f"{kind}.{name}={fields[name][:40]}"))
    return fields, extra, odd


def _amount(value: Any, currency: str) -> int:
    try:
        number = value if value.__class__ is int else Decimal(_text(value))
        amount = to_minor(Decimal(number), currency)
    except (ValueError, InvalidOperation, OverflowError):
        raise Unreadable("amount") from None
    if abs(amount) >= 2**62:
        raise Unreadable("amount")
    return amount


def _soft_amount(
    kind: str, name: str, source: dict[str, Any], currency: str, extra: dict[str, Any], odd: list[tuple[str, str]]
) -> int:
    value = source.get(name)
    if value is None:
        return 0
    try:
        return _amount(value, currency)
    except Unreadable:
        extra[name] = value
        odd.append(("unreadable_field", f"{kind}.{name}"))
        return 0


def _history(
    value: Any, currency: str, extra: dict[str, Any], odd: list[tuple[str, str]]
) -> tuple[Payload, ...]:
    if not value:
        return ()
    found = []
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, dict):
            extra["cancel_history"] = value
            odd.append(("unreadable_field", "payment.cancel_history"))
            continue
        fields, more, new = _fields("cancellation", CANCELLATION, entry, handled=("amount",))
        fields["amount"] = _soft_amount("cancellation", "amount", entry, currency, more, new)
        odd.extend(new)
        found.append(Payload(fields, more, b"", ()))
    return tuple(found)


def _digest(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=16).digest()
