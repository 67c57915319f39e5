"""Telling PAYCO that an order was shipped, then that the purchase is confirmed; a refund alone cancels it."""

from collections.abc import Callable, Collection
from typing import Any

from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.pg_requests import PaycoRequest
from services.operations.actions.deliveries.unseen import look, require_unsent, wanted_of
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.once import STEPS
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment

__all__ = ["CONFIRMED", "MOVES_MONEY", "SHIPPED", "as_sent", "look", "prepare", "send", "wanted_status"]
MOVES_MONEY = False
SHIPPED, CONFIRMED = STEPS[OperationKind.PAYCO_STATUS]
prepare = require_unsent


def wanted_status(
    token: str, payment: Payment, status: str | None, told: Collection[str], *, elsewhere: bool = False
) -> Wanted:
    """The intent to tell a state; `told` are those told before. Raises InvalidRequest, naming the field.

    `elsewhere`: it was shipped, which PAYCO was told outside of Jangbu.
    """
    if status not in STEPS[OperationKind.PAYCO_STATUS]:
        raise InvalidRequest("Choose the state: shipped, or confirmed.", field="status")
    if status == CONFIRMED and SHIPPED not in told and not elsewhere:
        raise InvalidRequest("PAYCO takes the confirmation of an order that was shipped: tell that first.",
                             field="elsewhere")  # fmt: skip
    return wanted_of(token, OperationKind.PAYCO_STATUS, payment, {"status": status})


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes; the payment stands in the path."""
    return PaycoRequest(wanted.request["status"]).body()


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Tells it. Raises NotSent, Refused, OutcomeUnknown."""
    gateway.tell_payco(operation.imp_uid or "", PaycoRequest(asked(operation)["status"]), still=still)
    return Outcome(State.SUCCEEDED)
