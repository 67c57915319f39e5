"""What the screens of payments read of the store: one payment with all that belongs to it, and the list."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.balances.kept import balance_of
from services.checkout import attempts, webhooks
from services.errors import JangbuError
from services.escrow.kept import delivery_of
from services.operations.actions import promotions
from services.operations.actions.refunds import subject_of
from services.operations.journal import notes
from services.operations.journal.audit import history
from services.receipts.kept import live_receipt
from services.store.lists import one as stored
from services.store.lists import totals
from services.store.lists.filters import PaymentFilter
from services.store.lists.keys import get_key_summary
from services.store.lists.keyset import Page
from services.store.lists.one import notes_on
from services.store.lists.operations import operations_of_payment
from services.store.lists.payments import PaymentRow, search_payments
from services.store.lists.totals import Count, FacetValues, MoneyTotal
from services.store.tiers import tier_of
from services.tables.balances import PaymentBalance
from services.tables.escrow import EscrowDelivery
from services.tables.journal import Operation, OperationKind, OperationState
from services.tables.keys import KeySummary
from services.tables.notes import Note
from services.tables.receipts import CashReceipt
from services.tables.v1 import BillingKey, Cancellation, Payment
from services.tables.webhooks import Webhook
from sqlalchemy import Connection

from dashboard.access import User
from dashboard.process import rereads
from dashboard.process.answers import as_it_came, lookups
from dashboard.process.executor import actor_of
from dashboard.process.rereads import Reading
from dashboard.process.resources import open_session, open_store
from dashboard.screens.payments.operation_events import Told


@dataclass(frozen=True, slots=True)
class PaymentScreen:
    """One payment, None where it is not here, and what was being asked before the store was read."""

    reading: Reading
    was_asking: bool
    """Whether the gateway was being asked for it."""
    was_answering: bool
    """Whether the gateway's own answer was being read."""
    payment: Payment | None
    refunds: Sequence[Cancellation]
    attempts: Sequence[PaymentRow]
    """All payments of its order number."""
    customer_uid: str | None
    key: KeySummary | None
    """Its billing key's."""
    operations: Sequence[Operation]
    told: Sequence[Told]
    """Each of them with its entries in the audit."""
    notes: Sequence[Note]
    webhooks: Sequence[Webhook]
    less: int
    """As promotions.less_of has it."""
    receipt: CashReceipt | None
    """The cash receipt that stands, as far as is known here."""
    balance_reading: Reading
    balance: PaymentBalance | None
    """What it is made up of, where that was read."""
    delivery: EscrowDelivery | None
    """The delivery that is known of an escrow payment."""
    link: int | None
    """The payment link that it was made by."""

    @property
    def asked_on_it(self) -> list[Operation]:
        """What was asked for on the payment itself, not the charge that made it."""
        return [one for one in self.operations if one.subject == subject_of(one.imp_uid or "")]

    def done(self, kind: OperationKind) -> Operation | None:
        """The operation of a kind that is done at most once, where it was."""
        found = (one for one in self.operations if one.kind == kind and one.state == OperationState.SUCCEEDED)
        return next(found, None)

    @property
    def refund_operations(self) -> list[Operation]:
        """Refunds that were asked for, not the charge that made the payment."""
        return [one for one in self.operations if one.kind == OperationKind.REFUND]


def _has_key_here(session: Connection, payment: Payment) -> bool:
    """Whether its billing key is the one that is kept under that id: another store may have one of another person."""
    return tier_of(session, BillingKey, payment.customer_uid or "") in (None, payment.tier)


def read_payment(imp_uid: str) -> PaymentScreen:
    """A payment, its refunds, its order, its billing key and what was asked for."""
    reading, was_asking = rereads.of_payment(imp_uid), lookups.is_asking(imp_uid)
    was_answering, balance_reading = as_it_came.is_asking(imp_uid), rereads.of_balance(imp_uid)
    with open_session() as session:
        payment, operations = stored.get_payment(session, imp_uid), operations_of_payment(session, imp_uid)
        customer_uid = payment.customer_uid if payment and _has_key_here(session, payment) else None
        opening = attempts.get(session, payment.merchant_uid) if payment else None
        return PaymentScreen(
            reading=reading,
            was_asking=was_asking,
            was_answering=was_answering,
            payment=payment,
            refunds=stored.list_cancellations(session, imp_uid),
            attempts=stored.list_attempts(session, payment.merchant_uid) if payment else (),
            customer_uid=customer_uid,
            key=get_key_summary(session, customer_uid) if customer_uid else None,
            operations=operations,
            told=[Told(one, history(session, one.id)) for one in operations],
            notes=notes_on(session, [imp_uid]),
            webhooks=webhooks.of_payment(session, imp_uid),
            less=promotions.less_of(session, payment) if payment else 0,
            receipt=live_receipt(session, imp_uid),
            balance_reading=balance_reading,
            balance=balance_of(session, imp_uid),
            delivery=delivery_of(session, imp_uid),
            link=opening.checkout_id if opening else None,
        )


def write_note(imp_uid: str, user: User, text: str) -> JangbuError | None:
    """Keeps a note in the person's name; what stood in the way, None where nothing did."""
    try:
        notes.write_note(open_store(checked=False), imp_uid, text, actor_of(user), time.time())
    except JangbuError as error:
        return error
    return None


@dataclass(frozen=True, slots=True)
class PaymentList:
    """One page of payments, what all that match come to, and whether an id that was typed is here."""

    was_asking: bool
    """Whether the gateway was being asked for that id before the store was read."""
    found: Page[PaymentRow]
    states: Mapping[str, int] | None
    """None where the rows are too many to be counted by it."""
    count: Count
    everywhere: Count | None
    """How many hold a text whatever the day; None without one."""
    totals: Sequence[MoneyTotal] | None
    here: bool


def known_values() -> FacetValues:
    """What the filters offer."""
    with open_session() as session:
        return totals.facet_values(session)


def known_currencies() -> Sequence[str]:
    """Currencies in which anything was paid, the most frequent first; won where nothing was."""
    return known_values().currencies or ("KRW",)


def read_list(chosen: PaymentFilter, *, before: str | None, after: str | None) -> PaymentList:
    """Payments by a filter. Raises InvalidFilter."""
    was_asking = lookups.is_asking(chosen.text)
    with open_session() as session:
        found = search_payments(session, chosen, before=before, after=after)
        kept = chosen.counted_by_facets
        sought = None if kept or found.exact else totals.sought_totals(session, chosen)
        return PaymentList(
            was_asking=was_asking,
            found=found,
            states=sought.states if sought else totals.tiles(session, chosen) if kept else None,
            count=sought.count if sought else totals.count_payments(session, chosen),
            everywhere=totals.count_payments(session, replace(chosen, from_day=None, to_day=None))
            if chosen.text and not found.exact
            else None,
            totals=sought.totals if sought else totals.filter_totals(session, chosen),
            here=bool(found.exact) or lookups.is_here(session, chosen.text),
        )
