"""What somebody asks a buyer for, checked: amount, name, time, and a channel that opens a window."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.checkout.channels import WINDOW
from services.checkout.checkouts import Channel, Offer
from services.checkout.parameters.case import NAVERPAY, Case, Merchant
from services.checkout.parameters.products import CATEGORIES
from services.checkout.parameters.request import read_request
from services.checkout.parameters.table import IGNORES_METHOD
from services.clock import DAY
from services.errors import InvalidRequest
from services.mistakes import Mistakes
from services.tables.checkouts import CheckoutKind
from services.typed_text import checked

MOST_DAYS = 90
MOST_USES = 1_000
LATER = ("merchant_uid", "m_redirect_url")
"""What each opening of the link adds."""
MOST_PRODUCTS = 10
_FIELDS = {"channelKey": "channel", "naverProductCode": "product", "naverProductCount": "count"}
"""What the form's own fields fill in, by V1's names: one field is told of one mistake."""
_OF_PRODUCT = {"uid": "product", "categoryType": "category", "categoryId": "category"}
"""The same of a product's fields."""
_LONGEST_MEMO = 255


@dataclass(frozen=True, slots=True)
class Product:
    """What Naver Pay is told of one thing that is sold; what is empty is left out."""

    uid: str = "LINK"
    """The shop's own number of it."""
    name: str = ""
    """Of the first one the link's, whatever stands here."""
    count: int = 1
    category: tuple[str, str] = CATEGORIES[0]
    """categoryType and categoryId, as Naver Pay calls them."""
    begins: str = ""
    """yyyyMMdd, of what is used from a day to a day."""
    ends: str = ""
    referrer: str = ""
    """payReferrer: where the buyer came from."""

    def v1(self) -> dict[str, Any]:
        """As `naverProducts` has it."""
        kind, number = self.category
        found: dict[str, Any] = {
            "categoryType": kind, "categoryId": number, "uid": self.uid, "name": self.name, "count": self.count,
        }  # fmt: skip
        besides = {"startDate": self.begins, "endDate": self.ends, "payReferrer": self.referrer}
        return found | {name: value for name, value in besides.items() if value}


@dataclass(frozen=True, slots=True)
class OfferForm:
    """What a person filled in; the amount in the smallest unit. With a `customer_uid` it registers a key."""

    amount: int | None
    name: str
    channel: str
    days: int
    currency: str = "KRW"
    method: str = "card"
    """Where the PG asks for one."""
    products: tuple[Product, ...] = (Product(),)
    """What the amount is for, at Naver Pay; a registration has one."""
    uses: int = 1
    memo: str = ""
    customer_uid: str = ""
    registers: bool = False
    """Whether a key is to be registered, though its name may be missing."""
    buyer_name: str = ""
    buyer_tel: str = ""
    customer_id: str = ""
    """The shop's number of the buyer, for PGs whose window asks for it."""
    digital: bool | None = None
    """Whether nothing is delivered, which payments by phone have to say."""
    tier: str = ""
    """The sub-store that is paid; empty: the main store."""
    besides: Mapping[str, Any] = field(default_factory=dict)
    """What else the window is told, by V1's names, amounts in the smallest unit; what is empty is left out."""
    unread: tuple[InvalidRequest, ...] = ()
    """What could not be read of what was typed."""


def window_channels(rows: Iterable[Mapping[str, Any]]) -> list[Channel]:
    """The channels, by V1's names, that open a payment window and have a key, live ones first."""
    found = [
        Channel(row["channel_key"], row["pg_provider"], row["pg_id"], bool(row["sandbox"]))
        for row in rows
        if (row["type"] or "").lower() == WINDOW and row["channel_key"]
    ]
    return sorted(found, key=lambda one: one.sandbox)


def offer_of(form: OfferForm, channels: Iterable[Channel], merchant: Merchant, now: float) -> Offer:
    """The link that a form asks for. Raises InvalidRequest, naming each field to mend."""
    channel = next((one for one in channels if one.key == form.channel), None)
    if channel is None:
        raise InvalidRequest("Choose a channel that opens a payment window.", field="channel")
    mistakes = Mistakes(form.unread)
    registers = form.registers or bool(form.customer_uid)
    kind = CheckoutKind.REGISTRATION if registers else CheckoutKind.PAYMENT
    found = Mistakes()
    request = read_request(Case(kind, channel.pg_provider, merchant, now, _values(form, channel), LATER), found)
    for one in found.told():
        mistakes.add(InvalidRequest(one.template, **one.values | {"field": _field_of(str(one.values["field"]))}))
    memo = mistakes.read(lambda: checked(form.memo, "memo", most=_LONGEST_MEMO), "")
    for name, value, most in (("days", form.days, MOST_DAYS), ("uses", form.uses, MOST_USES)):
        if not 1 <= value <= most:
            mistakes.add(InvalidRequest("From 1 to {most}.", field=name, most=most))
    if registers and form.uses != 1:
        mistakes.add(InvalidRequest("A key is registered once: a second buyer would take the first one's place.",
                                    field="uses"))  # fmt: skip
    mistakes.require_none()
    return Offer(
        kind=kind,
        channel=channel,
        request=request,
        currency=form.currency,
        expires_at=int(now) + form.days * DAY,
        memo=memo,
        uses=form.uses,
        tier=form.tier,
    )


def _values(form: OfferForm, channel: Channel) -> dict[str, Any]:
    values = {
        "channelKey": channel.key, "name": form.name, "amount": form.amount, "currency": form.currency,
        "customer_uid": form.customer_uid, "buyer_name": form.buyer_name, "buyer_tel": form.buyer_tel,
        "customer_id": form.customer_id,
    }  # fmt: skip
    if channel.pg_provider not in IGNORES_METHOD:
        values |= {"pay_method": form.method, "digital": form.digital if form.method == "phone" else None}
    return values | (_at_naver(form) if channel.pg_provider == NAVERPAY else {}) | dict(form.besides)


def _at_naver(form: OfferForm) -> dict[str, Any]:
    if form.registers or form.customer_uid:
        (product,) = form.products
        return {"naverPopupMode": False, "naverProductCode": product.uid, "naverProductCount": product.count}
    first, *others = form.products
    products = [one.v1() for one in (replace(first, name=form.name), *others)]
    return {"naverPopupMode": False, "naverProducts": products}


def _field_of(name: str) -> str:
    """The form's field of a parameter: of the first product `count`, of the second `count.1`."""
    match name.split("."):
        case ["naverProducts", number, part]:
            field = _OF_PRODUCT.get(part, part)
            return field if number == "0" else f"{field}.{number}"
    return _FIELDS.get(name, name)
