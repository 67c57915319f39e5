"""Revoking booked payments: always by their order numbers, since V1 takes none for all of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.requests import UnscheduleRequest
from services.operations.actions.schedule_steps import (
    may_still_arrive,
    require_booked,
    seen_after,
    still_booked,
    subject_of,
    subject_of_all,
)
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Schedule, ScheduleStatus
from services.typed_text import typed

MOVES_MONEY = False


def wanted_revocation(token: str, schedules: Sequence[Schedule], *, reason: str, now: float) -> Wanted:
    """The intent to revoke booked payments, all of one billing key. Raises InvalidRequest."""
    if not schedules or len({one.customer_uid for one in schedules}) != 1:
        raise InvalidRequest("Payments of one billing key are revoked together.", field="merchant_uid")
    for one in schedules:
        require_booked(one, now)
    if not typed(reason):
        raise InvalidRequest("Say why.", field="reason")
    alone = len(schedules) == 1
    first, all_of_key = schedules[0], subject_of_all(schedules[0].customer_uid)
    return Wanted(
        token=token,
        kind=OperationKind.REVOKE,
        subject=subject_of(first.merchant_uid) if alone else all_of_key,
        beside=(all_of_key,) if alone else tuple(subject_of(one.merchant_uid) for one in schedules),
        amount=sum(one.amount for one in schedules),
        currency=first.currency,
        merchant_uid=first.merchant_uid if alone else None,
        customer_uid=first.customer_uid,
        reason=typed(reason),
        request={"merchant_uid": [one.merchant_uid for one in schedules]},
    )


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names."""
    return _unschedule_request(wanted, wanted.request).body()


def _unschedule_request(row: Operation | Wanted, request: Mapping[str, Any]) -> UnscheduleRequest:
    return UnscheduleRequest(row.customer_uid or "", tuple(request["merchant_uid"]))


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads the schedules again. Raises Stop where one ran, was revoked elsewhere, or is due within a minute."""
    still_booked(gateway, asked(operation)["merchant_uid"])


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Revokes exactly these schedules, and reads them once more: one may have run in between."""
    gateway.unschedule(_unschedule_request(operation, asked(operation)), still=still)
    return seen_after(look, gateway, operation)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether all schedules are revoked; one that ran has its payment and is left as it is."""
    found = tuple(gateway.schedule(order) for order in asked(operation)["merchant_uid"])
    states = {one.fields["schedule_status"] for one in found}
    if states == {ScheduleStatus.REVOKED}:
        return Outcome(State.SUCCEEDED, schedules=found)
    if ScheduleStatus.SCHEDULED in states or may_still_arrive(operation, found):
        return None
    if ScheduleStatus.EXECUTED in states:
        return Outcome(State.REFUSED, why=Why.EXECUTED_MEANWHILE, schedules=found)
    return None
