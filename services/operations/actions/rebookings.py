"""Booking a failed or revoked payment again, under its own order number."""

import json
from collections.abc import Callable
from typing import Any

from services.gateway import Gateway
from services.gateway.requests import MoveRequest
from services.operations.actions.schedule_steps import (
    checked_time,
    ended,
    require_ahead,
    require_ended,
    wanted_of,
)
from services.operations.journal.journal import Wanted, asked
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Schedule, ScheduleStatus

MOVES_MONEY = False


def wanted_rebooking(token: str, schedule: Schedule, schedule_at: int, *, now: float) -> Wanted:
    """The intent to book a schedule again for `schedule_at` (UNIX seconds). Raises InvalidRequest."""
    require_ended(schedule)
    request = {"schedule_at": checked_time(schedule_at, now)}
    return wanted_of(OperationKind.REBOOK, token, schedule, request)


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names; its order number stands in the path."""
    return MoveRequest(wanted.request["schedule_at"]).body()


def prepare(gateway: Gateway, operation: Operation) -> str:
    """Reads the schedule again: the payment it has now, as JSON. Raises Stop where it is booked, paid, or too late."""
    require_ahead(gateway, asked(operation)["schedule_at"])
    return json.dumps([ended(gateway, operation.merchant_uid or "").fields["imp_uid"]])


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Books the schedule again. Raises NotSent, Refused, OutcomeUnknown."""
    order, request = operation.merchant_uid or "", MoveRequest(asked(operation)["schedule_at"])
    return Outcome(State.SUCCEEDED, schedules=(gateway.reschedule(order, request, still=still),))


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether it is booked for its new time, or ran at it: then it has a payment that was not there before."""
    fields = (found := gateway.schedule(operation.merchant_uid or "")).fields
    ran = fields["imp_uid"] and fields["imp_uid"] not in json.loads(operation.known or "[]")
    booked = fields["schedule_status"] == ScheduleStatus.SCHEDULED
    at = fields["schedule_at"] == asked(operation)["schedule_at"]
    return Outcome(State.SUCCEEDED, schedules=(found,)) if at and (booked or ran) else None
