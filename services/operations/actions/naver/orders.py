"""What both kinds of operations on a Naver Pay order share: which orders, what may stand in the way, and no look."""

from datetime import date

from services.clock import date_to_day, day_of
from services.errors import InvalidRequest
from services.gateway import Gateway
from services.operations.actions.charges import NAVERPAY
from services.operations.actions.refunds import subject_of
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.payment_states import SHOWS_REGISTRATION, only_registered
from services.store.lists.one import Refundable
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment, PaymentStatus

Order = Payment | Refundable


def applies(order: Order, since: date | None) -> bool:
    """Whether it is a paid order of Naver Pay's payment type, of `since` (a day in Seoul) or later; None: of no day."""
    return since is not None and _hindrance(order) is None and day_of(order.paid_at) >= date_to_day(since)


def wanted_of(token: str, kind: OperationKind, order: Order, requester: str | None = None) -> Wanted:
    """The intent for an order. Raises InvalidRequest."""
    if hindrance := _hindrance(order):
        raise hindrance
    return Wanted(
        token=token,
        kind=kind,
        subject=subject_of(order.imp_uid),
        # Of points nobody here knows how much they come to.
        amount=order.amount - order.cancel_amount if kind == OperationKind.NAVER_CONFIRM else 0,
        currency=order.currency,
        imp_uid=order.imp_uid,
        merchant_uid=order.merchant_uid,
        customer_uid=order.customer_uid,
        requester=requester,
        balance=order.amount - order.cancel_amount,
    )


def _hindrance(order: Order) -> InvalidRequest | None:
    if order.pg_provider != NAVERPAY:
        return InvalidRequest("This was not paid by Naver Pay's payment type.", field="imp_uid")
    if order.status != PaymentStatus.PAID:
        return InvalidRequest("Only a paid order can be confirmed or credited.", field="imp_uid")
    if only_registered({name: getattr(order, name) for name in SHOWS_REGISTRATION}):
        return InvalidRequest("This only registered a billing key: nothing was charged.", field="imp_uid")
    return None


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Reads the payment again. Raises Stop where it is not paid any more, another part went back, or it was sent."""
    if operation.state == State.INTENT and (operation.fence or operation.why == Why.SENT_AGAIN):
        # Somebody wants it sent once more: nothing says that Naver refuses a second one.
        raise Stop(Why.NOT_SHOWN)
    payment = gateway.payment(operation.imp_uid or "")
    if payment.fields["pg_provider"] != NAVERPAY or payment.fields["status"] != PaymentStatus.PAID:
        raise Stop(Why.NOT_PAID, payment=payment)
    if payment.fields["amount"] - payment.fields["cancel_amount"] != operation.balance:
        raise Stop(Why.BALANCE_CHANGED, payment=payment)


def look(_gateway: Gateway, _operation: Operation) -> Outcome:
    """Nothing that can be read shows it: whoever asked has to look at Naver Pay's own site, after a while."""
    return Outcome(State.UNKNOWN, why=Why.NOT_SHOWN)
