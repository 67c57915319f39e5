"""Making a billing key of a card by its number: sent once, and seen by reading the key."""

import json
from collections.abc import Callable
from typing import Any

from services.errors import GatewayError, NotFound, NotSent
from services.gateway import Gateway
from services.gateway.payloads import Payload
from services.gateway.requests import CardKeyRequest
from services.operations.actions.cards import secret
from services.operations.actions.receipts import held
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

MOVES_MONEY = False
REPLACES = "replaces"


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names, without the card and whose it is."""
    return {"channel_key": wanted.request["channel_key"]}


def prepare(gateway: Gateway, operation: Operation) -> str:
    """Looks whether the card is held and what is registered there now, as JSON. Raises Stop, NotSent, GatewayError."""
    secret.require_held(operation)
    try:
        there = gateway.billing_key(operation.customer_uid or "")
    except NotFound:
        return json.dumps([])
    if not asked(operation).get(REPLACES):
        raise Stop(Why.KEY_EXISTS)
    return json.dumps(_known(there))


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Registers it; the card is forgotten once the request has left. Raises NotSent, Refused, OutcomeUnknown."""
    card, personal = secret.taken(operation)
    request = CardKeyRequest(card, personal, asked(operation)["channel_key"])
    try:
        gateway.register_card(operation.customer_uid or "", request, still=still)
    except NotSent:
        raise
    except GatewayError:
        held.forget(operation.token)
        raise
    held.forget(operation.token)
    return _registered(operation)


def look(gateway: Gateway, operation: Operation) -> Outcome | None:
    """Whether a card with these last digits was registered there since; None where nothing is."""
    try:
        there = gateway.billing_key(operation.customer_uid or "")
    except NotFound:
        return None
    end = asked(operation)[secret.END]
    is_new = _known(there) != json.loads(operation.known or "[]")
    ours = is_new and str(there.fields["card_number"] or "").endswith(end)
    return _registered(operation) if ours else Outcome(State.UNKNOWN)


def _known(there: Payload) -> list[Any]:
    return [there.fields["inserted"], there.fields["updated"], there.fields["card_number"]]


def _registered(operation: Operation) -> Outcome:
    return Outcome(State.SUCCEEDED, registered_key=operation.customer_uid)
