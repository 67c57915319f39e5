"""What decides which parameters there are: payment or registration, channel, SDK, method, popup or page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from services.checkout.parameters.case import NAVERPAY
from services.checkout.parameters.table import IGNORES_METHOD, METHODS
from services.tables.checkouts import CheckoutKind
from services.tables.v1 import Channel

from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.words import labels

_MOST_PRODUCTS = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen above the form."""

    kind: CheckoutKind
    channel: Channel
    old_sdk: bool
    given: Mapping[str, Any]
    """Parameters that follow from it, by V1's names."""
    products: int
    """How many there are to fill in."""
    all_shown: bool
    """Whether parameters are there that may be left out."""


def choose(channels: Sequence[Channel], fields: Fields) -> Choice:
    """The choices; whatever is changed draws the form below anew."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        registers = (
            fields.switch("kind", _("What for"), {"": _("A payment"), "key": _("Register a billing key")}) == "key"
        )
        old_sdk = fields.switch("sdk", "SDK", {"": _("new"), "old": _("old, with jQuery")}) == "old"
    channel = _channel(channels, fields)
    kind = CheckoutKind.REGISTRATION if registers else CheckoutKind.PAYMENT
    given = _named(channel, old_sdk=old_sdk)
    at_naver = channel.pg_provider == NAVERPAY
    products = 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if channel.pg_provider not in IGNORES_METHOD:
            given["pay_method"] = _method(fields)
        if at_naver:
            words = {"": _("in the page's place"), "popup": _("as a popup")}
            given["naverPopupMode"] = fields.switch("window", _("The window opens"), words) == "popup"
        if at_naver and not registers:
            products = fields.number("products", _("How many products"), 1, most=_MOST_PRODUCTS)
    every = st.toggle(_("Parameters that may be left out, too"), key=fields.key("all"), persist_state="session")
    return Choice(kind, channel, old_sdk, given, products, every)


def _named(channel: Channel, *, old_sdk: bool) -> dict[str, Any]:
    """The channel as each SDK names it."""
    if old_sdk:
        return {"pg": f"{channel.pg_provider}.{channel.pg_id}" if channel.pg_id else channel.pg_provider}
    return {"channelKey": channel.channel_key or ""}


def _method(fields: Fields) -> str:
    chosen = st.selectbox(
        "pay_method",
        METHODS,
        accept_new_options=True,
        help=_("In V1's words; others may be typed."),
        key=fields.key("method"),
        persist_state="session",
        width=200,
    )
    return chosen or ""


def _channel(channels: Sequence[Channel], fields: Fields) -> Channel:
    by_id = {one.id: one for one in channels}
    words = {number: labels.channel(one.pg_provider, one.pg_id, sandbox=one.sandbox) for number, one in by_id.items()}
    return by_id.get(fields.pick("channel", _("Channel"), words) or 0, channels[0])
