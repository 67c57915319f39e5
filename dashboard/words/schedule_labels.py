"""States of booked payments in words."""

from collections.abc import Mapping

from services.store.lists.schedules import ScheduleRow
from services.tables.schedules import ScheduleState as State
from services.tables.v1 import Schedule, ScheduleStatus

from dashboard.locale import _
from dashboard.words.states import Look, States

TILES = (State.SCHEDULED, State.PAID, State.FAILED, State.CANCELLED, State.REVOKED)


@States
def due_state() -> Mapping[str, Look]:
    """A state by its name."""
    return {
        State.SCHEDULED: Look("◷", "blue", _("Booked")),
        State.PAID: Look("✓", "green", _("Paid")),
        State.FAILED: Look("✕", "red", _("Failed")),
        State.CANCELLED: Look("↩", "gray", _("Refunded")),
        State.EXECUTED: Look("…", "orange", _("Ran")),
        State.REVOKED: Look("⊘", "gray", _("Revoked")),
    }


def state_of(row: Schedule | ScheduleRow) -> str:
    """V1's status, and what became of one that ran."""
    ran = row.schedule_status == ScheduleStatus.EXECUTED
    return row.payment_status if ran and row.payment_status else row.schedule_status
