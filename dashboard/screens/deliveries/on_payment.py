"""On the screen of a payment: its escrow delivery, what PAYCO and Paymentwall were told, and the ways to each."""

import streamlit as st
from services.escrow import pg_rules
from services.operations.actions.deliveries.unseen import PG_OF, applies
from services.operations.journal.journal import asked
from services.operations.journal.once import STEPS
from services.tables.journal import Operation, OperationKind, OperationState
from services.tables.v1 import Payment

from dashboard import navigation as to
from dashboard.access import Permission
from dashboard.locale import _
from dashboard.screen import Screen
from dashboard.screens.deliveries.delivery_facts import words_of
from dashboard.screens.payments.payment_desk import PaymentScreen
from dashboard.words import formats, kinds, operation_labels
from dashboard.words.deliveries import delivery_labels


def delivery_buttons(payment: Payment, found: PaymentScreen, screen: Screen) -> None:
    """A link for whoever may, where something is to be entered or told."""
    if not screen.user.may(Permission.DELIVERY):
        return
    if found.delivery or pg_rules.stands_in_the_way(payment, escrow=payment.escrow) is None:
        to.link_to(_("Escrow delivery"), to.Place.DELIVERY, imp_uid=payment.imp_uid)
    for kind in PG_OF:
        last_step_told = any(asked(one)["status"] == STEPS[kind][-1] for one in _told(found, kind))
        if applies(payment, kind) and not last_step_told:
            words = kinds.of(kind)
            to.link_to(words.send, to.Place(words.page), imp_uid=payment.imp_uid)


def delivery_lines(payment: Payment, found: PaymentScreen) -> None:
    """What stands, or that it is missing, and what was told, each in a line."""
    if found.delivery:
        st.caption(f":material/local_shipping: {formats.escape(words_of(found.delivery))}")
    elif pg_rules.stands_in_the_way(payment, escrow=payment.escrow) is None:
        missing = _("Paid by escrow, and no delivery is known: until the buyer confirms, the PG pays nothing out.")
        st.caption(f":material/local_shipping: {formats.escape(missing)}")
    for kind in PG_OF:
        for one in _told(found, kind):
            st.caption(f"{kinds.of(kind).icon} {formats.escape(told_words(one))}")


def told_words(operation: Operation) -> str:
    """What a PG was told, when and by whom, in one line."""
    words = {
        OperationKind.PAYCO_STATUS: _("PAYCO was told at {time} KST by {who}: {status} · operation {n}"),
        OperationKind.PAYMENTWALL_DELIVERY: _("Paymentwall was told at {time} KST by {who}: {status} · operation {n}"),
    }[OperationKind(operation.kind)]
    return words.format(
        time=formats.time(operation.state_at),
        who=operation_labels.person(operation.asked_by),
        status=status_of(operation),
        n=operation.id,
    )


def status_of(operation: Operation) -> str:
    """The step that was told, in words."""
    of = delivery_labels.payco_status if operation.kind == OperationKind.PAYCO_STATUS else (
        delivery_labels.paymentwall_status
    )  # fmt: skip
    return of(asked(operation)["status"])


def _told(found: PaymentScreen, kind: OperationKind) -> list[Operation]:
    """What was told, the first step first."""
    done = [one for one in found.operations if one.kind == kind and one.state == OperationState.SUCCEEDED]
    return sorted(done, key=lambda one: one.id)
