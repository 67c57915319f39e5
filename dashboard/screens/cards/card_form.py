"""The fields of a card that is entered by hand: what for, through which channel, and last the card itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from services.cards.card import FIELDS
from services.mistakes import Mistakes
from services.operations.actions.cards.forms import BUYER, HOLDER, PRODUCTS, CardChargeForm, KeyForm, wants_of
from services.operations.journal.journal import Wanted, asked
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Channel

from dashboard.kit.fields import Fields, Typed, Typing, request_block, review_button
from dashboard.locale import _
from dashboard.screens.asking import review
from dashboard.words import formats, labels, operation_labels
from dashboard.words.cards import card_labels
from dashboard.words.receipts import receipt_labels
from dashboard.words.ways import channel_name

_MONTHS = (0, *range(2, 13))
_SECRET = ("pwd_2digit", "cvc")


@dataclass(frozen=True, slots=True)
class CardChargeTyping(Typing):
    """What stands in the fields of a charge."""

    channel: Channel
    amount: Typed
    name: str
    order: str
    key: str
    tax_free: Typed
    vat_amount: Typed
    card_quota: int
    product_type: str
    personal: Mapping[str, str]

    def form(self) -> tuple[Channel, CardChargeForm]:
        """As a form, with each amount that is none."""
        unread = Mistakes()
        amounts = [unread.read(one.read, None) for one in (self.amount, self.tax_free, self.vat_amount)]
        return self.channel, CardChargeForm(
            amount=amounts[0],
            name=self.name,
            merchant_uid=self.order,
            customer_uid=self.key,
            tax_free=amounts[1],
            vat_amount=amounts[2],
            card_quota=self.card_quota,
            product_type=self.product_type,
            personal=self.personal,
            unread=unread.told(),
        )


@dataclass(frozen=True, slots=True)
class KeyTyping(Typing):
    """What stands in the fields of a billing key."""

    channel: Channel
    uid: str
    replaces: bool
    personal: Mapping[str, str]

    def form(self) -> tuple[Channel, KeyForm]:
        """As a form."""
        return self.channel, KeyForm(self.uid, self.replaces, self.personal)


def duties() -> None:
    """What taking cards by hand means for the shop, before anything is typed."""
    st.warning(
        _(
            "Whoever types a card's number here brings this computer, its network and Jangbu into the scope of "
            "PCI DSS, and the shop under the duties of the Specialized Credit Finance Business Act "
            "(여신전문금융업법): no number, password or security code may be written down, recorded or kept. "
            "Send a payment link where you can: the buyer then types the card at the PG."
        ),
        title=_("Card data in your hands"),
        icon=":material/shield_lock:",
    )


def charge_fields(fields: Fields, channels: Sequence[Channel], cancel: Callable[[], None]) -> CardChargeTyping:
    """The fields of a charge; the channel first, which says what is wanted besides."""
    channel = _channel_field(fields, channels)
    wants = wants_of(OperationKind.CARD_CHARGE, channel.pg_provider)
    with st.form(fields.key("form"), border=False):
        amount = fields.amount("amount", _("Amount of this charge"), "KRW", required=True)
        name = fields.text("name", _("What it is for"), required=True, max_chars=40)
        personal = {one: _person(fields, one, needed=one in wants) for one in BUYER if one in wants or one in BUYER[:3]}
        product = ""
        if "product_type" in wants:
            words = receipt_labels.product
            product = fields.choice("product_type", receipt_labels.pg_field("product_type"), PRODUCTS, words) or ""
        with st.expander(_("More fields"), icon=":material/tune:"):
            order = fields.text("merchant_uid", _("Order number of your own, if any"), max_chars=40)
            key = fields.text("customer_uid", _("Keep the card as this billing key, if at all"), max_chars=80)
            months = {n: _("{n} months").format(n=n) if n else _("At once") for n in _MONTHS}
            quota = fields.pick("card_quota", _("Instalments"), months, width=320) or 0
            tax_free = fields.amount("tax_free", _("Tax-free part, if any"), "KRW")
            vat = fields.amount("vat_amount", _("VAT, if it is set"), "KRW")
        done = review_button(fields, cancel)
    return CardChargeTyping(fields, done, channel, amount, name, order, key, tax_free, vat, quota, product, personal)


def key_fields(fields: Fields, channels: Sequence[Channel], uid: str, cancel: Callable[[], None]) -> KeyTyping:
    """The fields of a billing key; `uid` stands there at first."""
    channel = _channel_field(fields, channels)
    wants = wants_of(OperationKind.REGISTER_CARD, channel.pg_provider)
    st.session_state.setdefault(fields.key("customer_uid"), uid)
    with st.form(fields.key("form"), border=False):
        given = fields.text("customer_uid", labels.field("customer_uid"), required=True, max_chars=80)
        with fields.place("replaces"):
            words = _("A card that is registered under it already is replaced, for good")
            replaces = st.checkbox(words, key=fields.key("replaces"), persist_state="session")
        personal = {one: _person(fields, one, needed=one in wants) for one in HOLDER}
        done = review_button(fields, cancel)
    return KeyTyping(fields, done, channel, given, replaces, personal)


def charge_sentence(wanted: Wanted) -> str:
    """What is charged, by which PG and what for."""
    return _("{amount} is charged at once to the card that you type now, by {pg}, for {name}.").format(
        amount=formats.money(wanted.amount, wanted.currency), pg=_pg(wanted), name=wanted.request["name"]
    )


def key_sentence(wanted: Wanted) -> str:
    """Which key is made, and by which PG."""
    words = (
        _("The card that you type now takes the place of what is registered as {uid}, by {pg}.")
        if wanted.request["replaces"]
        else _("The card that you type now is registered as {uid}, by {pg}.")
    )
    return words.format(uid=wanted.customer_uid, pg=_pg(wanted))


def asked_line(operation: Operation) -> None:
    """What for, or which key, and the end of the card."""
    request = asked(operation)
    end = f"····{request['card_end']}" if "card_end" in request else None
    st.text(formats.line(request.get("name"), operation.customer_uid, end))


@dataclass(frozen=True, slots=True)
class CardTyping:
    """What was chosen at the last look, and what stands in the card's fields."""

    sent: bool
    back: bool
    typed: Mapping[str, str]
    unsure: bool
    """Whether the amount was not the same when it was typed once more."""


def card_look(
    fields: Fields,
    wanted: Wanted,
    says: str,
    body: Mapping[str, object],
    wants: Sequence[str],
    *,
    confirm_from: int | None,
    closed: str | None,
    label: str,
) -> CardTyping:
    """The last look with the card's fields in it: they are sent with this click, and drawn empty after it."""
    with st.form(fields.key("card_form"), enter_to_submit=False):
        st.header(_("Is this right?"))
        st.markdown(f"**{formats.escape(says)}**")
        for line in operation_labels.particulars(wanted.request, wanted.currency):
            st.text(formats.shown(line))
        request_block(body)
        typed = {name: _of_card(fields, name, needed=name in ("card_number", "expiry", *wants)) for name in FIELDS[:4]}
        if "cvc" in wants:
            typed["cvc"] = _of_card(fields, "cvc", needed=True)
        st.caption(_("It is sent with this click and kept nowhere: after a mistake it is typed anew."))
        sure = review.typed_again(wanted, confirm_from)
        if closed:
            st.warning(closed, icon=":material/cloud_off:")
        with st.container(horizontal=True, horizontal_alignment="right"):
            back = st.form_submit_button(_("Change something"), icon=":material/edit:", key="change")
            icon, off = ":material/send:", closed is not None
            pressed = st.form_submit_button(label, type="primary", icon=icon, key="send", disabled=off)
    return CardTyping(pressed and sure, back, typed, unsure=pressed and not sure)


def _of_card(fields: Fields, name: str, *, needed: bool) -> str:
    kind = "password" if name in _SECRET else "default"
    label, hint = card_labels.part(name), card_labels.hint(name)
    return fields.text(
        name, label, required=needed, type=kind, autocomplete="off", help=hint or None, persist_state="page", width=320
    )


def _person(fields: Fields, name: str, *, needed: bool) -> str:
    return fields.text(
        name, card_labels.person(name), required=needed, autocomplete="off", persist_state="page", width=320
    )


def _channel_field(fields: Fields, channels: Sequence[Channel]) -> Channel:
    with fields.place("channel_key"):
        channel: Channel = st.selectbox(
            fields.marked(_("Channel that takes it")),
            channels,
            format_func=partial(channel_name, among=channels),
            key=fields.key("channel_key"),
            persist_state="session",
        )
    return channel


def _pg(wanted: Wanted) -> str:
    mark = labels.test_mark(wanted.request["sandbox"])
    name = labels.provider(wanted.request["pg_provider"])
    return f"{name} ({mark})" if mark else name
