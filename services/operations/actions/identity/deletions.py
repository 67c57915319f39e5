"""Erasing an identity verification at PortOne, which cannot be undone."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from services.errors import NotFound
from services.gateway import Gateway
from services.identity.looks import checked_reason, checked_uid
from services.mistakes import Mistakes
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

MOVES_MONEY = False


def subject_of(uid: str) -> str:
    """The subject of operations on a verification, of which one is open at most."""
    return f"identity:{uid}"


def wanted_erasure(conn: Connection, token: str, uid: str, reason: str) -> Wanted:
    """The intent to erase a verification; why is kept. Raises InvalidRequest, naming each field to mend."""
    mistakes = Mistakes()
    found = mistakes.read(lambda: checked_uid(conn, uid), "")
    why = mistakes.read(lambda: checked_reason(reason), "")
    mistakes.require_none()
    return Wanted(
        token=token,
        kind=OperationKind.DELETE_IDENTITY,
        subject=subject_of(found),
        amount=0,
        currency="KRW",
        verification_uid=found,
        reason=why,
    )


def as_sent(_wanted: Wanted) -> dict[str, Any]:
    """Nothing: the verification stands in the path, and PortOne is told no reason."""
    return {}


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Looks whether it is there. Raises Stop where it is gone, GatewayError."""
    try:
        gateway.verification(operation.verification_uid or "")
    except NotFound as error:
        raise Stop(Why.IDENTITY_GONE, error.refusal.message) from None


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Erases it. Raises NotSent, Refused, OutcomeUnknown."""
    gateway.delete_verification(operation.verification_uid or "", still=still)
    return Outcome(State.SUCCEEDED)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether it is gone."""
    try:
        gateway.verification(operation.verification_uid or "")
    except NotFound:
        return Outcome(State.SUCCEEDED)
    return None
