"""One payment's story in order of time: asked for, paid, each refund, failed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import pandas as pd
import streamlit as st
from services.payment_states import money_moved, only_registered
from services.tables.v1 import Cancellation, Payment

from dashboard.locale import _
from dashboard.words import formats


class Turn(IntEnum):
    """What comes first of one second: times are whole seconds, and a quick answer comes within one."""

    ASKED = 0
    """Our own steps up to the sending, of whatever ends in no refund."""
    HAPPENED = 1
    ENDED = 2
    REFUND_ASKED = 3
    REFUNDED = 4
    REFUND_ENDED = 5


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a payment; `amount` in the smallest unit, negative for a refund."""

    at: int
    what: str
    amount: int | None = None
    detail: str = ""
    currency: str | None = None
    """Where it is not the story's own."""
    gateway_says: str = ""
    turn: Turn = Turn.HAPPENED


def in_order(events: Iterable[Event]) -> list[Event]:
    """Oldest first; within a second what was asked for, approved and sent stands before what came of it."""
    return sorted(events, key=lambda event: (event.at, event.turn))


def events_of(payment: Payment, refunds: Sequence[Cancellation], operations: Sequence[Event] = ()) -> list[Event]:
    """Everything that the store knows of, oldest first; `operations` are the steps of our own."""
    events = [Event(payment.started_at, _("Requested"), payment.amount)]
    if payment.vbank_issued_at:
        until = _("pay until {time}").format(time=formats.time(payment.vbank_date))
        events.append(Event(payment.vbank_issued_at, _("Virtual account issued"), detail=until))
    told = payment.model_dump()
    if payment.paid_at:
        paid = (_("Billing key registered"),) if only_registered(told) else (_("Paid"), payment.amount)
        events.append(Event(payment.paid_at, *paid))
    if payment.failed_at:
        events.append(Event(payment.failed_at, _("Failed"), gateway_says=payment.fail_reason or ""))
    if not money_moved(told):
        if payment.cancelled_at:
            why = payment.cancel_reason or ""
            revoked = _("Revoked, nothing was paid")
            events.append(Event(payment.cancelled_at, revoked, detail=why, turn=Turn.REFUNDED))
        return in_order([*events, *operations])
    events += [
        Event(
            refund.cancelled_at,
            _("Refund {n}").format(n=refund.seq + 1),
            -refund.amount,
            " · ".join(part for part in (refund.reason, refund.cancellation_id) if part),
            turn=Turn.REFUNDED,
        )
        for refund in refunds
    ]
    if not refunds and payment.cancel_amount:
        refunded_at = payment.cancelled_at or payment.paid_at
        why = payment.cancel_reason or ""
        events.append(Event(refunded_at, _("Refunded"), -payment.cancel_amount, why, turn=Turn.REFUNDED))
    return in_order([*events, *operations])


def timeline(events: Sequence[Event], currency: str, *, alt: str | None = None) -> None:
    """The events as a table; what comes from outside is escaped, since tables read Markdown."""
    rows = pd.DataFrame(
        {
            _("Time in Korea"): [formats.time(event.at) for event in events],
            _("What"): [formats.escape(event.what) for event in events],
            _("Amount"): [_money(event.amount, event.currency or currency) for event in events],
            _("Detail"): [formats.escape(event.detail) for event in events],
        }
    )
    if any(event.gateway_says for event in events):
        rows[_("The gateway's words")] = [formats.escape(event.gateway_says) for event in events]
    alt = alt or _("What happened to this payment, oldest first")
    st.table(rows, border="horizontal", hide_index=True, alt=alt)


def _money(amount: int | None, currency: str) -> str:
    if amount is None:
        return ""
    money = formats.escape(formats.money(amount, currency))
    return f":red[{money}]" if amount < 0 else money
