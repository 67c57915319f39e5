"""What is sent to change something: amounts in the smallest unit here, V1's numbers in the body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.money import to_major


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """POST /payments/cancel. `checksum` is the balance believed in; the rest by V1's names, amounts apart."""

    imp_uid: str
    amount: int
    checksum: int
    currency: str
    reason: str
    requester: str
    tax_free: int | None = None
    vat_amount: int | None = None
    account: Mapping[str, str] = field(default_factory=dict)
    """refund_bank, refund_account, refund_holder, refund_tel."""
    flags: tuple[str, ...] = ()
    """Of enable_webhook and retain_promotion those that are wanted."""

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without a positive amount: V1 would refund everything that is left."""
        if self.amount <= 0:
            raise ValueError("a refund names a positive amount")
        return {
            "imp_uid": self.imp_uid,
            "amount": to_major(self.amount, self.currency),
            "checksum": to_major(self.checksum, self.currency),
            "reason": self.reason,
            "extra": {"requester": self.requester},
            **_majors(self.currency, tax_free=self.tax_free, vat_amount=self.vat_amount),
            **self.account,
            **dict.fromkeys(self.flags, True),
        }


@dataclass(frozen=True, slots=True)
class AgainRequest:
    """POST /subscribe/payments/again. `merchant_uid` is never used twice: it makes the charge happen once."""

    customer_uid: str
    merchant_uid: str
    amount: int
    currency: str
    name: str
    tax_free: int | None = None
    card_quota: int = 0
    naver_use_cfm: str | None = None
    """yyyyMMdd"""
    extras: Mapping[str, Any] = field(default_factory=dict)
    """What else V1 takes, by its names; vat_amount in the smallest unit."""

    def body(self) -> dict[str, Any]:
        """V1's fields."""
        return {
            "customer_uid": self.customer_uid,
            "merchant_uid": self.merchant_uid,
            "amount": to_major(self.amount, self.currency),
            "name": self.name,
            **_majors(self.currency, tax_free=self.tax_free),
            **({"currency": self.currency} if self.currency != "KRW" else {}),
            **({"card_quota": self.card_quota} if self.card_quota else {}),
            **({"extra": {"naverUseCfm": self.naver_use_cfm}} if self.naver_use_cfm else {}),
            **_extras(self.extras, self.currency),
        }


@dataclass(frozen=True, slots=True)
class Booking:
    """One payment to be booked: `schedule_at` in UNIX seconds, the amount in the smallest unit."""

    merchant_uid: str
    schedule_at: int
    amount: int
    name: str
    currency: str = "KRW"
    tax_free: int | None = None
    naver_use_cfm: str | None = None
    """yyyyMMdd"""
    extras: Mapping[str, Any] = field(default_factory=dict)
    """As in AgainRequest."""

    def body(self) -> dict[str, Any]:
        """V1's fields; where the buyer's are left out they fall back to the key's."""
        return {
            "merchant_uid": self.merchant_uid,
            "schedule_at": self.schedule_at,
            "amount": to_major(self.amount, self.currency),
            "currency": self.currency,
            "name": self.name,
            **_majors(self.currency, tax_free=self.tax_free),
            **({"extra": {"naverUseCfm": self.naver_use_cfm}} if self.naver_use_cfm else {}),
            **_extras(self.extras, self.currency),
        }


@dataclass(frozen=True, slots=True)
class BookRequest:
    """POST /subscribe/payments/schedule: all of the bookings or none."""

    customer_uid: str
    bookings: tuple[Booking, ...]

    def body(self) -> dict[str, Any]:
        """V1's fields."""
        return {"customer_uid": self.customer_uid, "schedules": [one.body() for one in self.bookings]}


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """PUT …/schedule/{merchant_uid} and POST …/reschedule: another time, in UNIX seconds."""

    schedule_at: int

    def body(self) -> dict[str, Any]:
        """V1's fields."""
        return {"schedule_at": self.schedule_at}


@dataclass(frozen=True, slots=True)
class UnscheduleRequest:
    """POST /subscribe/payments/unschedule: exactly the payments that are named."""

    customer_uid: str
    merchant_uids: tuple[str, ...]

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without a name: V1 would revoke all of the key's."""
        if not self.merchant_uids:
            raise ValueError("schedules are revoked by their order numbers")
        return {"customer_uid": self.customer_uid, "merchant_uid": list(self.merchant_uids)}


@dataclass(frozen=True, slots=True)
class DeleteKeyRequest:
    """DELETE /subscribe/customers/{customer_uid}: Naver Pay wants to know why, and who asked."""

    reason: str
    requester: str

    def params(self) -> dict[str, Any]:
        """V1's parameters."""
        return {"reason": self.reason, "extra[requester]": self.requester}


@dataclass(frozen=True, slots=True)
class OnetimeRequest:
    """POST /subscribe/payments/onetime, in won. `merchant_uid` is never used twice: it makes the charge happen once."""

    card: Mapping[str, str] = field(repr=False)
    """card_number, expiry, birth, pwd_2digit, cvc: never kept."""
    personal: Mapping[str, str] = field(repr=False)
    """buyer_name, buyer_tel, buyer_email, browser_ip."""
    merchant_uid: str
    amount: int
    fields: Mapping[str, Any]
    """All else by V1's names."""

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without a card."""
        if not self.card.get("card_number"):
            raise ValueError("a card is charged by its number")
        return {"merchant_uid": self.merchant_uid, "amount": self.amount, **self.fields, **self.personal, **self.card}


@dataclass(frozen=True, slots=True)
class CardKeyRequest:
    """POST /subscribe/customers/{customer_uid}: a card that stands in for whatever was registered there."""

    card: Mapping[str, str] = field(repr=False)
    """As in OnetimeRequest."""
    personal: Mapping[str, str] = field(repr=False)
    """customer_name, customer_tel, customer_email."""
    channel_key: str
    customer_id: str | None = None

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without a card."""
        if not self.card.get("card_number"):
            raise ValueError("a key is made of a card's number")
        known = {"customer_id": self.customer_id} if self.customer_id else {}
        return {"channel_key": self.channel_key, **known, **self.personal, **self.card}


def _extras(extras: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {name: to_major(value, currency) if name == "vat_amount" else value for name, value in extras.items()}


def _majors(currency: str, **amounts: int | None) -> dict[str, Decimal]:
    return {name: to_major(amount, currency) for name, amount in amounts.items() if amount is not None}
