"""Confirming a Naver Pay order under an escrow contract, which lets Naver settle it and cannot be undone."""

from collections.abc import Callable
from typing import Any

from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.pg_requests import NaverConfirmRequest
from services.operations.actions.naver.orders import Order, look, prepare, wanted_of
from services.operations.actions.refunds import REQUESTERS
from services.operations.journal.journal import Wanted
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

__all__ = ["MOVES_MONEY", "as_sent", "look", "prepare", "send", "wanted_confirmation"]
MOVES_MONEY = False


def wanted_confirmation(token: str, order: Order, requester: str | None) -> Wanted:
    """The intent to confirm; who asked for it is told to Naver. Raises InvalidRequest, naming the field."""
    if requester not in REQUESTERS:
        raise InvalidRequest("Choose who asked for it: the customer or the shop.", field="requester")
    return wanted_of(token, OperationKind.NAVER_CONFIRM, order, requester)


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names; the payment stands in the path."""
    return NaverConfirmRequest(wanted.requester or "").body()


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Confirms the order. Raises NotSent, Refused, OutcomeUnknown."""
    request = NaverConfirmRequest(operation.requester or "")
    gateway.confirm_naver(operation.imp_uid or "", request, still=still)
    return Outcome(State.SUCCEEDED)
