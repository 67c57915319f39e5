"""What happened to one payment: asked for, paid, each refund, failed, what we asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.payment_states import money_moved, only_registered
from services.tables.journal import OperationKind
from services.tables.v1 import Cancellation, CustomerUidUsage, Payment

from dashboard.locale import _
from dashboard.screens.payments.operation_events import Told, operation_event
from dashboard.screens.payments.timeline import Event, Turn
from dashboard.words import formats


def payment_events(
    payment: Payment, refunds: Sequence[Cancellation], told: Sequence[Told], *, buyers: bool
) -> list[Event]:
    """All that the store knows of; an operation of ours that a refund came of is that refund's line.

    `buyers`: whether they may be named.
    """
    made = {uid: operation_event(one, buyers=buyers) for one in told if (uid := _refund_of(one))}
    events = [*_asked(payment), *_ended(payment)]
    if money_moved(payment.model_dump()):
        events += [_refund(one, made) for one in refunds]
        if not refunds and payment.cancel_amount:
            events.append(_refunded(payment, payment.cancelled_at or payment.paid_at, payment.cancel_reason))
    elif payment.cancelled_at:
        why = payment.cancel_reason or ""
        events.append(Event(payment.cancelled_at, _("Revoked, nothing was paid"), detail=why, turn=Turn.REFUNDED))
    refunded = {one.cancellation_id for one in refunds} - {None}
    others = [one for one in told if one.operation.cancellation_id not in refunded]
    return events + [operation_event(one, buyers=buyers) for one in others]


def _asked(payment: Payment) -> list[Event]:
    by_key: dict[str, str] = {
        CustomerUidUsage.SCHEDULED: _("booked charge"),
        CustomerUidUsage.PAYMENT: _("charge by billing key"),
    }
    who = by_key.get(payment.customer_uid_usage or "", _("buyer"))
    events = [Event(payment.started_at, _("Requested"), payment.amount, who=who)]
    if payment.vbank_issued_at:
        until = _("pay until {time}").format(time=formats.time(payment.vbank_date))
        events.append(Event(payment.vbank_issued_at, _("Virtual account issued"), detail=until))
    return events


def _ended(payment: Payment) -> list[Event]:
    events = []
    if payment.paid_at:
        shown = only_registered(payment.model_dump())
        paid = (_("Billing key registered"),) if shown else (_("Paid"), payment.amount)
        events.append(Event(payment.paid_at, *paid))
    if payment.failed_at:
        events.append(Event(payment.failed_at, _("Failed"), gateway_says=payment.fail_reason or ""))
    return events


def _refund(refund: Cancellation, made: Mapping[str, Event]) -> Event:
    event = Event(
        refund.cancelled_at,
        _("Refund {n}").format(n=refund.seq + 1),
        -refund.amount,
        refund.reason or "",
        turn=Turn.REFUNDED,
        who=_("PortOne's console, or another program"),
    )
    ours = made.get(refund.cancellation_id or "")
    return replace(event, who=ours.who, steps=ours.steps) if ours else event


def _refund_of(told: Told) -> str | None:
    """The refund that an operation of ours made."""
    return told.operation.cancellation_id if told.operation.kind == OperationKind.REFUND else None


def _refunded(payment: Payment, at: int, why: str | None) -> Event:
    return Event(at, _("Refunded"), -payment.cancel_amount, why or "", turn=Turn.REFUNDED)
