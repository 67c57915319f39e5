"""The fields of an escrow delivery: courier, number, time, and what the payment's PG wants of sender and receiver."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st
from services.escrow.couriers import Courier
from services.escrow.pg_rules import PgRule
from services.mistakes import Mistakes
from services.operations.actions.escrow.forms import BUYER, DeliveryForm
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind

from dashboard.kit.fields import Fields, TypedTime, Typing, review_button
from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.deliveries import delivery_labels

SENDER, RECEIVER = "sender_", "receiver_"


@dataclass(frozen=True, slots=True)
class First:
    """What stands in the fields at first."""

    company: str | None
    invoice: str
    sent_at: int
    sender: Mapping[str, str]
    receiver: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeliveryTyping(Typing):
    """What stands in the fields at this moment."""

    company: str | None
    invoice: str
    sent_at: TypedTime
    sender: Mapping[str, str]
    receiver: Mapping[str, str]
    more: Mapping[str, str]
    send_email: bool

    def form(self) -> DeliveryForm:
        """As a form, with a time that is none."""
        unread = Mistakes()
        sent_at = unread.read(self.sent_at.read, None)
        return DeliveryForm(
            self.company, self.invoice, sent_at, self.sender, self.receiver, self.more, self.send_email, unread.told()
        )


def delivery_fields(fields: Fields, rule: PgRule, first: First, cancel: Callable[[], None]) -> DeliveryTyping:
    """The fields that this PG wants; `cancel` draws the way out."""
    with st.form(fields.key("form"), border=False):
        with st.container(horizontal=True):
            company = courier_field(fields, first.company)
            st.session_state.setdefault(fields.key("invoice"), first.invoice)
            invoice = fields.text("invoice", _("Tracking number"), required=True, width=260, autocomplete="off")
        sent_at = fields.time("sent_at", fields.marked(_("Sent at")), first.sent_at)
        more = _of_delivery(fields, rule)
        left, right = st.columns(2, gap="medium")
        with left:
            st.subheader(_("Receiver"), anchor=False)
            receiver = persons(fields, RECEIVER, rule.person, first.receiver, kept="page")
            st.caption(_("Held until it is sent, and kept nowhere. As the payment has it, it is read there again."))
        with right:
            st.subheader(_("Sender"), anchor=False)
            sender = persons(fields, SENDER, rule.of_sender, first.sender, kept="session")
            st.caption(_("The shop's own: the next form begins with it."))
        mail = not rule.mail or st.checkbox(
            _("Write to the buyer once the purchase is confirmed"), value=True, key=fields.key("send_email")
        )
        with fields.place("imp_uid"):
            done = review_button(fields, cancel)
    return DeliveryTyping(fields, done, company, invoice, sent_at, sender, receiver, more, mail)


def courier_field(fields: Fields, first: str | None) -> str | None:
    """The courier by name: V1 would take any other for “another courier” without a word."""
    words = {one.value: delivery_labels.courier(one.value) for one in Courier}
    if first in words:
        st.session_state.setdefault(fields.key("company"), first)
    return fields.pick("company", fields.marked(_("Courier")), words, index=None, placeholder=_("Choose"), width=220)


def persons(
    fields: Fields, side: str, wanted: tuple[str, ...], first: Mapping[str, str], *, kept: str
) -> dict[str, str]:
    """What the PG wants of one of the two; `kept` says for how long the session keeps it."""
    found = {}
    for name in wanted:
        st.session_state.setdefault(fields.key(f"{side}{name}"), first.get(name, ""))
        label = delivery_labels.person_field(name)
        found[name] = fields.text(f"{side}{name}", label, required=True, persist_state=kept, autocomplete="off")
    return found


def persons_lines(fields: Fields, rule: PgRule) -> None:
    """Receiver and sender as they were typed, once more before it is sent: of the receiver no row holds anything."""
    for side, words, wanted in ((RECEIVER, _("Receiver"), rule.person), (SENDER, _("Sender"), rule.of_sender)):
        typed = [str(st.session_state.get(fields.key(f"{side}{name}")) or "") for name in wanted]
        st.text(formats.line(words, *typed))


def sentence_of(wanted: Wanted) -> str:
    """What is entered, and for whom."""
    enter = _("Enter {courier} {invoice}, sent {time} KST, to {whom}.")
    change = _("Change the delivery to {courier} {invoice}, sent {time} KST, to {whom}.")
    request = wanted.request
    whom = _("the buyer, as the payment says") if request["receiver"] == BUYER else _("the receiver above")
    return (enter if wanted.kind == OperationKind.ENTER_DELIVERY else change).format(
        courier=delivery_labels.courier(request["company"]),
        invoice=request["invoice"],
        time=formats.time(request["sent_at"]),
        whom=whom,
    )


def _of_delivery(fields: Fields, rule: PgRule) -> dict[str, str]:
    found = {}
    if "receiving_at" in rule.logis:
        day = fields.day("receiving_at", fields.marked(_("Arrives on")))
        found["receiving_at"] = day.strftime("%Y%m%d") if day else ""
    if "address" in rule.logis:
        found["address"] = fields.text("address", _("Address that it is sent from"), required=True)
    return found
