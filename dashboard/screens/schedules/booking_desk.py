"""Booking on a billing key: what its form stands on, and what became of it, with the schedules that it made."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.operations.actions.bookings import BookingForm, order_numbers, wanted_booking
from services.operations.actions.charges import subject_of
from services.operations.journal.journal import Wanted
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.one import booked_on_key, get_billing_key, get_schedule
from services.store.lists.payments import PaymentRow, search_payments
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey, Schedule

from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.outcome import outcome
from dashboard.screens.schedules.booking_result import booking_result


@dataclass(frozen=True, slots=True)
class BookingScreen:
    """The form of a booking on one key, and what it stands on."""

    draft: Draft
    key: BillingKey | None
    booked: Sequence[Schedule]
    last: PaymentRow | None
    """What the key was charged for last."""
    operation: Operation | None
    """What is shown instead of the form."""

    def wanted(self, key: BillingKey, screen: Screen, forms: Sequence[BookingForm]) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        minimum = screen.settings.naverpay_minimum
        return wanted_booking(self.draft.token, key, forms, minimum=minimum, now=screen.now)


def open_booking(customer_uid: str, screen: Screen) -> BookingScreen:
    """The form of a booking on a billing key."""
    draft = drafts.draft_of(subject_of(customer_uid), OperationKind.BOOK)
    with open_session() as session:
        last = search_payments(session, PaymentFilter(customer_uid=customer_uid, live=Live.ALL), limit=1).rows
        return BookingScreen(
            draft=draft,
            key=get_billing_key(session, customer_uid),
            booked=booked_on_key(session, customer_uid),
            last=last[0] if last else None,
            operation=drafts.operation_to_show(session, draft, screen.user),
        )


def result(operation: Operation, draft: Draft) -> str | None:
    """Draws it, whatever is under way on the key; returns the order number of the schedule that was picked."""
    drafts.watch_outcome(operation, outcome)
    picked = None
    if operation.kind == OperationKind.BOOK and operation.state == State.SUCCEEDED:
        orders = order_numbers(operation)
        booked = _stored(orders)
        # What was answered is stored a moment after the outcome.
        watch_list(lambda: len(_stored(orders)), len(booked))
        picked = booking_result(operation, booked)
    drafts.offer_again(draft, operation, _("Book something else"))
    return picked


def _stored(orders: list[str]) -> list[Schedule]:
    with open_session() as session:
        found = (get_schedule(session, order) for order in orders)
        return [one for one in found if one is not None]
