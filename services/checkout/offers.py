"""What somebody asks a buyer for, checked: amount, name, time, and a channel that opens a window."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.checkout.checkouts import Channel, Offer
from services.clock import DAY
from services.errors import InvalidRequest
from services.gateway.payloads import Payload
from services.mistakes import Mistakes
from services.tables.checkouts import CheckoutKind
from services.typed_text import checked, typed

LONGEST_NAME = 40
MOST_DAYS = 90
MOST_USES = 1_000
_LONGEST_MEMO = 255
_WINDOW = "payment"
"""The type of a channel that opens a window."""


@dataclass(frozen=True, slots=True)
class OfferForm:
    """What a person filled in; the amount in the smallest unit. With a `customer_uid` it registers a key."""

    amount: int | None
    name: str
    channel: str
    days: int
    currency: str = "KRW"
    uses: int = 1
    memo: str = ""
    customer_uid: str = ""
    buyer_tel: str = ""


def window_channels(rows: Iterable[Payload]) -> list[Channel]:
    """The channels of GET /users/pg that open a payment window, live ones first."""
    found = [
        Channel(row.fields["channel_key"], row.fields["pg_provider"], row.fields["pg_id"], bool(row.fields["sandbox"]))
        for row in rows
        if row.fields["type"] == _WINDOW and row.fields["channel_key"]
    ]
    return sorted(found, key=lambda one: one.sandbox)


def offer_of(form: OfferForm, channels: Iterable[Channel], now: float) -> Offer:
    """The link that a form asks for. Raises InvalidRequest, naming each field to mend."""
    mistakes = Mistakes()
    channel = next((one for one in channels if one.key == form.channel), None)
    if channel is None:
        mistakes.add(InvalidRequest("Choose a channel that opens a payment window.", field="channel"))
    if form.amount is None or form.amount <= 0:
        mistakes.add(InvalidRequest("Type an amount.", field="amount"))
    name = mistakes.read(lambda: checked(form.name, "name", most=LONGEST_NAME), "")
    if not typed(form.name):
        mistakes.add(InvalidRequest("Say what is paid for: the buyer sees it.", field="name"))
    memo = mistakes.read(lambda: checked(form.memo, "memo", most=_LONGEST_MEMO), "")
    for field, value, most in (("days", form.days, MOST_DAYS), ("uses", form.uses, MOST_USES)):
        if not 1 <= value <= most:
            mistakes.add(InvalidRequest("From 1 to {most}.", field=field, most=most))
    if form.customer_uid and not typed(form.buyer_tel):
        mistakes.add(InvalidRequest("A registration needs the buyer's phone number.", field="buyer_tel"))
    mistakes.require_none()
    if channel is None or form.amount is None:
        raise AssertionError("mistakes were raised")
    return Offer(
        kind=CheckoutKind.REGISTRATION if form.customer_uid else CheckoutKind.PAYMENT,
        channel=channel,
        name=name,
        amount=form.amount,
        currency=form.currency,
        expires_at=int(now) + form.days * DAY,
        customer_uid=typed(form.customer_uid) or None,
        buyer_tel=typed(form.buyer_tel) or None,
        memo=memo,
        uses=form.uses,
    )
