"""What entering a delivery and changing it share: the body, whom it goes to, and what stands at the gateway."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from services.errors import NotFound, Refused
from services.escrow.kept import keep_delivery
from services.escrow.persons import nested, of_buyer
from services.escrow.pg_rules import rule_of
from services.gateway import Gateway
from services.gateway.payloads import Payload
from services.gateway.pg_requests import DeliveryRequest
from services.operations import held
from services.operations.actions.escrow.forms import BUYER
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import PaymentStatus
from services.told_back import untold

MOVES_MONEY = False
_LOGIS = ("company", "invoice", "sent_at", "receiving_at", "address")


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names, without whom it goes to."""
    return {name: part for name, part in _request(wanted.request, {}).body().items() if name != "receiver"}


def hold_receiver(gateway: Gateway, operation: Operation) -> None:
    """Reads the payment again; whom it goes to is held from here on until it is sent. Raises Stop, GatewayError."""
    request, payment = asked(operation), gateway.payment(operation.imp_uid or "")
    if not payment.fields["escrow"] or payment.fields["status"] != PaymentStatus.PAID:
        raise Stop(Why.NOT_PAID, payment=payment)
    if request["receiver"] != BUYER:
        held.require_held(operation, Why.RECEIVER_UNKNOWN)
        return
    wanted = rule_of(request["pg_provider"]).person
    buyer = of_buyer(payment.fields, wanted)
    if any(name not in buyer for name in wanted):
        raise Stop(Why.RECEIVER_UNKNOWN, payment=payment)
    held.hold(operation.token, buyer)


def shown_now(gateway: Gateway, operation: Operation) -> Payload | None:
    """What stands. Raises GatewayError; a PG that refuses to tell is taken at its word when it is sent."""
    try:
        return gateway.delivery(operation.imp_uid or "")
    except NotFound:
        raise
    except Refused:
        return None


def send_by(call: Callable[[str, DeliveryRequest], Payload], operation: Operation) -> Outcome:
    """Sends it; what is held is gone as the request leaves. Raises NotSent, Refused, OutcomeUnknown."""
    with held.sending(operation.token) as receiver, untold(receiver):
        shown = call(operation.imp_uid or "", _request(asked(operation), receiver))
    return Outcome(State.SUCCEEDED, delivery=shown)


def same_parcel(shown: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """Whether courier and number are those that were asked for."""
    return (shown["company"], shown["invoice"]) == (request["company"], request["invoice"])


def keep_shown(conn: Connection, operation: Operation, outcome: Outcome, now: float) -> None:
    """Keeps the delivery of an outcome, in the transaction in which the operation moves on."""
    if outcome.delivery is None:
        return
    made = outcome.state == State.SUCCEEDED
    keep_delivery(
        conn, operation.imp_uid or "", outcome.delivery.fields, by=operation if made else None, read_at=int(now)
    )


def _request(request: Mapping[str, Any], receiver: Mapping[str, str]) -> DeliveryRequest:
    return DeliveryRequest(
        logis={name: request[name] for name in _LOGIS if request.get(name)},
        sender=nested(request["sender"]),
        receiver=nested(receiver),
        products=request.get("products", ()),
        send_email=request.get("send_email"),
    )
