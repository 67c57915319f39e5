"""The fields of a verification by a one-time number, with what staff have to know before they type one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from services.identity.person import CARRIERS
from services.identity.pg_rules import Ability, fits
from services.tables.v1 import Channel

from dashboard.kit.fields import Fields, Typing, review_button
from dashboard.kit.lists.tiles import facts
from dashboard.locale import _
from dashboard.screens.asking.held_form import secret
from dashboard.words.ways import channel_name

PERSONAL = ("name", "phone", "birth", "gender_digit", "carrier", "is_mvno")
SECRETS = ("otp",)


@dataclass(frozen=True, slots=True)
class OtpTyping(Typing):
    """What stands in the fields at this moment."""

    channel: Channel
    filled: Mapping[str, str]
    by_app: bool


@dataclass(frozen=True, slots=True)
class NumberTyping(Typing):
    """The number as it was typed."""

    otp: str
    by_app: bool


def warning() -> None:
    """What fraudsters ask for, and what to do instead."""
    st.warning(
        _(
            "A number that a caller reads out opens accounts and loans in somebody's name: this is what fraudsters ask "
            "for. Never ask for it on a call that you did not begin. Have the person type it in the shop's own page "
            "where you can."
        ),
        title=_("Staff typing a customer's one-time number"),
        icon=":material/gpp_maybe:",
    )
    st.caption(_("What you type is sent once and kept nowhere. That you asked for it is kept, with your name."))


def certified(uid: str) -> None:
    """The person is verified; by its imp_uid the shop's own program finds it."""
    facts(((_("Outcome of the verification"), _("Certified")), (_("imp_uid of the verification"), uid)))


def person_fields(fields: Fields, channels: Sequence[Channel], cancel: Callable[[], None]) -> OtpTyping:
    """Whose verification it is, as the carrier knows them."""
    kept = {"persist_state": "page", "autocomplete": "off"}
    with fields.place("channel_key"):
        channel = st.selectbox(
            fields.marked(_("Channel")),
            channels,
            format_func=partial(channel_name, among=channels),
            key=fields.key("channel_key"),
        )
    by_app = False
    if fits(channel, Ability.APP):
        with fields.place("by_app"):
            by_app = st.checkbox(_("The person confirms in an app instead"), key=fields.key("by_app"))
    with st.form(fields.key("form"), border=False, enter_to_submit=False):
        name = fields.text("name", _("Name"), required=True, max_chars=40, **kept)
        phone = fields.text("phone", _("Mobile phone"), required=True, max_chars=20, **kept)
        with st.container(horizontal=True):
            birth = fields.text("birth", _("Birthday, YYMMDD"), required=True, max_chars=10, width=200, **kept)
            digit = fields.text(
                "gender_digit", _("Seventh digit of the resident number"), required=True, max_chars=1, width=260, **kept
            )
        with fields.place("carrier"):
            carrier = st.radio(
                fields.marked(_("Carrier")), CARRIERS, index=None, horizontal=True, format_func=_carrier,
                key=fields.key("carrier"),
            )  # fmt: skip
        mvno = st.checkbox(_("A budget carrier on this network (MVNO)"), key=fields.key("is_mvno"))
        done = review_button(fields, cancel)
    filled = {"name": name, "phone": phone, "birth": birth, "gender_digit": digit, "carrier": carrier or ""}
    return OtpTyping(fields, done, channel, filled | {"is_mvno": "true" if mvno else "false"}, by_app)


def number_field(fields: Fields, cancel: Callable[[], None], *, by_app: bool) -> NumberTyping:
    """The number that the person got; none where they confirm in an app."""
    with st.form(fields.key("form"), border=False, enter_to_submit=False):
        if by_app:
            st.caption(_("Send it once the person has confirmed in the app."))
        otp = "" if by_app else secret(fields, "otp", _("The number that the person got"))
        done = review_button(fields, cancel)
    return NumberTyping(fields, done, otp, by_app)


def request_says(*, by_app: bool) -> str:
    """What the last look says of sending a number."""
    if by_app:
        return _("The person is asked in their app. What you typed is sent once and kept nowhere.")
    return _("The carrier sends a number to this person's phone. What you typed is sent once and kept nowhere.")


def confirm_says() -> str:
    """What the last look says of confirming it."""
    return _("Confirm the verification with what the person got. The number is sent once and kept nowhere.")


def _carrier(code: str) -> str:
    return {"SKT": "SKT", "KT": "KT", "LGT": "LG U+"}[code]
