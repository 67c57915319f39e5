"""Billing keys, and what is booked on them."""

from collections.abc import Mapping
from functools import partial

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    change = partial(Kind, permission=Permission.SCHEDULE, page="schedule", about="merchant_uid")
    return {
        OperationKind.DELETE_KEY: Kind(
            noun=_("Deletion of a billing key"),
            nothing=_("Nothing was changed."),
            icon=":material/key_off:",
            permission=Permission.DELETE_KEY,
            page="key_deletion",
            about="customer_uid",
            has_sum=False,
        ),
        OperationKind.BOOK: Kind(
            noun=_("Booking"),
            send=_("Book {amount}"),
            nothing=_("Nothing was changed."),
            icon=":material/event_available:",
            permission=Permission.SCHEDULE,
            page="book_schedule",
            about="customer_uid",
        ),
        OperationKind.MOVE: change(
            noun=_("Move"),
            send=_("Move it"),
            nothing=_("Nothing was changed."),
            icon=":material/event_repeat:",
            choice=_("Move"),
            sentence=_("Move {amount} for {name} from {due} to {at} (KST)."),
            would=_("would be moved to {at}"),
        ),
        OperationKind.REVOKE: change(
            noun=_("Revocation"),
            send=_("Cancel the booking"),
            nothing=_("Nothing was changed."),
            icon=":material/event_busy:",
            choice=_("Cancel the booking"),
            sentence=_("Cancel the booking of {amount} for {name}, due {due} KST: it will not be charged."),
            would=_("would be cancelled"),
        ),
        OperationKind.REBOOK: change(
            noun=_("Rebooking"),
            send=_("Book it again"),
            nothing=_("Nothing was changed."),
            icon=":material/event_available:",
            choice=_("Book again"),
            sentence=_("Book {amount} for {name} again, for {at} KST."),
            would=_("would be booked again for {at}"),
        ),
        OperationKind.RETRY: change(
            noun=_("Retry"),
            send=_("Charge {amount} now"),
            nothing=_("Nothing was charged."),
            icon=":material/bolt:",
            choice=_("Retry now"),
            sentence=_("Charge {amount} for {name} now; it was due {due} KST."),
            would=_("would be charged now"),
        ),
    }
