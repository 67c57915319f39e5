"""What can be done to one booked payment, alone or one of many: moved, revoked, booked again, or charged now."""

from dataclasses import dataclass

from services.errors import InvalidRequest
from services.operations.actions.moves import wanted_move
from services.operations.actions.rebookings import wanted_rebooking
from services.operations.actions.retries import wanted_retry
from services.operations.actions.revocations import wanted_revocation
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind as Kind
from services.tables.v1 import Schedule

CHANGES = (Kind.MOVE, Kind.REVOKE, Kind.REBOOK, Kind.RETRY)
OF_BOOKED = (Kind.MOVE, Kind.REVOKE)
"""Changes of what is still booked; the others are of what failed or was revoked."""
TIMED = (Kind.MOVE, Kind.REBOOK)
"""Changes that are made for a time."""


@dataclass(frozen=True, slots=True)
class Change:
    """One of CHANGES; REVOKE says why."""

    kind: Kind
    reason: str = ""


def wanted_change(token: str, change: Change, schedule: Schedule, at: int | None, *, now: float) -> Wanted:
    """The intent of a change, for `at` (UNIX seconds) where it is TIMED. Raises InvalidRequest."""
    match change.kind:
        case Kind.MOVE:
            return wanted_move(token, schedule, _needed(at), now=now)
        case Kind.REBOOK:
            return wanted_rebooking(token, schedule, _needed(at), now=now)
        case Kind.REVOKE:
            return wanted_revocation(token, [schedule], reason=change.reason, now=now)
        case Kind.RETRY:
            return wanted_retry(token, schedule)
    raise ValueError(f"{change.kind} is no change of a schedule")


def _needed(at: int | None) -> int:
    if at is None:
        raise InvalidRequest("Say for which time.", field="schedule_at")
    return at
