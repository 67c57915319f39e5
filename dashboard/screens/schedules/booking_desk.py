"""What became of a booking: it stays in place, with the schedules that it made."""

from functools import partial

from services.operations.actions.bookings import order_numbers
from services.operations.journal.states import OPEN
from services.store.lists.one import get_schedule
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Schedule

from dashboard.kit.watch import watch_list, watch_operation
from dashboard.locale import _
from dashboard.process.resources import open_session
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.outcome import again_button, outcome
from dashboard.screens.schedules.booking_result import booking_result


def result(operation: Operation, draft: Draft) -> str | None:
    """Draws it, whatever is under way on the key; returns the order number of the schedule that was picked."""
    watch_operation(operation, partial(drafts.read_operation, operation.id), outcome)
    picked = None
    if operation.kind == OperationKind.BOOK and operation.state == State.SUCCEEDED:
        orders = order_numbers(operation)
        booked = _stored(orders)
        # What was answered is stored a moment after the outcome.
        watch_list(lambda: len(_stored(orders)), len(booked))
        picked = booking_result(operation, booked)
    if operation.state not in OPEN:
        again_button(operation, _("Book something else"), partial(drafts.begin_anew, draft))
    return picked


def _stored(orders: list[str]) -> list[Schedule]:
    with open_session() as session:
        found = (get_schedule(session, order) for order in orders)
        return [one for one in found if one is not None]
