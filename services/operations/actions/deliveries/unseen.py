"""What both share: which payments, what may stand in the way, and no look."""

from collections.abc import Mapping
from typing import Any

from services.errors import InvalidRequest
from services.gateway import Gateway
from services.operations.actions.refunds import subject_of
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.payment_states import SHOWS_REGISTRATION, only_registered
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Payment, PaymentStatus

PAYCO, PAYMENTWALL = "payco", "paymentwall"
PG_OF = {OperationKind.PAYCO_STATUS: PAYCO, OperationKind.PAYMENTWALL_DELIVERY: PAYMENTWALL}


def applies(payment: Payment, kind: OperationKind) -> bool:
    """Whether a payment is one of this PG's that is paid."""
    registered = only_registered({name: getattr(payment, name) for name in SHOWS_REGISTRATION})
    return payment.pg_provider == PG_OF[kind] and payment.status == PaymentStatus.PAID and not registered


def wanted_of(token: str, kind: OperationKind, payment: Payment, request: Mapping[str, Any]) -> Wanted:
    """The intent for a payment. Raises InvalidRequest."""
    if not applies(payment, kind):
        raise InvalidRequest("Only for a paid payment of {pg}.", field="imp_uid", pg=PG_OF[kind])
    return Wanted(
        token=token,
        kind=kind,
        subject=subject_of(payment.imp_uid),
        amount=0,
        currency=payment.currency,
        imp_uid=payment.imp_uid,
        merchant_uid=payment.merchant_uid,
        customer_uid=payment.customer_uid,
        request=request,
    )


def require_unsent(gateway: Gateway, operation: Operation) -> None:
    """Reads the payment again. Raises Stop where it is not paid any more, or where it was sent before."""
    if operation.state == State.INTENT and (operation.fence or operation.why == Why.SENT_AGAIN):
        # Somebody wants it sent once more: nothing says that a second one is refused.
        raise Stop(Why.NOT_SHOWN)
    payment = gateway.payment(operation.imp_uid or "")
    fields = payment.fields
    if fields["pg_provider"] != PG_OF[OperationKind(operation.kind)] or fields["status"] != PaymentStatus.PAID:
        raise Stop(Why.NOT_PAID, payment=payment)


def look(_gateway: Gateway, _operation: Operation) -> Outcome:
    """Nothing that can be read shows it: whoever asked has to look at the PG's own site."""
    return Outcome(State.UNKNOWN, why=Why.NOT_SHOWN)
