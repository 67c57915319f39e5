"""What the forms of Naver Pay orders read of the store: the order, what was done on it, what is under way."""

from dataclasses import dataclass
from datetime import date

from services.operations.actions.naver.orders import applies
from services.operations.actions.refunds import subject_of
from services.operations.journal.journal import get
from services.operations.journal.once import done_once
from services.store.lists.one import get_payment
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Payment

from dashboard.process import rereads
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft
from dashboard.settings import Settings


@dataclass(frozen=True, slots=True)
class OrderScreen:
    """The form of one kind of operation on one order."""

    draft: Draft
    reading: bool
    """Whether the payment was being read again before the store was."""
    payment: Payment | None
    operation: Operation | None
    """What is shown instead of the form."""
    done: Operation | None
    """The operation of this kind that was done on it."""
    applies: bool
    """Whether it is a paid order of Naver Pay's payment type, of the contract's time."""


def since(settings: Settings, kind: OperationKind) -> date | None:
    """From which day on the contract has a kind of operation done here; None: not at all."""
    confirms = kind == OperationKind.NAVER_CONFIRM
    return settings.naverpay_escrow_from if confirms else settings.naverpay_points_from


def open_order(kind: OperationKind, imp_uid: str, screen: Screen) -> OrderScreen:
    """The form of an order; has the payment read from the gateway whenever it is entered."""
    draft = drafts.draft_of(subject_of(imp_uid), kind)
    drafts.read_first(draft, imp_uid, entered=screen.entered)
    reading = rereads.is_reading(imp_uid)
    with open_session() as session:
        payment = get_payment(session, imp_uid)
        done = done_once(session, kind, [draft.subject]).get(draft.subject)
        found = OrderScreen(
            draft,
            reading,
            payment,
            drafts.operation_to_show(session, draft, screen.user),
            get(session, done) if done else None,
            payment is not None and applies(payment, since(screen.settings, kind)),
        )
    if payment and not reading:
        drafts.show(draft, imp_uid, payment.amount - payment.cancel_amount)
    return found
