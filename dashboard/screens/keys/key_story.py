"""One billing key's story, the latest first: registered, charged, refunded, booked and revoked, asked for, gone."""

from collections.abc import Iterable, Sequence

from services.payment_states import money_moved, only_registered
from services.store.lists.payments import PaymentRow
from services.store.lists.schedules import ScheduleRow
from services.tables.keys import KeySummary
from services.tables.v1 import BillingKey, ScheduleStatus

from dashboard.locale import _
from dashboard.screens.payments.timeline import Event, Turn
from dashboard.words.schedule_labels import due_state


def key_events(
    summary: KeySummary,
    key: BillingKey | None,
    charges: Sequence[PaymentRow],
    schedules: Sequence[ScheduleRow],
    operations: Iterable[Event],
) -> list[Event]:
    """Everything of these; `operations` are what was asked for here."""
    events = [Event(summary.registered_at, _("Key registered"))] if summary.registered_at else []
    if key is not None and key.deleted_at is not None:
        events.append(Event(key.deleted_at, _("Key gone")))
    return [*events, *_of_payments(charges), *_of_schedules(schedules), *operations]


def _of_payments(rows: Iterable[PaymentRow]) -> Iterable[Event]:
    for row in rows:
        told = row._asdict()
        if only_registered(told):
            continue
        if row.paid_at:
            yield Event(row.paid_at, _("Paid"), row.amount, row.name or "", row.currency)
        if row.failed_at:
            yield Event(row.failed_at, _("Failed"), row.amount, row.fail_reason or "", row.currency)
        if row.cancel_amount and money_moved(told):
            at = row.cancelled_at or row.paid_at
            why = row.cancel_reason or ""
            yield Event(at, _("Refunded"), -row.cancel_amount, why, row.currency, turn=Turn.REFUNDED)


def _of_schedules(rows: Iterable[ScheduleRow]) -> Iterable[Event]:
    """What ran is among the payments."""
    for row in rows:
        if row.schedule_status == "revoked":
            at = row.revoked_at or row.schedule_at
            yield Event(at, due_state(ScheduleStatus.REVOKED), row.amount, row.merchant_uid, row.currency)
        elif row.schedule_status == "scheduled":
            yield Event(row.schedule_at, _("Due"), row.amount, row.name or "", row.currency)
