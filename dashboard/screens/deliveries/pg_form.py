"""The fields of what PAYCO and Paymentwall are told, and what the last look says."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services.clock import DAY
from services.mistakes import Mistakes
from services.operations.actions.deliveries.payco import CONFIRMED, SHIPPED
from services.operations.actions.deliveries.paymentwall import CARRIER, PHYSICAL, PLACE, TYPES, PaymentwallForm
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind

from dashboard.kit.fields import Fields, TypedTime, Typing, review_button
from dashboard.locale import _
from dashboard.words.deliveries import delivery_labels


@dataclass(frozen=True, slots=True)
class PaycoTyping(Typing):
    """What stands in the fields at this moment."""

    status: str | None
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class PaymentwallTyping(Typing):
    """What stands in the fields at this moment; a digital product has no times."""

    type: str
    status: str | None
    refundable: bool
    times: Sequence[TypedTime]
    carrier: Mapping[str, str]
    receiver: Mapping[str, str]
    reason: str
    details: str

    def form(self) -> PaymentwallForm:
        """As a form, with each time that is none."""
        unread = Mistakes()
        delivery_at, update_at = ([unread.read(one.read, None) for one in self.times] or [None, None])[:2]
        return PaymentwallForm(
            self.type, self.status, self.refundable, delivery_at, update_at, self.carrier, self.receiver, self.reason,
            self.details, unread.told(),
        )  # fmt: skip


def payco_fields(
    fields: Fields, ahead: Sequence[str], told: Collection[str], cancel: Callable[[], None]
) -> PaycoTyping:
    """The state to tell; that shipping was told elsewhere, where it was not told here."""
    with st.form(fields.key("form"), border=False):
        status = fields.choice("status", _("State of the order"), ahead, delivery_labels.payco_status)
        elsewhere = False
        if CONFIRMED in ahead and SHIPPED not in told:
            with fields.place("elsewhere"):
                words = _("PAYCO was told outside of Jangbu that it was shipped")
                elsewhere = st.checkbox(words, key=fields.key("elsewhere"), persist_state="session")
        st.caption(_("To cancel the order, refund the payment: that tells PAYCO too."))
        with fields.place("imp_uid"):
            done = review_button(fields, cancel)
    return PaycoTyping(fields, done, status, elsewhere)


def paymentwall_fields(
    fields: Fields, ahead: Sequence[str], first: Mapping[str, str], cancel: Callable[[], None]
) -> PaymentwallTyping:
    """What was sold and how far its delivery is; of goods the carrier and the address too."""
    sold = fields.switch("type", _("What was sold"), {one: delivery_labels.paymentwall_type(one) for one in TYPES})
    with st.form(fields.key("form"), border=False):
        status = fields.choice("status", _("State of the delivery"), ahead, delivery_labels.paymentwall_status)
        times, carrier = _of_goods(fields) if sold == PHYSICAL else ((), {})
        names = ("email", *PLACE) if sold == PHYSICAL else ("email",)
        st.subheader(_("Receiver"), anchor=False)
        receiver = {}
        with st.grid(2, min_column_width=240):
            for name in names:
                st.session_state.setdefault(fields.key(name), first.get(name, ""))
                label = delivery_labels.paymentwall_field(name)
                receiver[name] = fields.text(name, label, required=True, persist_state="page", autocomplete="off")
        st.caption(_("Held until it is sent, and kept nowhere."))
        refundable = st.checkbox(_("The buyer can still have it refunded"), value=True, key=fields.key("refundable"))
        reason = fields.text("reason", _("Reason, if any"), max_chars=64)
        details = fields.text("details", _("Details, if any"), max_chars=400)
        with fields.place("imp_uid"):
            done = review_button(fields, cancel)
    return PaymentwallTyping(fields, done, sold, status, refundable, times, carrier, receiver, reason, details)


def sentence_of(wanted: Wanted) -> str:
    """What the PG is told."""
    status = wanted.request["status"]
    if wanted.kind == OperationKind.PAYCO_STATUS:
        words = _("Tell PAYCO the state of this order: {status}. It cannot be undone.")
        return words.format(status=delivery_labels.payco_status(status))
    words = _("Tell Paymentwall the state of this delivery: {status}. It cannot be undone.")
    return words.format(status=delivery_labels.paymentwall_status(status))


def _of_goods(fields: Fields) -> tuple[Sequence[TypedTime], dict[str, str]]:
    carrier = {}
    with st.container(horizontal=True):
        for name in CARRIER:
            label = delivery_labels.paymentwall_field(name)
            carrier[name] = fields.text(name, label, required=True, max_chars=64, width=320)
    later = int(time.time()) + DAY
    with st.container(horizontal=True):
        arrives = fields.time("estimated_delivery_datetime", fields.marked(_("Arrives at (KST)")), later)
        news = fields.time("estimated_update_datetime", fields.marked(_("Next update at (KST)")), later)
    return (arrives, news), carrier
