"""Confirming a verification by the one-time number that the person got, which is held in memory alone."""

from collections.abc import Callable
from typing import Any

from services.claimants import claimant_name
from services.errors import NotFound
from services.gateway import Gateway
from services.identity.person import checked_otp
from services.operations import held
from services.operations.actions.identity.deletions import subject_of
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

MOVES_MONEY = False


def wanted_confirmation(token: str, uid: str, otp: str, *, by_app: bool) -> Wanted:
    """The intent, without the number. Raises InvalidRequest, naming the field."""
    checked_otp(otp, by_app=by_app)
    return Wanted(
        token=token,
        kind=OperationKind.CONFIRM_OTP,
        subject=subject_of(uid),
        amount=0,
        currency="KRW",
        verification_uid=uid,
        request={"held_by": claimant_name()},
    )


def as_sent(_wanted: Wanted) -> dict[str, Any]:
    """Nothing that may be shown: the number alone is sent."""
    return {}


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads the verification. Raises Stop where it is confirmed, or nobody holds the number any more."""
    held.require_held(operation, Why.TYPED_GONE)
    try:
        certified = gateway.verification(operation.verification_uid or "").certified
    except NotFound:
        return  # of one that is not confirmed yet the gateway may show nothing: it decides
    if certified:
        raise Stop(Why.CERTIFIED_ALREADY)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Confirms it; the number is gone as the request leaves. Raises NotSent, Refused, OutcomeUnknown."""
    with held.sending(operation.token) as found:
        certified = gateway.confirm_otp(operation.verification_uid or "", found["otp"], still=still)
    return _outcome(certified)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether the person is certified by now."""
    try:
        return _outcome(gateway.verification(operation.verification_uid or "").certified)
    except NotFound:
        return None


def _outcome(certified: bool) -> Outcome:
    return Outcome(State.SUCCEEDED) if certified else Outcome(State.UNKNOWN, why=Why.STILL_PENDING)
