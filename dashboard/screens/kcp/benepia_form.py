"""The fields of a payment by Benepia's points: the buyer types user name and password, which are kept nowhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from services.mistakes import Mistakes
from services.operations.actions.kcp.benepia import BenepiaForm
from services.operations.journal.journal import Wanted, asked
from services.tables.journal import Operation
from services.tables.v1 import Channel

from dashboard.kit.fields import Fields, Typed, Typing, review_button
from dashboard.locale import _
from dashboard.screens.asking.held_form import secret
from dashboard.words import formats
from dashboard.words.ways import channel_name

SECRETS = ("benepia_user", "benepia_password")


@dataclass(frozen=True, slots=True, repr=False)
class BenepiaTyping(Typing):
    """What stands in the fields at this moment; `ask`: whether the points are asked for."""

    ask: bool
    channel: Channel
    amount: Typed
    name: str
    member_code: str
    user: str
    password: str

    def form(self) -> BenepiaForm:
        """As a form, with an amount that is none."""
        unread = Mistakes()
        amount = unread.read(self.amount.read, None)
        return BenepiaForm(self.channel, amount, self.name, self.member_code, self.user, self.password, unread.told())


def warning() -> None:
    """Whose password it is."""
    st.warning(
        _("The buyer types user name and password here, at your desk. Never type them for a caller, never write them "
          "down."),
        title=_("The buyer's own password"),
        icon=":material/gpp_maybe:",
    )  # fmt: skip
    st.caption(_("Both are sent once and kept nowhere: after each try they are typed anew."))


def benepia_fields(fields: Fields, channels: Sequence[Channel], cancel: Callable[[], None]) -> BenepiaTyping:
    """The payment, then the buyer's account."""
    with fields.place("channel_key"):
        channel = st.selectbox(
            fields.marked(_("Channel")),
            channels,
            format_func=partial(channel_name, among=channels),
            key=fields.key("channel_key"),
            persist_state="session",
        )
    with st.form(fields.key("form"), border=False, enter_to_submit=False):
        with st.container(horizontal=True):
            amount = fields.amount("amount", _("Amount"), "KRW", required=True, width=220)
            code = fields.text(
                "benepia_member_code",
                _("The shop's member code"),
                required=not channel.sandbox,
                max_chars=40,
                width=280,
            )
        name = fields.text("name", _("What it is for (the buyer sees this)"), required=True, max_chars=40)
        user = secret(fields, "benepia_user", _("User name at Benepia"))
        password = secret(fields, "benepia_password", _("Password at Benepia"))
        ask = st.form_submit_button(_("See the points"), icon=":material/redeem:", key="see_points")
        done = review_button(fields, cancel)
    return BenepiaTyping(fields, done, ask, channel, amount, name, code, user, password)


def as_typed(operation: Operation, channels: Sequence[Channel]) -> dict[str, object]:
    """The fields that it was asked for with, by their names; the buyer's account is kept nowhere."""
    request = asked(operation)
    channel = next((one for one in channels if one.channel_key == request["channel_key"]), None)
    names = ("name", "benepia_member_code")
    typed = {"amount": formats.typed_money(operation.amount, "KRW"), **{name: request[name] for name in names}}
    return typed | ({"channel_key": channel} if channel else {})


def says(wanted: Wanted) -> str:
    """What the last look says."""
    words = _("{amount} of the buyer's Benepia points are paid at once, for {name}.")
    return words.format(amount=formats.money(wanted.amount, "KRW"), name=wanted.request["name"])


def points_line(points: int) -> None:
    """How many points the buyer has."""
    words = _("The buyer has {points} points.").format(points=f"{points:,}")
    st.success(formats.escape(words), icon=":material/redeem:")
