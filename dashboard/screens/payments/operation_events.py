"""What was asked for on a payment or a key: its steps as events of the story, and what is still open on top."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import streamlit as st
from services.operations.journal.states import OPEN
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

from dashboard.locale import _
from dashboard.screens.payments.timeline import Event, Turn
from dashboard.words import formats, kinds, operation_labels

_UNDER_WAY = frozenset({State.AWAITING_APPROVAL, State.INTENT, State.SENT})
"""Before anything came of it."""


def operation_events(operations: Sequence[Operation], told: Mapping[int, Sequence[Mapping[str, Any]]]) -> list[Event]:
    """Each step as the audit tells it, oldest first: when, what, by whom, and why. `told` are entries by operation."""
    steps = [(entry["id"], one, entry) for one in operations for entry in told[one.id]]
    ended: set[tuple[int | None, int]] = set()
    events = []
    for _id, one, entry in sorted(steps, key=lambda step: step[0]):
        # A step after an end of the same second (sent again, say) keeps its place after that end.
        if entry["detail"].get("state", State.INTENT) not in _UNDER_WAY:
            ended.add((one.id, entry["at"]))
        turn = _turn(one, ended=(one.id, entry["at"]) in ended)
        events.append(_event(one, entry, turn))
    return events


def _turn(operation: Operation, *, ended: bool) -> Turn:
    if operation.kind == OperationKind.REFUND:
        return Turn.REFUND_ENDED if ended else Turn.REFUND_ASKED
    return Turn.ENDED if ended else Turn.ASKED


def _event(operation: Operation, entry: Mapping[str, Any], turn: Turn) -> Event:
    words = operation_labels.action(entry["action"]).format(kind=kinds.of(operation.kind).noun)
    detail = entry["detail"]
    asked = entry["action"] == "asked"
    parts = [
        _("by {who}").format(who=entry["actor"]),
        formats.money(operation.amount, operation.currency) if asked and operation.amount else None,
        detail.get("reason"),
        operation_labels.reason(detail["state"], detail["why"]) if detail.get("why") else None,
        detail.get("note"),
    ]
    told = " · ".join(part for part in parts if part)
    return Event(entry["at"], words, detail=told, gateway_says=detail.get("message") or "", turn=turn)


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
        asked = _("asked by {who} at {time} KST").format(who=found.asked_by, time=formats.time(found.asked_at))
        st.text(asked, width="content")
        if found.kind in follow and st.button(_("Follow it"), icon=":material/visibility:", key="follow"):
            return found
    return None
