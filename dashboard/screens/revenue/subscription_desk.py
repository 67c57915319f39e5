"""What the Subscriptions page reads of the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.store.lists import subscriptions
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.payments import search_payments
from services.store.lists.subscriptions import KeyMovement, StateTotal, SubscriptionFilter, SubscriptionRow

from dashboard.process.resources import open_session
from dashboard.screens.recovery.desk_filters import ROWS


@dataclass(frozen=True, slots=True)
class SubscriptionList:
    """One page of subscriptions, and what all that match come to by state."""

    found: Page[SubscriptionRow]
    totals: Sequence[StateTotal]
    moved: Mapping[str, int]
    """By customer_uid what it moved MRR by, where the filter is of such."""
    moved_sums: Sequence[tuple[str, int]]
    """All that the filter's month moved so, a currency each."""


def read_list(chosen: SubscriptionFilter, before: str | None) -> SubscriptionList:
    """Subscriptions by a filter, those after the cursor `before`. Raises InvalidFilter."""
    with open_session() as session:
        totals = subscriptions.state_totals(session, chosen)
        found = subscriptions.list_subscriptions(session, chosen, before=before, limit=ROWS)
        return SubscriptionList(
            found,
            totals,
            moved=subscriptions.moved_by(session, chosen, [row.customer_uid for row in found.rows]),
            moved_sums=subscriptions.moved_sums(session, chosen),
        )


def last_payment_of(customer_uid: str) -> str | None:
    """The last payment of a billing key (imp_uid), on which is noted that its buyer was told."""
    by_key = PaymentFilter(customer_uid=customer_uid, live=Live.ALL)
    with open_session() as session:
        return next((row.imp_uid for row in search_payments(session, by_key, limit=1).rows), None)


def movements_of(customer_uid: str) -> Sequence[KeyMovement]:
    """What a billing key moved in MRR, month by month."""
    with open_session() as session:
        return subscriptions.movements_of(session, customer_uid)
