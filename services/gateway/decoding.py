"""From the gateway's bytes to payloads: no floats, nothing unknown lost, nothing odd an error."""

from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec

from services.gateway.fields import DEFAULTS, KNOWN_VALUES, MOST, READERS, WITHOUT_COLUMN, text, whole
from services.gateway.payloads import PagePayload, Payload, PaymentContents, PaymentPayload
from services.gateway.typed import Unusual, payment_contents, read_payment
from services.money import to_minor

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_raw_list = msgspec.json.Decoder(list[msgspec.Raw] | None)
_MISFITS = (ValueError, TypeError, KeyError, ArithmeticError)


class Unreadable(ValueError):
    """A row without an id or an amount."""


class _RawPage(msgspec.Struct):
    total: Any = None
    next: Any = None
    items: list[msgspec.Raw] | None = msgspec.field(default=None, name="list")


_raw_page = msgspec.json.Decoder(_RawPage, float_hook=Decimal)


class _Misread:
    """What of a row has no column or did not fit: kept and named."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.extra: dict[str, Any] = {}
        self.odd: list[tuple[str, str]] = []

    def keep(self, oddity: str, name: str, value: Any) -> None:
        self.extra[name] = value
        self.odd.append((oddity, f"{self.kind}.{text(name[:60])}"))


def payment(raw: bytes) -> PaymentPayload:
    """One payment. Raises Unreadable without imp_uid or amount."""
    try:
        one = read_payment(raw)
    except Unusual:
        return _odd_payment(raw)
    return PaymentPayload(one.imp_uid, _digest(raw), one, payment_contents)


def _odd_payment(raw: bytes) -> PaymentPayload:
    source, misread = _object(raw), _Misread("payment")
    fields = _fields(source, misread, handled=("amount", "cancel_amount", "cancel_history"))
    if not fields["imp_uid"]:
        raise Unreadable("payment")
    currency = fields["currency"]
    fields["amount"] = _amount(source.get("amount"), currency)
    fields["cancel_amount"] = _soft_amount("cancel_amount", source, currency, misread)
    history = _history(source.get("cancel_history"), currency, misread)
    contents = PaymentContents(fields, misread.extra, history)
    return PaymentPayload(fields["imp_uid"], _digest(raw), contents, _as_it_is, tuple(misread.odd))


def _as_it_is(contents: PaymentContents) -> PaymentContents:
    return contents


def schedule(raw: bytes) -> Payload:
    """One schedule. Raises Unreadable without merchant_uid or amount."""
    source, misread = _object(raw), _Misread("schedule")
    fields = _fields(source, misread, handled=("amount",))
    if not fields["merchant_uid"]:
        raise Unreadable("schedule")
    fields["amount"] = _amount(source.get("amount"), fields["currency"])
    return Payload(fields, misread.extra, _digest(raw), tuple(misread.odd))


def _plain(kind: str, key: str) -> Callable[[bytes], Payload]:
    def read(raw: bytes) -> Payload:
        misread = _Misread(kind)
        fields = _fields(_object(raw), misread, handled=())
        if not fields[key]:
            raise Unreadable(kind)
        return Payload(fields, misread.extra, _digest(raw), tuple(misread.odd))

    return read


billing_key = _plain("billing_key", "customer_uid")
channel = _plain("channel", "pg_provider")
code = _plain("code", "code")


def page(raw: bytes, read: Callable[[bytes], Any], asked: tuple[int, int] = (1, 0)) -> PagePayload[Any]:
    """A page `{total, previous, next, list}`, or a plain array. Raises DecodeError.

    `asked` is the page's number and the most rows of one: where no `next` came they say whether there is another.
    """
    number, limit = asked
    if raw.lstrip()[:1] == b"[":
        items, unreadable = rows(raw, read)
        here = len(items) + unreadable
        return PagePayload(here, number + 1 if here == limit else 0, items, unreadable)
    found = _raw_page.decode(raw)
    items, unreadable = _readable(found.items or [], read)
    total = _count(found.total, len(items))
    following = number + 1 if limit and number * limit < total else 0
    return PagePayload(total, _count(found.next, following), items, unreadable)


def rows(raw: bytes, read: Callable[[bytes], Any]) -> tuple[tuple[Any, ...], int]:
    """The readable rows of an array, and how many were not. Raises DecodeError where it is none."""
    return _readable(_raw_list.decode(raw) or [], read)


def _readable(raws: list[msgspec.Raw], read: Callable[[bytes], Any]) -> tuple[tuple[Any, ...], int]:
    items = []
    for raw in raws:
        try:
            items.append(read(bytes(raw)))
        except Unreadable:
            continue
    return tuple(items), len(raws) - len(items)


def _count(value: Any, otherwise: int) -> int:
    try:
        return whole(value)
    except _MISFITS:
        return otherwise


def _object(raw: bytes) -> dict[str, Any]:
    try:
        source = _decoder.decode(raw)
    except (msgspec.DecodeError, RecursionError, *_MISFITS):
        raise Unreadable("not JSON") from None
    if not isinstance(source, dict):
        raise Unreadable("not an object")
    return source


def _fields(source: dict[str, Any], misread: _Misread, *, handled: tuple[str, ...]) -> dict[str, Any]:
    kind = misread.kind
    readers, defaults = READERS[kind], DEFAULTS[kind]
    fields = {name: defaults.get(name) for name in readers}
    for name, value in source.items():
        reader = readers.get(name)
        if reader is None:
            _without_column(name, value, misread, handled)
        elif value is not None:
            try:
                fields[name] = reader(value)
            except _MISFITS:
                misread.keep("unreadable_field", name, value)
    for name, known in KNOWN_VALUES.get(kind, {}).items():
        value = fields[name]
        if value and value not in known and name in source:
            misread.odd.append(("unknown_value", f"{kind}.{name}={value[:40]}"))
    return fields


def _without_column(name: str, value: Any, misread: _Misread, handled: tuple[str, ...]) -> None:
    if name in handled:
        return
    if name not in WITHOUT_COLUMN:
        misread.keep("unknown_field", name, value)
    elif value:
        misread.extra[name] = value


def _amount(value: Any, currency: str) -> int:
    try:
        number = Decimal(text(value))
        # Before it becomes an int: 1e999999 would be a million digits.
        amount = to_minor(number, currency) if -MOST < number < MOST else MOST
    except _MISFITS:
        raise Unreadable("amount") from None
    if not -MOST < amount < MOST:
        raise Unreadable("amount")
    return amount


def _soft_amount(name: str, source: dict[str, Any], currency: str, misread: _Misread) -> int:
    value = source.get(name)
    if value is None:
        return 0
    try:
        return _amount(value, currency)
    except Unreadable:
        misread.keep("unreadable_field", name, value)
        return 0


def _history(value: Any, currency: str, misread: _Misread) -> tuple[Payload, ...]:
    if not value:
        return ()
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in entries):
        misread.keep("unreadable_field", "cancel_history", value)
        return ()
    found = []
    for entry in entries:
        inner = _Misread("cancellation")
        fields = _fields(entry, inner, handled=("amount",))
        fields["amount"] = _soft_amount("amount", entry, currency, inner)
        misread.odd.extend(inner.odd)
        found.append(Payload(fields, inner.extra, b""))
    return tuple(found)


def _digest(raw: bytes) -> bytes:
    return sha256(raw).digest()[:16]
