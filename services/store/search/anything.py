"""One text in all lists at once: a few rows of each, whatever the day, the likeliest first."""

from dataclasses import dataclass

from sqlalchemy import Connection

from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import KeyRow, search_billing_keys
from services.store.lists.keyset import Page
from services.store.lists.payments import PaymentRow, search_payments
from services.store.lists.refunds import RefundRow, search_refunds
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import ScheduleRow, search_schedules
from services.store.lists.subscriptions import SubscriptionFilter, SubscriptionRow, list_subscriptions


@dataclass(frozen=True, slots=True)
class Anything:
    """The first rows of each list that hold a text; there are more where a page has `older` ones."""

    payments: Page[PaymentRow]
    keys: Page[KeyRow]
    subscriptions: Page[SubscriptionRow]
    schedules: Page[ScheduleRow]
    refunds: Page[RefundRow]


def find_anything(conn: Connection, text: str, *, buyers: bool, limit: int = 5) -> Anything:
    """What holds a text, test rows too; `buyers` False leaves buyers out of the search. Raises InvalidFilter."""
    payments = PaymentFilter(text=text, live=Live.ALL, search_buyers=buyers)
    return Anything(
        payments=search_payments(conn, payments, limit=limit),
        keys=search_billing_keys(conn, KeyFilter(text=text, live=Live.ALL, search_buyers=buyers), limit=limit),
        subscriptions=list_subscriptions(conn, SubscriptionFilter(text=text, search_buyers=buyers), limit=limit),
        schedules=search_schedules(conn, ScheduleFilter(text=text, live=Live.ALL, search_buyers=buyers), limit=limit),
        refunds=search_refunds(conn, payments, limit=limit),
    )
