"""The kinds of operations, a row each: words, icon, who may ask for it, and the page of its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

from services.plain_text import harmless
from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _, current_language


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of operation; in the sentences {amount}, {name}, {due} and {at} are filled in."""

    noun: str
    nothing: str
    """What a refusal comes to: `Nothing was refunded.`"""
    icon: str
    permission: Permission
    page: str
    """Where it is asked for and its outcome stands."""
    about: str
    """The operation's column, and the parameter of that page, that says what it is about."""
    otherwise: str = ""
    """The column that says it where that one is empty."""
    send: str = ""
    """The button of the last look, where the page has none of its own."""
    has_sum: bool = True
    choice: str = ""
    """Of changes of a schedule, and of Naver Pay orders: the button that begins it."""
    sentence: str = ""
    """Of changes of a schedule: what the last look says."""
    would: str = ""
    """Of changes of many schedules or orders: what it would do to one of them."""


def of(kind: str) -> Kind:
    """A kind in the current language."""
    return _kinds(current_language())[OperationKind(kind)]


def noun(code: str) -> str:
    """A kind in words; an address may name one that there is not."""
    return of(code).noun if code in set(OperationKind) else harmless(code)


@cache
def _kinds(_language: str) -> Mapping[OperationKind, Kind]:
    change = partial(Kind, permission=Permission.SCHEDULE, page="schedule", about="merchant_uid")
    return {
        OperationKind.REFUND: Kind(
            noun=_("Refund"),
            send=_("Refund {amount}"),
            nothing=_("Nothing was refunded."),
            icon=":material/undo:",
            permission=Permission.REFUND,
            page="refund",
            about="imp_uid",
        ),
        OperationKind.CHARGE: Kind(
            noun=_("Charge"),
            send=_("Charge {amount}"),
            nothing=_("Nothing was charged."),
            icon=":material/bolt:",
            permission=Permission.CHARGE,
            page="charge",
            about="customer_uid",
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
        OperationKind.DELETE_KEY: Kind(
            noun=_("Deletion of a billing key"),
            nothing=_("Nothing was changed."),
            icon=":material/key_off:",
            permission=Permission.DELETE_KEY,
            page="key_deletion",
            about="customer_uid",
            has_sum=False,
        ),
        OperationKind.ISSUE_RECEIPT: Kind(
            noun=_("Cash receipt"),
            send=_("Issue a receipt over {amount}"),
            nothing=_("No receipt was issued."),
            icon=":material/receipt_long:",
            permission=Permission.RECEIPT,
            page="receipt",
            about="imp_uid",
            otherwise="merchant_uid",
        ),
        OperationKind.CANCEL_RECEIPT: Kind(
            noun=_("Cancellation of a cash receipt"),
            send=_("Cancel the receipt"),
            nothing=_("The receipt stands as it was."),
            icon=":material/receipt_long_off:",
            permission=Permission.RECEIPT,
            page="receipt",
            about="imp_uid",
            otherwise="merchant_uid",
        ),
        OperationKind.NAVER_CONFIRM: Kind(
            noun=_("Order confirmation"),
            send=_("Confirm the order"),
            nothing=_("Nothing was confirmed."),
            icon=":material/order_approve:",
            permission=Permission.NAVER_CONFIRM,
            page="naver_confirm",
            about="imp_uid",
            choice=_("Confirm the order"),
            would=_("would be confirmed"),
        ),
        OperationKind.NAVER_POINTS: Kind(
            noun=_("Crediting of points"),
            send=_("Have the points credited"),
            nothing=_("Nothing was credited."),
            icon=":material/loyalty:",
            permission=Permission.NAVER_POINTS,
            page="naver_points",
            about="imp_uid",
            has_sum=False,
            choice=_("Have the points credited"),
            would=_("would be credited"),
        ),
    }
