"""One operation: how it stands, what was asked for, and each step until its end."""

from collections.abc import Mapping

import streamlit as st
from services.operations.journal.journal import asked
from services.tables.journal import Operation

from dashboard import navigation as to
from dashboard.kit.lists.tiles import facts
from dashboard.locale import _
from dashboard.screens.activity.activity_desk import OperationScreen
from dashboard.screens.payments.operation_events import Told, operation_event
from dashboard.screens.payments.timeline import timeline
from dashboard.words import formats, labels, operation_labels
from dashboard.words.names.stores import store_fact


def asked_for(operation: Operation, *, buyers: bool, tiers: Mapping[str, str]) -> None:
    """What was asked for, as the form had it; what is empty is not drawn. `buyers`: whether they may be named."""
    field, request = labels.field, asked(operation)
    amount = formats.money(operation.amount, operation.currency) if operation.amount else None
    facts(
        (
            (field("amount"), amount),
            (_("Product"), request.get("name")),
            (field("requester"), operation_labels.requester(operation.requester) if operation.requester else None),
            (_("To account"), operation_labels.account(request, buyers=buyers)),
            (_("Reason given"), operation.reason),
            (field("merchant_uid"), operation.merchant_uid),
            ("imp_uid", operation.imp_uid),
            ("customer_uid", operation.customer_uid),
            (_("imp_uid of the verification"), operation.verification_uid),
            (field("tier"), store_fact(operation.tier, tiers)),
            (_("Member"), request.get("member_id")),
            (field("approved_by"), operation.approved_by and operation_labels.person(operation.approved_by)),
        )
    )


def steps(found: OperationScreen, *, buyers: bool) -> None:
    """Asked, approved, sent, answered, settled: when, by whom, with which words."""
    timeline(operation_event(Told(found.operation, found.told), buyers=buyers).steps, found.operation.currency)


def links(operation: Operation, *, may_follow: bool) -> None:
    """The ways to what it is about, and to its form for those who may open that."""
    with st.container(horizontal=True):
        if operation.imp_uid:
            to.link_to(_("Open the payment"), to.Place.PAYMENT, imp_uid=operation.imp_uid)
        if operation.customer_uid:
            to.link_to(_("Open the billing key"), to.Place.BILLING_KEY, customer_uid=operation.customer_uid)
        if may_follow:
            to.link_to_form(_("Open its form"), operation)
