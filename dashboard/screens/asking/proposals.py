"""What an address proposes for a form: a time, an amount, a name; a person still looks and sends it."""

from collections.abc import Mapping

from services.clock import seoul
from services.errors import InvalidRequest
from services.money import to_major
from services.operations.actions.bookings import BookingForm
from services.operations.actions.schedule_steps import read_time
from services.store.lists.payments import PaymentRow

from dashboard.screens.schedules.booking_form import Filled

AT = "at"
_LONGEST_NAME = 40


def proposed_time(params: Mapping[str, str]) -> int | None:
    """`at` as people in Korea write it, `2026-11-25T10:00`, in UNIX seconds; None where it is no time."""
    try:
        return read_time(params.get(AT, ""), field=AT)
    except InvalidRequest:
        return None


def booking_params(form: BookingForm) -> dict[str, str]:
    """A booking form as the parameters that fill it in."""
    amount = "" if form.amount is None else str(to_major(form.amount, form.currency))
    return {"amount": amount, "name": form.name[:_LONGEST_NAME], AT: f"{seoul(form.schedule_at):%Y-%m-%dT%H:%M}"}


def booking_filled(params: Mapping[str, str], last: PaymentRow | None) -> Filled:
    """`amount`, `name` and `at` of the address; where it names none, as the key was charged last."""
    name = params.get("name") or (last.name if last else None) or ""
    amount = params.get("amount", "")
    return Filled(amount, name[:_LONGEST_NAME], proposed_time(params), last.currency if last else "KRW")
