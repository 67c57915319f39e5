"""From the gateway's bytes to payloads: no floats, nothing unknown lost, nothing odd an error."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, Generic

import msgspec

from services.gateway import lenient
from services.gateway.fields import DEFAULTS, KNOWN_VALUES, MOST, READERS, WITHOUT_COLUMN, exact, text, whole
from services.gateway.ids import hide_in
from services.gateway.payloads import Item, PagePayload, Payload, PaymentContents, PaymentPayload, UnreadableRow
from services.gateway.typed import Unusual, payment_contents, read_payment
from services.money import to_minor

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_raw_list = msgspec.json.Decoder(list[msgspec.Raw] | None)
_MISFITS = (ValueError, TypeError, KeyError, ArithmeticError)
_NOT_TAKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_RAW_MOST = 16_384
_HALF = slice(16, 32)
"""Of every digest: the other half where the same bytes come to be read to another row, so that lists bring it anew."""


_Bytes = msgspec.Raw | bytes
Unlike = Callable[[Mapping[str, bytes]], Collection[str]]
"""Of rows' digests by their ids, the ids whose rows are worth reading: the others are known as they are."""


class Unreadable(ValueError):
    """A row that cannot be kept; its reason is one of models.UnreadableReason."""


class RowKind(Generic[Item]):
    """A kind of row: the name of its id, and how one is read. Reading raises Unreadable."""

    def __init__(self, name: str, key: str, read: Callable[[bytes, bytes], Item]) -> None:
        self.name, self.key, self.read = name, key, read
        """`read` takes the row's bytes and their digest."""
        self._id = msgspec.json.Decoder(msgspec.defstruct("_Id", [(key, str)], gc=False))

    def __call__(self, raw: bytes) -> Item:
        return self.read(raw, _digest(raw))

    def uid_of(self, raw: _Bytes) -> str:
        """Its id without reading the row; empty where it takes that to tell."""
        try:
            return exact(getattr(self._id.decode(raw), self.key))
        except _NOT_TAKEN:
            return ""


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


def _payment(raw: bytes, digest: bytes) -> PaymentPayload:
    try:
        one = read_payment(raw)
    except Unusual:
        return _odd_payment(raw, digest)
    return PaymentPayload(one.imp_uid, digest, one, payment_contents)


def _odd_payment(raw: bytes, digest: bytes) -> PaymentPayload:
    source, misread = _object(raw), _Misread("payment")
    fields = _fields(source, misread, handled=("amount", "cancel_amount", "cancel_history"))
    if not fields["imp_uid"]:
        raise Unreadable("no_id")
    currency = _currency(fields, misread)
    fields["amount"] = _amount("amount", source, currency)
    if _lacks_its_day(fields, misread.extra):
        raise Unreadable("paid_at")
    fields["cancel_amount"] = _amount("cancel_amount", {"cancel_amount": 0} | _told(source), currency)
    history = _history(source.get("cancel_history"), currency, misread)
    contents = PaymentContents(fields, misread.extra, history)
    return PaymentPayload(fields["imp_uid"], digest, contents, _as_it_is, tuple(misread.odd))


def _lacks_its_day(fields: dict[str, Any], extra: dict[str, Any]) -> bool:
    """Whether its money would be in no day's sum. Revoked before anything was paid it has no day, and needs none."""
    paid = fields["status"] == "paid" and fields["amount"] and not fields["paid_at"]
    return bool(paid) or ("paid_at" in extra and fields["status"] in ("paid", "cancelled"))


def _as_it_is(contents: PaymentContents) -> PaymentContents:
    return contents


def _schedule(raw: bytes, digest: bytes) -> Payload:
    source, misread = _object(raw), _Misread("schedule")
    fields = _fields(source, misread, handled=("amount",))
    if not fields["merchant_uid"]:
        raise Unreadable("no_id")
    fields["amount"] = _amount("amount", source, _currency(fields, misread))
    return Payload(hide_in(fields, fields), misread.extra, digest, tuple(misread.odd))


def _plain(kind: str, key: str) -> RowKind[Payload]:
    def read(raw: bytes, digest: bytes) -> Payload:
        misread = _Misread(kind)
        fields = _fields(_object(raw), misread, handled=())
        if not fields[key]:
            raise Unreadable("no_id")
        return Payload(hide_in(fields, fields), misread.extra, digest, tuple(misread.odd))

    return RowKind(kind, key, read)


payment = RowKind("payment", "imp_uid", _payment)
schedule = RowKind("schedule", "merchant_uid", _schedule)
billing_key = _plain("billing_key", "customer_uid")
channel = _plain("channel", "pg_provider")
receipt = _plain("receipt", "apply_num")
delivery = _plain("delivery", "invoice")


def page(
    raw: bytes, kind: RowKind[Item], asked: tuple[int, int] = (1, 0), unlike: Unlike | None = None
) -> PagePayload[Item]:
    """A page `{total, previous, next, list}`, or a plain array. Raises DecodeError.

    `asked` is the page's number and the most rows of one: where no `next` came they say whether there is another.
    With `unlike` only rows that it names are read, the others are `known`.
    """
    number, limit = asked
    if raw.lstrip()[:1] == b"[":
        raws = _raws(raw, kind)
        total, told = len(raws), number + 1 if len(raws) == limit else 0
    else:
        found = _page_of(raw, kind)
        raws = found.items or []
        told = _count(found.next, -1)
        so_far = (number - 1) * limit + len(raws)
        total = _count(found.total, so_far + (told > number))
        # A `next` that leads nowhere or back is none: what asks for the next page must come to an end.
        if told < 0:
            told = number + 1 if limit and number * limit < total else 0
        told = told if told > number and raws else 0
    items, unreadable, known = _news(raws, kind, unlike) if unlike else (*_readable(_digested(raws), kind), {})
    return PagePayload(total, told, items, unreadable, known, len(raws))


def _page_of(raw: bytes, kind: RowKind[Any]) -> _RawPage:
    try:
        return _raw_page.decode(raw)
    except _NOT_TAKEN as error:
        if isinstance(error, msgspec.ValidationError) and raw.lstrip()[:1] != b"{":
            raise
        parts = lenient.members(raw)
        total, following = (_value(parts.get(name, b"null")) for name in ("total", "next"))
        return _RawPage(total, following, [msgspec.Raw(row) for row in _raws(parts.get("list", b"null"), kind)])


def rows(raw: bytes, kind: RowKind[Item]) -> tuple[tuple[Item, ...], tuple[UnreadableRow, ...]]:
    """The rows of an array, and those that are not readable. Raises DecodeError where it is none."""
    return _readable(_digested(_raws(raw, kind)), kind)


def _raws(raw: bytes, kind: RowKind[Any]) -> Sequence[_Bytes]:
    try:
        return _raw_list.decode(raw) or []
    except msgspec.ValidationError:
        entries = list(lenient.members(raw).values()) if raw.lstrip()[:1] == b"{" else []
        if not entries:
            raise
        # PHP writes a list that lost a row as an object: {"1": {…}}. One by itself is a row.
        return entries if all(entry[:1] == b"{" for entry in entries) else [raw]
    except _NOT_TAKEN:
        return lenient.rows(raw, kind.key)


def _digested(raws: Iterable[_Bytes]) -> Iterator[tuple[_Bytes, bytes]]:
    return ((raw, _digest(raw)) for raw in raws)


def _readable(
    rows: Iterable[tuple[_Bytes, bytes]], kind: RowKind[Item]
) -> tuple[tuple[Item, ...], tuple[UnreadableRow, ...]]:
    items, unreadable = [], []
    for raw, digest in rows:
        try:
            items.append(kind.read(bytes(raw), digest))
        except Unreadable as reason:
            unreadable.append(unreadable_row(bytes(raw), kind, str(reason)))
    return tuple(items), tuple(unreadable)


def _news(
    raws: Sequence[_Bytes], kind: RowKind[Item], unlike: Unlike
) -> tuple[tuple[Item, ...], tuple[UnreadableRow, ...], dict[str, bytes]]:
    """Of rows under one id the last one counts; what cannot be read is told of each."""
    uids, digested = [kind.uid_of(raw) for raw in raws], list(_digested(raws))
    known = {uid: digest for uid, (_raw, digest) in zip(uids, digested, strict=True) if uid}
    for uid in unlike(known):
        del known[uid]
    fresh = [row for uid, row in zip(uids, digested, strict=True) if uid not in known]
    earlier = [row for uid, row in zip(uids, digested, strict=True) if known.get(uid, row[1]) != row[1]]
    items, unreadable = _readable(fresh, kind)
    return items, unreadable + _readable(earlier, kind)[1], known


def unreadable_row(raw: bytes, kind: RowKind[Any], reason: str) -> UnreadableRow:
    """What is kept of a row that cannot be: its id where one stands in it somewhere."""
    named = re.search(rb'"%s"\s*:\s*("(?:[^"\\]|\\.){1,80}"|[0-9]{1,40})' % kind.key.encode(), raw)
    uid = _value(named[1]) if named else ""
    return UnreadableRow(kind.name, exact(uid), reason, raw[:_RAW_MOST])


def prepared(raw: bytes) -> tuple[int, str] | None:
    """Amount and currency that are registered for an order; None where they are no money."""
    source = _object(raw)
    try:
        currency = text(source.get("currency") or "KRW")
        return _amount("amount", source, currency), currency
    except (*_MISFITS, Unreadable):
        return None


def _value(raw: bytes) -> Any:
    """A plain value however it is spelled; None where it is none."""
    try:
        return _decoder.decode(lenient.mended(raw))
    except (*_NOT_TAKEN, *_MISFITS):
        return None


def _count(value: Any, otherwise: int) -> int:
    try:
        return whole(value)
    except _MISFITS:
        return otherwise


def _object(raw: bytes) -> dict[str, Any]:
    try:
        source = _decoder.decode(lenient.shallow(raw))
    except (*_NOT_TAKEN, *_MISFITS):
        source = _value(raw)
    if not isinstance(source, dict):
        raise Unreadable("no_object")
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
    if name not in WITHOUT_COLUMN.get(misread.kind, ()):
        misread.keep("unknown_field", name, value)
    elif value:
        misread.extra[name] = value


def _currency(fields: dict[str, Any], misread: _Misread) -> str:
    if "currency" in misread.extra:
        raise Unreadable("currency")
    return str(fields["currency"])


def _told(source: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in source.items() if value is not None}


def _amount(name: str, source: dict[str, Any], currency: str) -> int:
    """An amount in the smallest unit, 0 or more. Never a guess: raises Unreadable with its name."""
    try:
        number = Decimal(text(source.get(name)))
        # Before it becomes an int: 1e999999 would be a million digits.
        amount = to_minor(number, currency) if -MOST < number < MOST else MOST
    except _MISFITS:
        raise Unreadable(name) from None
    if not 0 <= amount < MOST:
        raise Unreadable(name)
    return amount


def _history(value: Any, currency: str, misread: _Misread) -> tuple[Payload, ...]:
    if not value:
        return ()
    entries = value if isinstance(value, list) else _numbered(value)
    if not all(isinstance(entry, dict) for entry in entries):
        misread.keep("unreadable_field", "cancel_history", value)
        return ()
    found = []
    for entry in entries:
        inner = _Misread("cancellation")
        fields = _fields(entry, inner, handled=("amount",))
        try:
            fields["amount"] = _amount("amount", entry, currency)
        except Unreadable:
            raise Unreadable("refund_amount") from None
        if fields["amount"] and not fields["cancelled_at"]:
            raise Unreadable("refund_time")
        misread.odd.extend(inner.odd)
        found.append(Payload(fields, inner.extra, b""))
    return tuple(found)


def _numbered(value: Any) -> list[Any]:
    """PHP writes a list that lost an entry as an object: {"1": …}."""
    return list(value.values()) if isinstance(value, dict) and "amount" not in value else [value]


def _digest(raw: _Bytes) -> bytes:
    return sha256(raw).digest()[_HALF]
