"""What the screens of billing keys read of the store: one key with all that belongs to it, and the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.operations.journal.audit import history
from services.recovery.desk import Unlisted, unlisted
from services.store.lists import keys
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import KeyRow, KeySums
from services.store.lists.keyset import Page
from services.store.lists.one import CardUse, cancellations_of, cards_of_key, get_billing_key, get_payment
from services.store.lists.operations import operations_of_key
from services.store.lists.payments import PaymentRow
from services.store.lists.schedules import ScheduleRow
from services.store.lists.subscriptions import SubscriptionRow, subscription_of_key
from services.store.lists.totals import Count, FacetValues
from services.store.tiers import tiers_of
from services.tables.journal import Operation
from services.tables.keys import KeyState, KeySummary
from services.tables.v1 import BillingKey, Cancellation, Payment

from dashboard.kit.lists.page_buttons import part_cursor
from dashboard.process import rereads
from dashboard.process.rereads import Reading
from dashboard.process.resources import open_session
from dashboard.screens.payments.operation_events import Told

_PART = 20
"""Charges, and schedules, at once."""


@dataclass(frozen=True, slots=True)
class KeyScreen:
    """One billing key; without `summary` nothing is known of it."""

    reading: Reading
    summary: KeySummary | None
    subscription: SubscriptionRow | None
    failed: Payment | None
    """What it failed to pay last, where nothing was paid since."""
    unlisted: Unlisted | None
    """Why Recovery has nothing of it."""
    key: BillingKey | None
    charges: Page[PaymentRow]
    schedules: Page[ScheduleRow]
    latest: tuple[Sequence[PaymentRow], Sequence[Cancellation], Sequence[ScheduleRow]]
    """The newest charges, their refunds, and the newest schedules, whatever page is shown."""
    cards: Sequence[CardUse]
    operations: Sequence[Operation]
    told: Sequence[Told]
    """Each of them with its entries in the audit."""
    duplicates: Page[KeyRow]
    """Other keys of the same buyer or card."""


def read_key(uid: str, now: float, *, charges_at: str, booked_at: str) -> KeyScreen:
    """A billing key; the two names say where its charges and its schedules are being paged."""
    reading = rereads.of_key(uid)
    with open_session() as session:
        summary, operations = keys.get_key_summary(session, uid), operations_of_key(session, uid, limit=50)
        failing = summary if summary and summary.state == KeyState.FAILING else None
        charged = keys.payments_of_key(session, uid).rows
        refunds = cancellations_of(session, [row.imp_uid for row in charged if row.cancel_amount])
        return KeyScreen(
            reading=reading,
            summary=summary,
            subscription=subscription_of_key(session, uid),
            failed=get_payment(session, failing.failed_imp_uid) if failing else None,
            unlisted=unlisted(session, uid, now),
            key=get_billing_key(session, uid),
            charges=keys.payments_of_key(session, uid, limit=_PART, **part_cursor(charges_at)),
            schedules=keys.schedules_of_key(session, uid, limit=_PART, **part_cursor(booked_at)),
            latest=(charged, refunds, keys.schedules_of_key(session, uid).rows),
            cards=cards_of_key(session, uid),
            operations=operations,
            told=[Told(one, history(session, one.id)) for one in operations],
            duplicates=Page(tuple(keys.duplicates_of_key(session, summary) if summary else ())),
        )


@dataclass(frozen=True, slots=True)
class KeyList:
    """One page of billing keys, and what all that match come to."""

    found: Page[KeyRow]
    states: Mapping[str, int]
    count: Count
    sums: KeySums | None
    duplicates: int
    stores: Mapping[str, str]
    """The store of each, by customer_uid; none are read where there are no sub-stores."""


def known_values() -> FacetValues:
    """What the filters offer."""
    with open_session() as session:
        return keys.key_values(session)


def read_list(chosen: KeyFilter, *, before: str | None, after: str | None, with_stores: bool) -> KeyList:
    """Billing keys by a filter. Raises InvalidFilter."""
    with open_session() as session:
        found = keys.search_billing_keys(session, chosen, before=before, after=after)
        uids = [row.customer_uid for row in found.rows] if with_stores else []
        return KeyList(
            found=found,
            states=keys.key_tiles(session, chosen),
            count=keys.count_billing_keys(session, chosen),
            sums=keys.key_sums(session, chosen),
            duplicates=keys.count_duplicates(session, chosen),
            stores=tiers_of(session, BillingKey, uids),
        )
