"""Entering the delivery of an escrow payment, after which the buyer confirms and the PG pays out."""

from collections.abc import Callable

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


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads payment and delivery again. Raises Stop where one stands already, GatewayError."""
    hold_receiver(gateway, operation)
    if shown := shown_now(gateway, operation):
        raise Stop(Why.DELIVERY_STANDS, delivery=shown)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Enters it. Raises NotSent, Refused, OutcomeUnknown."""
    return send_by(lambda imp_uid, request: gateway.enter_delivery(imp_uid, request, still=still), operation)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether it stands there: before it was sent none did."""
    shown = gateway.delivery(operation.imp_uid or "")
    if shown is None:
        return None
    ours = same_parcel(shown.fields, asked(operation))
    return Outcome(State.SUCCEEDED if ours else State.UNKNOWN, delivery=shown)
