"""One billing key's story, the latest first: registered, charged, refunded, booked and revoked, asked for, gone."""

from collections.abc import Iterable, Sequence

from services.payment_states import money_moved, only_registered
from services.store.lists.payments import PaymentRow
from services.store.lists.schedules import ScheduleRow
from services.tables.keys import KeySummary
from services.tables.v1 import BillingKey, Cancellation, ScheduleStatus

from dashboard.locale import _
from dashboard.screens.payments.timeline import Event, Turn
from dashboard.words.schedule_labels import due_state


def key_events(
    summary: KeySummary,
    key: BillingKey | None,
    charges: Sequence[PaymentRow],
    refunds: Sequence[Cancellation],
    schedules: Sequence[ScheduleRow],
    operations: Iterable[Event],
) -> list[Event]:
    """Everything of these; `operations` are what was asked for here."""
    events = [Event(summary.registered_at, _("Key registered"))] if summary.registered_at else []
    if key is not None and key.deleted_at is not None:
        events.append(Event(key.deleted_at, _("Key gone")))
    return [*events, *_of_payments(charges), *_of_refunds(charges, refunds), *_of_schedules(schedules), *operations]


def _of_payments(rows: Iterable[PaymentRow]) -> Iterable[Event]:
    for row in rows:
        told = row._asdict()
        if only_registered(told):
            continue
        if row.paid_at:
            yield Event(row.paid_at, _("Paid"), row.amount, row.name or "", row.currency)
        if row.failed_at:
            yield Event(row.failed_at, _("Failed"), row.amount, row.fail_reason or "", row.currency)


def _of_refunds(charges: Iterable[PaymentRow], refunds: Iterable[Cancellation]) -> Iterable[Event]:
    """Each at its own time, which a payment that was refunded in part does not have."""
    moved = {row.imp_uid: row.currency for row in charges if money_moved(row._asdict())}
    for one in refunds:
        if currency := moved.get(one.imp_uid):
            why = one.reason or ""
            yield Event(one.cancelled_at, _("Refunded"), -one.amount, why, currency, turn=Turn.REFUNDED)


def _of_schedules(rows: Iterable[ScheduleRow]) -> Iterable[Event]:
    """What ran is among the payments."""
    for row in rows:
        if row.schedule_status == "revoked":
            at = row.revoked_at or row.schedule_at
            yield Event(at, due_state(ScheduleStatus.REVOKED), row.amount, row.merchant_uid, row.currency)
        elif row.schedule_status == "scheduled":
            yield Event(row.schedule_at, _("Due"), row.amount, row.name or "", row.currency)
