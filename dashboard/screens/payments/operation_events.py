"""What was asked for on a payment or a key: each a line that unfolds into its steps, and what is still open on top."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from services.operations.journal.journal import asked
from services.operations.journal.states import OPEN
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

from dashboard.locale import _
from dashboard.screens.payments.timeline import Event, Turn
from dashboard.words import formats, kinds, operation_labels

_TAXES = ("tax_free", "vat_amount")


@dataclass(frozen=True, slots=True)
class Told:
    """An operation, and its entries in the audit, oldest first."""

    operation: Operation
    entries: Sequence[Mapping[str, Any]]


def operation_event(told: Told, *, buyers: bool) -> Event:
    """An operation as one line: what, how it stands, who asked, and the gateway's words.

    `buyers`: whether they may be named.
    """
    one = told.operation
    words = f"{operation_labels.summary(one)}: {operation_labels.state.badge(operation_labels.standing_code(one))}"
    refund = one.kind == OperationKind.REFUND
    return Event(
        one.state_at,
        words,
        detail=operation_labels.reason(one.state, one.why) if one.state != State.SUCCEEDED else "",
        gateway_says=one.message or "",
        turn=Turn.REFUND_ENDED if refund else Turn.ENDED,
        who=_people(one),
        steps=[_step(one, entry, buyers) for entry in told.entries],
    )


def _people(operation: Operation) -> str:
    """Who asked, and who said yes where that was another person."""
    asked_by = operation_labels.person(operation.asked_by)
    if not operation.approved_by:
        return asked_by
    words = _("{who}, approved by {approver}")
    return words.format(who=asked_by, approver=operation_labels.person(operation.approved_by))


def _step(operation: Operation, entry: Mapping[str, Any], buyers: bool) -> Event:
    words = operation_labels.action(entry["action"]).format(kind=kinds.of(operation.kind).noun)
    detail = entry["detail"]
    begins = entry["action"] == "asked"
    parts = [
        formats.money(operation.amount, operation.currency) if begins and operation.amount else None,
        *(_sent_with(operation, buyers) if begins else ()),
        detail.get("reason"),
        operation_labels.reason(detail["state"], detail["why"]) if detail.get("why") else None,
        detail.get("note"),
    ]
    return Event(
        entry["at"],
        words,
        detail=" · ".join(part for part in parts if part),
        gateway_says=detail.get("message") or "",
        who=operation_labels.person(entry["actor"]),
    )


def _sent_with(operation: Operation, buyers: bool) -> list[str]:
    """To which account, and how it is taxed."""
    said = asked(operation)
    account = operation_labels.account(said, buyers=buyers)
    taxes = operation_labels.particulars({name: said[name] for name in _TAXES if name in said}, operation.currency)
    return [*([f"{_('To account')} {account}"] if account else ()), *taxes]


def open_operation_line(operations: Sequence[Operation], follow: Collection[str]) -> Operation | None:
    """Says on top that something is not finished; returns it where the person wants to see it.

    `follow` are the kinds that this person can follow somewhere.
    """
    found = next((one for one in operations if one.state in OPEN), None)
    if found is None:
        return None
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        says = formats.escape(operation_labels.summary(found))
        st.markdown(f"{operation_labels.standing(found)} **{says}**", width="content")
        who = operation_labels.person(found.asked_by)
        st.text(_("asked by {who} at {time} KST").format(who=who, time=formats.time(found.asked_at)), width="content")
        if found.kind in follow and st.button(_("Follow it"), icon=":material/visibility:", key="follow"):
            return found
    return None
