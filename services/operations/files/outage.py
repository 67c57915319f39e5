"""Maintenance of a gateway or PG: what is booked inside the window is moved out of it, and back if it is called off."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.errors import InvalidRequest
from services.operations.actions.schedule_changes import Change
from services.operations.files.batches import MOST_ROWS, batch_operations
from services.operations.files.bulk import BulkRow, Target, dry_run
from services.operations.files.run import Run
from services.operations.journal.journal import asked
from services.store.lists.one import get_schedule
from services.store.sql import read_all, table
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Schedule, ScheduleStatus

_MINUTE = 60
_TABLE = table(Schedule)


@dataclass(frozen=True, slots=True)
class Window:
    """From `from_at` on and before `to_at`, in UNIX seconds. `pg_provider` where only one PG is down."""

    from_at: int
    to_at: int
    pg_provider: str | None = None

    @property
    def after(self) -> int:
        """The first whole minute after the window, in UNIX seconds."""
        return -(-self.to_at // _MINUTE) * _MINUTE


def booked_inside(conn: Connection, window: Window) -> list[Schedule]:
    """What is booked inside, the next one first; one more than may be moved at once, at most. Raises InvalidRequest."""
    if window.to_at <= window.from_at:
        raise InvalidRequest("The window ends before it begins.", field="to_at")
    inside = (_TABLE.c.schedule_at >= window.from_at) & (_TABLE.c.schedule_at < window.to_at)
    wanted = select(_TABLE).where((_TABLE.c.schedule_status == ScheduleStatus.SCHEDULED.value) & inside)
    if window.pg_provider is not None:
        wanted = wanted.where(_TABLE.c.pg_provider == window.pg_provider)
    return read_all(conn, Schedule, wanted.order_by(_TABLE.c.schedule_at, _TABLE.c.merchant_uid).limit(MOST_ROWS + 1))


def moved_out(conn: Connection, token: str, name: str, window: Window, *, to: int | None, now: float) -> Run[BulkRow]:
    """What is booked inside, moved to `to` (UNIX seconds) or right after it; sends nothing. Raises InvalidRequest."""
    at = window.after if to is None else to
    if window.from_at <= at < window.to_at:
        raise InvalidRequest("That is inside the window.", field="to")
    targets = [Target(one.merchant_uid, at) for one in booked_inside(conn, window)]
    return dry_run(conn, token, name, Change(OperationKind.MOVE), targets, now=now)


def moved_back(conn: Connection, token: str, name: str, batch_id: int, *, now: float) -> Run[BulkRow]:
    """What was moved by that batch and still stands where it was put, to where each stood before; sends nothing."""
    targets = []
    for one in batch_operations(conn, batch_id):
        if one.kind != OperationKind.MOVE or one.state != State.SUCCEEDED or one.merchant_uid is None:
            continue
        row, wanted = get_schedule(conn, one.merchant_uid), asked(one)
        if row and row.schedule_at == wanted["schedule_at"]:
            targets.append(Target(one.merchant_uid, wanted["from"]))
    return dry_run(conn, token, name, Change(OperationKind.MOVE), targets, now=now)
