"""Changing the delivery of an escrow payment: a wrong number, another courier, somebody else who gets it."""

import json
from collections.abc import Callable
from typing import Any

from services.gateway import Gateway
from services.operations.actions.escrow.parcels import (
    MOVES_MONEY,
    as_sent,
    hold_receiver,
    same_parcel,
    send_by,
    shown_now,
)
from services.operations.journal.journal import asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

__all__ = ["MOVES_MONEY", "as_sent", "look", "prepare", "send"]


def prepare(gateway: Gateway, operation: Operation) -> str:
    """Reads payment and delivery again. What stands, as JSON. Raises Stop where it is not what the person saw."""
    hold_receiver(gateway, operation)
    shown, before = shown_now(gateway, operation), asked(operation)["from"]
    if shown is None or _told(shown.fields) != before:
        raise Stop(Why.DELIVERY_DIFFERS, delivery=shown)
    return json.dumps(before)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Changes it. Raises NotSent, Refused, OutcomeUnknown."""
    return send_by(lambda imp_uid, request: gateway.change_delivery(imp_uid, request, still=still), operation)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether it stands there; of what is not shown, whom it goes to, nothing tells."""
    request = asked(operation)
    shown = gateway.delivery(operation.imp_uid or "")
    if shown is None:
        return None
    before = request["from"]
    moved = not same_parcel(before, request)
    if not moved and before["sent_at"] == request["sent_at"]:
        return Outcome(State.UNKNOWN, why=Why.NOT_SHOWN, delivery=shown)
    ours = same_parcel(shown.fields, request) and (moved or shown.fields["sent_at"] == request["sent_at"])
    return Outcome(State.SUCCEEDED if ours else State.UNKNOWN, delivery=shown)


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in ("company", "invoice", "sent_at")}
