"""What the screens of refunds read of the store: the form of one payment, and the list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st
from services.balances.left import TaxesLeft, taxes_left
from services.errors import InvalidRequest
from services.operations.actions import promotions, refunded, refunds
from services.operations.actions.receipts.cancellations import cancel_then_refund
from services.operations.actions.refunds import RefundForm
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, record
from services.receipts.kept import live_receipt
from services.store.lists.filters import PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.one import get_payment
from services.store.lists.operations import refunded_alone
from services.store.lists.refunds import RefundRow, count_refunds, refund_totals, search_refunds
from services.store.lists.totals import Count, RowSum
from services.tables.journal import Operation, OperationKind
from services.tables.receipts import CashReceipt
from services.tables.v1 import Payment
from sqlalchemy import Engine

from dashboard.kit.fields import Fields
from dashboard.process import rereads
from dashboard.process.answers import lookups
from dashboard.process.executor import limit_of, name_of
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.refunds.receipt_choice import CANCEL_FIRST, RECEIPT


@dataclass(frozen=True, slots=True)
class RefundScreen:
    """The form of one payment's refund and what it stands on; amounts in the smallest unit."""

    draft: Draft
    reading: bool
    """Whether the payment was being read again before the store was."""
    was_asking: bool
    """Whether the gateway was being asked for a payment that is not here."""
    payment: Payment | None
    operation: Operation | None
    """What is shown instead of the form."""
    alone: int
    """What was refunded of it without a second person."""
    limit: int | None
    """From which amount on a second person approves."""
    less: int
    """As promotions.less_of has it."""
    today: Sequence[int]
    """What was refunded of it today already."""
    receipt: CashReceipt | None
    """The cash receipt that stands, as far as is known here."""
    taxes: TaxesLeft | None
    """What is known of how the rest is taxed."""

    def wanted(self, payment: Payment, form: RefundForm) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        return refunds.wanted_refund(self.draft.token, payment, form, approval_from=self.limit, alone=self.alone)

    @property
    def cancels_receipt(self) -> bool:
        """Whether the person chose to have the receipt cancelled before the money goes back."""
        return self.receipt is not None and self._becomes_of_it == CANCEL_FIRST

    @property
    def _becomes_of_it(self) -> str | None:
        chosen: str | None = st.session_state.get(Fields(self.draft.form).key(RECEIPT))
        return chosen

    def write(self, engine: Engine, wanted: Wanted, actor: Actor, now: float) -> Operation:
        """Writes the refund down, after the cancellation of the receipt where that was chosen. Raises JangbuErrors."""
        if self.receipt and self._becomes_of_it is None:
            # It was issued since the fields were filled in.
            raise InvalidRequest("Say what becomes of the cash receipt.", field=RECEIPT)
        if self.receipt and self.cancels_receipt:
            return cancel_then_refund(engine, self.receipt, wanted, actor, now)
        return record(engine, wanted, actor, now)


def open_refund(imp_uid: str, screen: Screen) -> RefundScreen:
    """The form of a payment's refund; has what is left read from the gateway whenever it is entered."""
    draft = drafts.draft_of(refunds.subject_of(imp_uid), OperationKind.REFUND)
    drafts.read_first(draft, imp_uid, entered=screen.entered)
    reading, was_asking = rereads.is_reading(imp_uid), lookups.is_asking(imp_uid)
    with open_session() as session:
        payment = get_payment(session, imp_uid)
        return RefundScreen(
            draft=draft,
            reading=reading,
            was_asking=was_asking,
            payment=payment,
            operation=drafts.operation_to_show(session, draft, screen.user),
            alone=refunded_alone(session, imp_uid),
            limit=limit_of(session, name_of(screen.user), payment.tier if payment else ""),
            less=promotions.less_of(session, payment) if payment else 0,
            today=refunded.refunded_today(session, imp_uid, screen.now),
            receipt=live_receipt(session, imp_uid),
            taxes=taxes_left(session, payment) if payment else None,
        )


@dataclass(frozen=True, slots=True)
class RefundList:
    """One page of refunds, and what all that match come to."""

    found: Page[RefundRow]
    totals: Sequence[RowSum]
    count: Count | None
    """How many hold a text in these days, and in all; None without one."""
    everywhere: Count | None


def read_list(chosen: PaymentFilter, *, before: str | None, after: str | None) -> RefundList:
    """Refunds by a filter. Raises InvalidFilter."""
    with open_session() as session:
        found = search_refunds(session, chosen, before=before, after=after)
        searching = bool(chosen.text) and not found.exact
        whole = replace(chosen, from_day=None, to_day=None)
        return RefundList(
            found,
            refund_totals(session, chosen),
            count_refunds(session, chosen) if searching else None,
            count_refunds(session, whole) if searching else None,
        )
