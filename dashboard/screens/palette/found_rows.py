"""What the search of every screen shows of a row of each list: one line, and where it leads."""

from collections.abc import Mapping
from typing import NamedTuple

from services.payment_states import PaymentState
from services.store.lists.keys import KeyRow
from services.store.lists.payments import PaymentRow
from services.store.lists.refunds import RefundRow
from services.store.lists.schedules import ScheduleRow
from services.store.lists.subscriptions import SubscriptionRow
from services.store.search.anything import Anything

from dashboard.access import Permission
from dashboard.kit.filters.hits import Sought, hit_words
from dashboard.locale import _
from dashboard.navigation import Place
from dashboard.words import formats, labels, operation_labels, schedule_labels, subscription_labels


class Deed(NamedTuple):
    """What is done with a row most: the form for it, and who may."""

    label: str
    page: Place
    permission: Permission
    icon: str
    more: Mapping[str, str] = {}
    """What the address of the form says besides the row."""


class Line(NamedTuple):
    """One row that was found: its words, the page it leads to, what the address of that says, and its deed."""

    words: str
    page: Place
    about: dict[str, str]
    deed: Deed | None = None


class Group(NamedTuple):
    """The rows of one list: its place, its lines, and whether it has more of them."""

    page: Place
    lines: list[Line]
    more: bool


def groups_of(found: Anything, text: str, *, buyers: bool) -> list[Group]:
    """The lists that hold anything, with what they hold."""

    def named(row: KeyRow | PaymentRow | RefundRow | ScheduleRow | SubscriptionRow) -> str | None:
        return formats.buyer(row.buyer_name, buyers)

    refund_it = Deed(_("Refund"), Place.REFUND, Permission.REFUND, ":material/undo:")
    end_it = Deed(
        _("End the subscription"), Place.KEY_DELETION, Permission.DELETE_KEY, ":material/event_busy:", {"end": "1"}
    )

    def payment(row: PaymentRow) -> Line:
        state, money = labels.state.badge(row.state), formats.money(row.amount, row.currency)
        about = {"imp_uid": row.imp_uid}
        words = _words(row, text, row.made_at, named(row), row.name, money, state, row.merchant_uid)
        left = row.state in (PaymentState.PAID, PaymentState.PARTLY_REFUNDED)
        return Line(words, Place.PAYMENT, about, refund_it if left else None)

    def key(row: KeyRow) -> Line:
        parts = (named(row), row.card_name, labels.key_state.badge(row.state), row.customer_uid)
        words, about = _words(row, text, row.registered_at, *parts), {"customer_uid": row.customer_uid}
        return Line(words, Place.BILLING_KEY, about, end_it if row.booked else None)

    def subscription(row: SubscriptionRow) -> Line:
        parts = (
            named(row),
            row.name,
            formats.money(row.price, row.currency),
            subscription_labels.state.badge(row.state),
        )
        return Line(_words(row, text, row.since, *parts), Place.BILLING_KEY, {"customer_uid": row.customer_uid})

    def schedule(row: ScheduleRow) -> Line:
        state = schedule_labels.due_state.badge(schedule_labels.state_of(row))
        parts = (named(row), row.name, formats.money(row.amount, row.currency), state, row.merchant_uid)
        return Line(_words(row, text, row.schedule_at, *parts), Place.SCHEDULE, {"merchant_uid": row.merchant_uid})

    def refund(row: RefundRow) -> Line:
        who = operation_labels.person(row.asked_by) if row.asked_by else _("elsewhere")
        parts = (named(row), row.name, f"−{formats.money(row.amount, row.currency)}", row.reason, who, row.merchant_uid)
        return Line(_words(row, text, row.cancelled_at, *parts), Place.PAYMENT, {"imp_uid": row.imp_uid})

    groups = [
        Group(Place.PAYMENTS, list(map(payment, found.payments.rows)), bool(found.payments.older)),
        Group(Place.BILLING_KEYS, list(map(key, found.keys.rows)), bool(found.keys.older)),
        Group(Place.SUBSCRIPTIONS, list(map(subscription, found.subscriptions.rows)), bool(found.subscriptions.older)),
        Group(Place.SCHEDULES, list(map(schedule, found.schedules.rows)), bool(found.schedules.older)),
        Group(Place.REFUNDS, list(map(refund, found.refunds.rows)), bool(found.refunds.older)),
    ]
    return [group for group in groups if group.lines]


def _words(row: Sought, text: str, at: int, *parts: str | None) -> str:
    """A line: when, its parts, and in which fields the text is."""
    found_in = f" ({', '.join(hit_words(row, text))})" if row.hits else ""
    return " · ".join((formats.time(at)[:16], *(part for part in parts if part))) + found_in
