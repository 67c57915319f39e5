"""The form of a new link: what is asked for, of whom, by which channel, and what Naver Pay wants to know besides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from services.checkout.checkouts import Channel
from services.checkout.offers import MOST_DAYS, MOST_USES, OfferForm, Product
from services.checkout.parameters.case import NAVERPAY
from services.checkout.parameters.table import IGNORES_METHOD, METHODS, WANTS_MEMBER, WANTS_PHONE
from services.errors import SettingsError
from services.mistakes import Mistakes
from services.registrations import took_money
from services.tables.checkouts import CheckoutKind
from services.tables.keys import KeyState, KeySummary
from services.tables.v1 import CustomerUidUsage

from dashboard.kit.fields import Fields, Typed, Typing
from dashboard.kit.store_choice import store_choice
from dashboard.locale import _
from dashboard.screens.links.besides_fields import besides_fields
from dashboard.screens.links.product_fields import as_v1, how_many, product_fields
from dashboard.settings import Settings
from dashboard.words import formats, labels
from dashboard.words.links import link_labels

_SOLD = {"goods": False, "content": True}
_DAYS = 3


@dataclass(frozen=True, slots=True)
class OfferTyping(Typing):
    """What stands in the fields at this moment."""

    kind: str
    channel: str
    amount: Typed
    name: str
    method: str
    days: int
    uses: int
    memo: str
    customer_uid: str
    buyer_name: str
    buyer_tel: str
    products: tuple[Product, ...]
    besides: dict[str, Any]
    tax_free: Typed
    customer_id: str
    digital: bool | None
    tier: str

    def form(self) -> OfferForm:
        """As a form, with an amount that is none."""
        unread = Mistakes()
        return OfferForm(
            amount=unread.read(self.amount.read, None),
            name=self.name,
            channel=self.channel,
            days=self.days,
            currency=self.amount.currency,
            method=self.method,
            products=self.products,
            uses=self.uses,
            memo=self.memo,
            customer_uid=self.customer_uid,
            registers=self.kind == CheckoutKind.REGISTRATION,
            buyer_name=self.buyer_name,
            buyer_tel=self.buyer_tel,
            customer_id=self.customer_id,
            digital=self.digital,
            tier=self.tier,
            besides=self.besides | {"tax_free": unread.read(self.tax_free.read, None)},
            unread=unread.told(),
        )


def charges_registration(channel: Channel) -> bool:
    """Whether the amount of a registration by this channel is charged, by one method at least, rather than shown."""
    # 10,000 stands for any amount that could be charged.
    return any(took_money(channel.pg_provider, method, CustomerUidUsage.ISSUE, 10_000) for method in METHODS)


def cannot_make(lacks: SettingsError | None) -> None:
    """Which setting is missing, and who sets it; without one, that no channel opens a window."""
    title = _("No link can be made yet")
    who = _("The person who runs Jangbu sets it.")
    words = f"{formats.told(lacks)} {who}" if lacks else _(
        "No channel of this shop opens a payment window: add one in PortOne's console. It is here after the next sync."
    )  # fmt: skip
    st.info(words, title=title, icon=":material/link_off:")


def offer_fields(
    fields: Fields,
    channels: Sequence[Channel],
    key: KeySummary | None,
    settings: Settings,
    cancel: Callable[[], None],
) -> OfferTyping:
    """The fields; `key` is there already by the name of the one to be registered, `cancel` draws the way out."""
    kind = _kind(fields)
    tier = store_choice(fields, settings.tiers)
    channel = _channel(fields, channels)
    registers, at_naver = kind == CheckoutKind.REGISTRATION, channel.pg_provider == NAVERPAY
    many = how_many(fields) if at_naver and not registers else 1
    if registers and key and key.state != KeyState.DELETED:
        _takes_its_place()
    with st.form(fields.key("form"), border=False):
        name = fields.text("name", _("What it is for"), required=True)
        amount = _amount(fields, channel, registers=registers)
        method, digital = ("card", None) if channel.pg_provider in IGNORES_METHOD else _method(fields)
        uid = ""
        if registers:
            hint = _("The name of the billing key: one a buyer and card.")
            uid = fields.text("customer_uid", "customer_uid", required=True, help=hint)
        days, uses = _ends(fields, registers=registers)
        buyer, phone = _buyer(fields, required=registers or channel.pg_provider in WANTS_PHONE)
        member = _member(fields) if channel.pg_provider in WANTS_MEMBER else ""
        memo = fields.text("memo", _("Memo for colleagues"))
        products = product_fields(fields, many, registers=registers) if at_naver else (Product(),)
        naver = _by_contract(fields, settings) if at_naver and not registers else {}
        tax_free, besides = besides_fields(fields, channel, amount.currency, registers=registers)
        done = _make_button(fields, cancel)
    return OfferTyping(
        fields, done, kind, channel.key, amount, name, method, days, uses, memo, uid, buyer, phone,
        products, naver | besides, tax_free, member, digital, tier,
    )  # fmt: skip


def _kind(fields: Fields) -> str:
    words = {kind.value: link_labels.kind(kind) for kind in CheckoutKind}
    return fields.switch("kind", _("What the buyer does"), words)


def _channel(fields: Fields, channels: Sequence[Channel]) -> Channel:
    by_key = {one.key: one for one in channels}
    words = {key: link_labels.channel(one) for key, one in by_key.items()}
    return by_key.get(fields.pick("channel", _("Channel"), words) or "") or channels[0]


def _takes_its_place() -> None:
    words = _(
        "This billing key is there already: what the buyer registers takes its place, and payments booked on it go "
        "on with the new card. The old one is not cancelled at the PG."
    )
    st.info(words, icon=":material/info:")


def _amount(fields: Fields, channel: Channel, *, registers: bool) -> Typed:
    currency = "USD" if channel.pg_provider.startswith("paypal") else "KRW"
    charges = not registers or charges_registration(channel)
    label = _("Amount") if charges else _("Amount that is shown; nothing is charged")
    hint = _("0 registers without a charge.") if charges and registers else None
    return fields.amount("amount", label, currency, required=True, help=hint)


def _method(fields: Fields) -> tuple[str, bool | None]:
    """How it is paid, and whether nothing is delivered, where that was said."""
    methods = {code: labels.method(code) for code in METHODS}
    chosen = fields.pick("pay_method", labels.field("pay_method"), methods, width=320)
    with fields.place("digital"):
        sold = st.segmented_control(
            _("What is sold, for payments by phone"),
            list(_SOLD),
            format_func=lambda code: _("Nothing is delivered") if _SOLD[code] else _("Goods that are delivered"),
            key=fields.key("digital"),
            persist_state="session",
        )
    return str(chosen), _SOLD.get(sold or "")


def _ends(fields: Fields, *, registers: bool) -> tuple[int, int]:
    with st.container(horizontal=True):
        days = fields.number("days", _("Days that it lasts"), _DAYS, most=MOST_DAYS)
        uses = 1 if registers else fields.number("uses", _("Payments allowed"), 1, most=MOST_USES)
    return days, uses


def _buyer(fields: Fields, *, required: bool) -> tuple[str, str]:
    hint = _("For the payment window and for you: it stands in no address.")
    name = fields.text("buyer_name", _("Buyer's name"))
    phone = fields.text("buyer_tel", _("Buyer's phone"), required=required, help=hint)
    return name, phone


def _member(fields: Fields) -> str:
    hint = _("The shop's own number of the buyer, without any personal data.")
    return fields.text("customer_id", _("Who buys: member number"), required=True, help=hint)


def _by_contract(fields: Fields, settings: Settings) -> dict[str, str]:
    """What Naver Pay asks for by the shop's contract."""
    found: dict[str, str] = {}
    if settings.naverpay_use_day:
        hint = _("The day on which the buyer has used or received it: today in Seoul or later.")
        found["naverUseCfm"] = as_v1(fields.day("naverUseCfm", fields.marked(_("Day of use")), help=hint))
    if settings.naverpay_high_risk:
        found["naverPurchaserName"] = fields.text("naverPurchaserName", _("Who buys: name"), required=True)
        earliest = date(1900, 1, 1)
        born = fields.day("naverPurchaserBirthday", fields.marked(_("Who buys: birthday")), min_value=earliest)
        found["naverPurchaserBirthday"] = as_v1(born)
        hint = _("The shop's own number of the buyer, without any personal data.")
        found["naverMerchantUserKey"] = fields.text(
            "naverMerchantUserKey", _("Who buys: member number"), required=True, help=hint
        )
    return found


def _make_button(fields: Fields, cancel: Callable[[], None]) -> bool:
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if fields.marks:
            st.caption(formats.escape(_("* has to be filled in")), width="stretch")
        cancel()
        return st.form_submit_button(_("Make the link"), type="primary", icon=":material/add_link:", key="make_it")
