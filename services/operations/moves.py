"""Moving a booked payment to another time."""

from collections.abc import Callable

from services.gateway import Gateway
from services.journal_models import Operation, OperationKind
from services.journal_models import OperationState as State
from services.models import Schedule, ScheduleStatus
from services.operations.journal import Wanted, asked
from services.operations.outcomes import Outcome
from services.operations.schedule_steps import checked_time, require_booked, still_booked, subject_of
from services.operations.states import Why


def wanted_move(token: str, schedule: Schedule, schedule_at: int, *, now: float) -> Wanted:
    """The intent to move it to `schedule_at` (UNIX seconds). Raises InvalidRequest."""
    require_booked(schedule, now)
    return Wanted(
        token=token,
        kind=OperationKind.MOVE,
        subject=subject_of(schedule.merchant_uid),
        amount=schedule.amount,
        currency=schedule.currency,
        merchant_uid=schedule.merchant_uid,
        customer_uid=schedule.customer_uid,
        request={"schedule_at": checked_time(schedule_at, now), "from": schedule.schedule_at},
    )


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads it again. Raises Stop where it ran, was revoked, or is due within a minute."""
    still_booked(gateway, [operation.merchant_uid or ""])


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Moves it, and reads it once more: it may have run in between."""
    gateway.move_schedule(operation.merchant_uid or "", asked(operation)["schedule_at"], still=still)
    return look(gateway, operation) or Outcome(State.UNKNOWN, why=Why.STILL_PENDING)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether it stands at its new time; one that ran at its old time has its payment and is left as it is."""
    found = gateway.schedule(operation.merchant_uid or "")
    if found.fields["schedule_at"] == asked(operation)["schedule_at"]:
        return Outcome(State.SUCCEEDED, schedules=(found,))
    if found.fields["schedule_status"] != ScheduleStatus.SCHEDULED:
        return Outcome(State.REFUSED, found.fields["fail_reason"], Why.EXECUTED_MEANWHILE, schedules=(found,))
    return None
