"""Having Naver Pay credit a buyer's points, where the contract leaves that to the shop."""

from collections.abc import Callable
from typing import Any

from services.gateway import Gateway
from services.operations.actions.naver.orders import Order, look, prepare, wanted_of
from services.operations.journal.journal import Wanted
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

__all__ = ["MOVES_MONEY", "as_sent", "look", "prepare", "send", "wanted_points"]
MOVES_MONEY = False


def wanted_points(token: str, order: Order) -> Wanted:
    """The intent to have an order's points credited. Raises InvalidRequest, naming the field."""
    return wanted_of(token, OperationKind.NAVER_POINTS, order)


def as_sent(_wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes: none, the payment stands in the path."""
    return {}


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Has the points credited. Raises NotSent, Refused, OutcomeUnknown."""
    gateway.credit_naver_points(operation.imp_uid or "", still=still)
    return Outcome(State.SUCCEEDED)
