"""Having a one-time number sent to somebody's phone: what is sent of the person is held in memory alone."""

from collections.abc import Callable, Mapping
from typing import Any

from services.claimants import claimant_name
from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.pg_requests import OtpRequest
from services.identity.person import checked_person
from services.identity.pg_rules import Ability, fits
from services.mistakes import Mistakes
from services.operations import held
from services.operations.actions.parameters.order_numbers import new_order_number
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Channel

MOVES_MONEY = False
APP, SMS = "APP", "SMS"


def wanted_otp(token: str, channel: Channel | None, filled: Mapping[str, str], *, by_app: bool = False) -> Wanted:
    """The intent, in which nothing of the person stands. Raises InvalidRequest, naming each field to mend."""
    mistakes = Mistakes()
    pg = channel.pg_provider if channel else None
    if channel is None or not fits(channel, Ability.OTP):
        mistakes.add(InvalidRequest("Choose a channel that sends one-time numbers.", field="channel_key"))
    elif by_app and not fits(channel, Ability.APP):
        mistakes.add(InvalidRequest("This PG has no app for it: by text message only.", field="by_app"))
    try:
        checked_person(filled)
    except InvalidRequest as problem:
        for one in (problem, *problem.also):
            mistakes.add(one)
    mistakes.require_none()
    order = new_order_number()
    sent = {"channel_key": channel.channel_key if channel else None} | ({"verification_method": APP} if by_app else {})
    return Wanted(
        token=token,
        kind=OperationKind.REQUEST_OTP,
        subject=f"identity_of:{order}",
        amount=0,
        currency="KRW",
        merchant_uid=order,
        request=sent | {"pg_provider": pg, "held_by": claimant_name()},
    )


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names, without whose it is."""
    return _fields(wanted, wanted.request)


def _fields(row: Operation | Wanted, request: Mapping[str, Any]) -> dict[str, str]:
    found = {name: request[name] for name in ("channel_key", "verification_method") if request.get(name)}
    return found | {"merchant_uid": row.merchant_uid or ""}


def prepare(_gateway: Gateway, operation: Operation) -> None:
    """Raises Stop where nobody holds what was typed any more, NotSent where another process does."""
    held.require_held(operation, Why.TYPED_GONE)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Asks for the number; what is held is gone as the request leaves. See IdentityCalls.request_otp."""
    with held.sending(operation.token) as personal:
        uid = gateway.request_otp(OtpRequest(personal, _fields(operation, asked(operation))), still=still)
    return Outcome(State.SUCCEEDED, verification_uid=uid)


def look(_gateway: Gateway, _operation: Operation) -> Outcome:
    """No reading finds a verification by its order number: whoever asked asks the person whether a number came."""
    return Outcome(State.UNKNOWN, why=Why.NOT_SHOWN)
