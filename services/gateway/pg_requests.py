"""What is sent to change something that only some PGs can: won, and V1's numbers in the body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ReceiptRequest:
    """POST /receipts/{imp_uid}, and with `channel_key`, `name` and `amount` POST /receipts/external/{merchant_uid}."""

    personal: Mapping[str, str] = field(repr=False)
    """identifier, buyer_name, buyer_tel, buyer_email: whose receipt it is, and never kept."""
    fields: Mapping[str, str | int]
    """All else by V1's names; amounts are won."""

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without an identifier."""
        if not self.personal.get("identifier"):
            raise ValueError("a receipt is somebody's")
        return {**self.fields, **self.personal}


@dataclass(frozen=True, slots=True)
class NaverConfirmRequest:
    """POST /payments/{imp_uid}/naver/confirm: who asked for it, `admin` or `customer`."""

    requester: str

    def body(self) -> dict[str, Any]:
        """V1's fields."""
        return {"requester": self.requester}


@dataclass(frozen=True, slots=True)
class DeliveryRequest:
    """POST and PUT /escrows/logis/{imp_uid}: two levels deep."""

    logis: Mapping[str, str | int]
    """company, invoice, sent_at (UNIX seconds), and what some PGs want besides."""
    sender: Mapping[str, Any]
    receiver: Mapping[str, Any] = field(repr=False)
    """name, tel, postcode, addr or formed_address: the buyer's, and never kept."""
    products: Sequence[Mapping[str, Any]] = ()
    send_email: bool | None = None

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without company, invoice and time."""
        if not all(self.logis.get(name) for name in ("company", "invoice", "sent_at")):
            raise ValueError("a delivery has a courier, a number and a time")
        return {
            "logis": dict(self.logis),
            "sender": dict(self.sender),
            "receiver": dict(self.receiver),
            **({"products": [dict(one) for one in self.products]} if self.products else {}),
            **({} if self.send_email is None else {"send_email": self.send_email}),
        }


@dataclass(frozen=True, slots=True)
class PaycoRequest:
    """POST /payco/orders/status/{imp_uid}: shipped, or confirmed."""

    status: str

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError for CANCELED: whether that moves money nobody says, a refund does."""
        if self.status == "CANCELED":
            raise ValueError("an order is cancelled by a refund")
        return {"status": self.status}


@dataclass(frozen=True, slots=True)
class PaymentwallRequest:
    """POST /paymentwall/delivery."""

    fields: Mapping[str, str | int]
    """By V1's names; times in UNIX seconds."""
    personal: Mapping[str, str] = field(repr=False)
    """shipping_address_*: whom it goes to, and never kept."""

    def body(self) -> dict[str, Any]:
        """V1's fields."""
        return {**self.fields, **self.personal}


@dataclass(frozen=True, slots=True)
class VbankRequest:
    """POST /vbanks. `due` in UNIX seconds; `more` by V1's names, amounts in won."""

    channel_key: str
    merchant_uid: str
    amount: int
    bank: str
    """As the PG writes it."""
    due: int
    more: Mapping[str, str | int] = field(repr=False)
    """The buyer's fields and those that this PG wants besides."""
    signed: bool = False
    """Whether the PG wants its own key in the address."""

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without a positive amount."""
        if self.amount <= 0:
            raise ValueError("an account waits for a positive amount")
        return {
            "channel_key": self.channel_key,
            "merchant_uid": self.merchant_uid,
            "amount": self.amount,
            "vbank_code": self.bank,
            "vbank_due": self.due,
            **self.more,
        }


@dataclass(frozen=True, slots=True)
class VbankChange:
    """PUT /vbanks/{imp_uid}: another amount in won, another time in UNIX seconds, or both."""

    amount: int | None = None
    due: int | None = None

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError where nothing changes."""
        found = {name: value for name, value in (("amount", self.amount), ("vbank_due", self.due)) if value is not None}
        if not found or (self.amount is not None and self.amount <= 0):
            raise ValueError("another amount or another term")
        return found


@dataclass(frozen=True, slots=True)
class CvsRequest:
    """POST /cvs; `more` by V1's names."""

    channel_key: str
    merchant_uid: str
    amount: int
    more: Mapping[str, str | int] = field(repr=False)

    def body(self) -> dict[str, Any]:
        """V1's fields. Raises ValueError without a positive amount."""
        if self.amount <= 0:
            raise ValueError("a number is paid a positive amount")
        return {
            "channel_key": self.channel_key,
            "merchant_uid": self.merchant_uid,
            "amount": self.amount,
            **self.more,
        }


@dataclass(frozen=True, slots=True)
class OtpRequest:
    """POST /certifications/otp/request: a one-time number for somebody's phone."""

    personal: Mapping[str, str] = field(repr=False)
    """name, phone, birth, gender_digit, carrier, is_mvno: whose it is, and never kept."""
    fields: Mapping[str, str]
    """channel_key and merchant_uid, and how it is confirmed (verification_method)."""

    def told(self) -> tuple[str, ...]:
        """What no answer may say back."""
        return tuple(self.personal[name] for name in ("name", "phone", "birth"))

    def body(self) -> dict[str, Any]:
        """V1's fields."""
        return {**self.fields, **self.personal, "is_mvno": self.personal["is_mvno"] == "true"}


@dataclass(frozen=True, slots=True)
class QuickMember:
    """DELETE /kcpquick/members/{member_id}: who, and by which of KCP's codes they are registered."""

    member_id: str
    site_code: str
    partner_type: str
    partner_subtype: str

    def params(self) -> dict[str, Any]:
        """V1's parameters; the member stands in the path."""
        return {name: getattr(self, name) for name in ("site_code", "partner_type", "partner_subtype")}


@dataclass(frozen=True, slots=True)
class BenepiaRequest:
    """POST /benepia/payment: won, by the buyer's own account."""

    account: tuple[str, str] = field(repr=False)
    """User name and password, never kept."""
    merchant_uid: str
    amount: int
    name: str
    channel_key: str
    member_code: str = ""
    """The shop's at Benepia: without one the gateway makes a test payment of it."""

    def body(self) -> dict[str, Any]:
        """V1's fields."""
        names = ("merchant_uid", "amount", "name", "channel_key")
        found = {name: getattr(self, name) for name in names}
        found |= {"benepia_member_code": self.member_code} if self.member_code else {}
        return found | {"benepia_user": self.account[0], "benepia_password": self.account[1]}
