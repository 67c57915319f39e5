"""States of booked payments in words, each with its sign: colour never says it alone."""

from services.store.lists.schedules import ScheduleRow
from services.tables.schedules import ScheduleState as State
from services.tables.v1 import Schedule, ScheduleStatus

from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.labels import Words, once_a_language

SIGNS = {
    State.SCHEDULED: ("◷", "blue"),
    State.PAID: ("✓", "green"),
    State.FAILED: ("✕", "red"),
    State.CANCELLED: ("↩", "gray"),
    State.EXECUTED: ("…", "orange"),
    State.REVOKED: ("⊘", "gray"),
}
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


def due_badge(code: str) -> str:
    """A state as sign and word."""
    return f"{sign_of(code)} {due_state(code)}"


def due_markdown(code: str) -> str:
    """A schedule's state as a coloured badge."""
    return f":{color_of(code)}-badge[{formats.escape(due_badge(code))}]"


def sign_of(code: str) -> str:
    """A state's sign."""
    return next((sign for known, (sign, _color) in SIGNS.items() if known == code), "?")


def color_of(code: str) -> str:
    """A state's colour, by Streamlit's name."""
    return next((color for known, (_sign, color) in SIGNS.items() if known == code), "gray")


def state_of(row: Schedule | ScheduleRow) -> str:
    """V1's status, and what became of one that ran."""
    ran = row.schedule_status == ScheduleStatus.EXECUTED
    return row.payment_status if ran and row.payment_status else row.schedule_status
