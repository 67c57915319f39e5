"""Moving a booked payment to another time."""

from collections.abc import Callable
from typing import Any

from services.errors import InvalidRequest
from services.gateway import Gateway
from services.gateway.requests import MoveRequest
from services.operations.actions.schedule_steps import (
    checked_time,
    may_still_arrive,
    require_ahead,
    require_booked,
    seen_after,
    still_booked,
    wanted_of,
)
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Schedule, ScheduleStatus

MOVES_MONEY = False


def wanted_move(token: str, schedule: Schedule, schedule_at: int, *, now: float) -> Wanted:
    """The intent to move a booked payment to `schedule_at` (UNIX seconds). Raises InvalidRequest."""
    require_booked(schedule, now)
    if schedule_at == schedule.schedule_at:
        raise InvalidRequest("It is booked for that time already.", field="schedule_at")
    request = {"schedule_at": checked_time(schedule_at, now), "from": schedule.schedule_at}
    return wanted_of(OperationKind.MOVE, token, schedule, request)


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names; its order number stands in the path."""
    return MoveRequest(wanted.request["schedule_at"]).body()


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads the schedule again. Raises Stop where it ran, was revoked, or either time is within a minute."""
    still_booked(gateway, [operation.merchant_uid or ""])
    require_ahead(gateway, asked(operation)["schedule_at"])


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Moves the schedule, and reads it once more: it may have run in between."""
    gateway.move_schedule(operation.merchant_uid or "", MoveRequest(asked(operation)["schedule_at"]), still=still)
    return seen_after(look, gateway, operation)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether the schedule stands at its new time; one that ran at its old time has its payment and is left."""
    found = gateway.schedule(operation.merchant_uid or "")
    if found.fields["schedule_at"] == asked(operation)["schedule_at"]:
        return Outcome(State.SUCCEEDED, schedules=(found,))
    status = found.fields["schedule_status"]
    if status == ScheduleStatus.SCHEDULED or may_still_arrive(operation, (found,)):
        return None
    why = Why.EXECUTED_MEANWHILE if status == ScheduleStatus.EXECUTED else Why.NOT_BOOKED
    return Outcome(State.REFUSED, found.fields["fail_reason"], why, schedules=(found,))
