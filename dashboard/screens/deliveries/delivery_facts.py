"""What is known of one escrow delivery, and what has to be known before one is entered."""

import streamlit as st
from services.escrow.pg_rules import as_of, rule_of
from services.tables.escrow import DeliveryState, EscrowDelivery
from services.tables.v1 import Payment

from dashboard.kit.lists.tiles import facts
from dashboard.locale import _
from dashboard.words import formats, labels, operation_labels
from dashboard.words.deliveries import delivery_labels
from dashboard.words.ways import pg_and_method


def payment_line(payment: Payment, *, buyers: bool) -> None:
    """What is sent: product, buyer, order, method, when it was paid, and for how much."""
    method = pg_and_method(payment)
    paid_at = _("paid {time} KST").format(time=formats.time(payment.paid_at)) if payment.paid_at else None
    buyer = formats.buyer(payment.buyer_name, buyers)
    st.text(formats.line(payment.name, buyer, payment.merchant_uid, method, paid_at))
    left = formats.money(max(payment.amount - payment.cancel_amount, 0), payment.currency)
    st.metric(_("Remaining"), left, border=True, width=200)
    if payment.sandbox:
        st.caption(_("A payment of a test channel: no money moves."))


def words_of(delivery: EscrowDelivery) -> str:
    """Courier, number and when it was sent, in one line."""
    return _("{courier} {invoice}, sent {time} KST").format(
        courier=delivery_labels.courier(delivery.company), invoice=delivery.invoice, time=formats.time(delivery.sent_at)
    )


def delivery_facts(delivery: EscrowDelivery) -> None:
    """The delivery that stands."""
    by = operation_labels.person(delivery.entered_by) if delivery.entered_by else _("Outside of Jangbu")
    facts(
        (
            (labels.field("state"), delivery_labels.state(DeliveryState.ENTERED)),
            (_("Courier"), delivery_labels.courier(delivery.company)),
            (_("Tracking number"), delivery.invoice),
            (_("Sent at"), formats.time(delivery.sent_at)),
            (_("Delivery entered at"), formats.time(delivery.applied_at)),
            (_("Delivery entered by"), by),
        )
    )


def none_known(*, known_there: bool | None) -> None:
    """That none is known, and what that means for the money."""
    words = _(
        "No delivery is known. The PG pays out only after the buyer's confirmation, which begins with the delivery."
    )
    st.caption(words)
    if known_there is False:
        st.caption(_("PortOne shows none either."))


def notes(payment: Payment) -> None:
    """What whoever enters has to know first, and as of when that is known."""
    if note := rule_of(payment.pg_provider).note:
        st.warning(_(note), icon=":material/info:")
        st.caption(_("Known from PortOne's description, as of {day}.").format(day=as_of().isoformat()))
