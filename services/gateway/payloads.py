"""What the gateway answers, typed: names are V1's, amounts in the smallest unit, times in UNIX seconds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from services.gateway.ids import hide_in

Item = TypeVar("Item")
Oddities = tuple[tuple[str, str], ...]
"""(kind, name) as in models.Oddity."""


class Payload(msgspec.Struct, frozen=True):
    """A payment, schedule, key, channel or code: `fields` by V1's name, complete and of the right type.

    `extra` holds what has no column or did not fit its own; `digest` hashes the answer's bytes.
    """

    fields: dict[str, Any]
    extra: dict[str, Any]
    digest: bytes
    oddities: Oddities = ()
    tier: str = ""
    """The sub-store that was asked; empty: the merchant's main store."""

    def __repr__(self) -> str:
        # A payload holds a buyer's name and number, and a repr ends up in logs.
        return f"<{type(self).__name__}>"


class PaymentContents(NamedTuple):
    """`fields` and `extra` as in Payload, and the refunds in the gateway's order."""

    fields: dict[str, Any]
    extra: dict[str, Any]
    cancel_history: tuple[Payload, ...]


class PaymentPayload(msgspec.Struct, frozen=True, gc=False):
    """A payment, decoded and checked. Its dictionaries are made when asked for: of a list, most are known already.

    The garbage collector, which would look at each of a page's thousands again and again, leaves it alone.
    """

    imp_uid: str
    digest: bytes
    decoded: Any
    read: Callable[[Any], PaymentContents]
    oddities: Oddities = ()
    tier: str = ""
    """As in Payload."""

    def contents(self) -> PaymentContents:
        """Its dictionaries, made anew at each call."""
        fields, extra, history = self.read(self.decoded)
        refunds = tuple(msgspec.structs.replace(one, fields=hide_in(one.fields, fields)) for one in history)
        return PaymentContents(hide_in(fields, fields), extra, refunds)

    def __repr__(self) -> str:
        return "<PaymentPayload>"

    @property
    def fields(self) -> dict[str, Any]:
        return self.contents().fields

    @property
    def extra(self) -> dict[str, Any]:
        return self.contents().extra

    @property
    def cancel_history(self) -> tuple[Payload, ...]:
        return self.contents().cancel_history


class NaverCashAmount(msgspec.Struct, frozen=True):
    """For how much of a Naver Pay payment a cash receipt may be issued, in won: by what, and its tax split."""

    amount_total: int
    amount_by_npoint: int
    amount_by_primary: int
    amount_supply: int
    amount_vat: int


class BalanceParts(msgspec.Struct, frozen=True):
    """One instrument's share of a payment, in won: how it is taxed, and the service charge."""

    tax_free: int = 0
    supply: int = 0
    vat: int = 0
    service: int = 0


class Balance(msgspec.Struct, frozen=True):
    """What a payment is made up of after refunds; `amount` is what it was at first. What is not told is nothing."""

    amount: int
    cash_receipt: BalanceParts | None = None
    primary: BalanceParts | None = None
    secondary: BalanceParts | None = None
    discount: BalanceParts | None = None


class CodeName(msgspec.Struct, frozen=True):
    """A bank or a card company by its standard code."""

    code: str
    name: str


class TierName(msgspec.Struct, frozen=True):
    """A sub-store by its code."""

    tier_code: str
    tier_name: str = ""


class Verification(msgspec.Struct, frozen=True):
    """What a person has to see of an identity verification; its phone is masked already. Never kept."""

    imp_uid: str
    pg_provider: str
    merchant_uid: str | None
    name: str | None
    birth_year: str | None
    phone: str | None
    certified: bool
    certified_at: int

    def __repr__(self) -> str:
        return "<Verification>"


class UnreadableRow(msgspec.Struct, frozen=True):
    """A row that cannot be kept: its id (empty where none could be read), why not (a code), and its bytes."""

    kind: str
    uid: str
    reason: str
    raw: bytes

    def __repr__(self) -> str:
        return "<UnreadableRow>"


@dataclass(frozen=True, slots=True, repr=False)
class PagePayload(Generic[Item]):
    """A page of a list; `next` is 0 at the end, `unreadable` are the rows that could not be understood.

    A plain array that is as long as the page asked for has a `next` by way of trial: it may be empty or the same.
    `known` are the digests by id of rows that were not read because whoever asked knows them; `sent` counts all rows.
    """

    total: int
    next: int
    items: tuple[Item, ...]
    unreadable: tuple[UnreadableRow, ...]
    known: Mapping[str, bytes]
    sent: int


@dataclass(frozen=True, slots=True, repr=False)
class Batch(Generic[Item]):
    """A look-up of several: what was found, the ids that were not, and the rows that could not be understood."""

    found: tuple[Item, ...]
    missing: tuple[str, ...]
    unreadable: tuple[UnreadableRow, ...] = ()


def of_store(answer: Any, tier: str) -> Any:
    """The same answer, of which each row says that a sub-store told it."""
    if isinstance(answer, Payload | PaymentPayload):
        return msgspec.structs.replace(answer, tier=tier)
    if isinstance(answer, PagePayload):
        return replace(answer, items=of_store(answer.items, tier))
    if isinstance(answer, Batch):
        return replace(answer, found=of_store(answer.found, tier))
    return tuple(of_store(one, tier) for one in answer) if type(answer) is tuple else answer
