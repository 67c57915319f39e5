"""States of booked payments in words."""

from services.store.lists.schedules import ScheduleRow
from services.tables.schedules import ScheduleState as State
from services.tables.v1 import Schedule, ScheduleStatus

from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language
from dashboard.words.states import States

TILES = (State.SCHEDULED, State.PAID, State.FAILED, State.CANCELLED, State.REVOKED)


@once_a_language
def due_state() -> Words:
    """A state by its name."""
    return {
        State.SCHEDULED: _("Booked"),
        State.PAID: _("Paid"),
        State.FAILED: _("Failed"),
        State.CANCELLED: _("Refunded"),
        State.EXECUTED: _("Ran"),
        State.REVOKED: _("Revoked"),
    }


SCHEDULE_STATES = States(
    due_state,
    {
        State.SCHEDULED: ("◷", "blue"),
        State.PAID: ("✓", "green"),
        State.FAILED: ("✕", "red"),
        State.CANCELLED: ("↩", "gray"),
        State.EXECUTED: ("…", "orange"),
        State.REVOKED: ("⊘", "gray"),
    },
)


def state_of(row: Schedule | ScheduleRow) -> str:
    """V1's status, and what became of one that ran."""
    ran = row.schedule_status == ScheduleStatus.EXECUTED
    return row.payment_status if ran and row.payment_status else row.schedule_status
