"""Making a billing key of a card by its number: sent once, and seen by reading the key."""

import json
from collections.abc import Callable
from typing import Any

from services.errors import NotFound
from services.gateway import Gateway
from services.gateway.payloads import Payload
from services.gateway.requests import CardKeyRequest
from services.operations import held
from services.operations.actions.cards import secret
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
    held.require_held(operation, Why.CARD_GONE)
    try:
        there = gateway.billing_key(operation.customer_uid or "")
    except NotFound:
        return json.dumps([])
    if not asked(operation).get(REPLACES):
        raise Stop(Why.KEY_EXISTS)
    return json.dumps(_known(there))


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Registers it; the card is held no more as the request leaves. Raises NotSent, Refused, OutcomeUnknown."""
    with held.sending(operation.token) as found:
        request = CardKeyRequest(*secret.parted(found), asked(operation)["channel_key"])
        gateway.register_card(operation.customer_uid or "", request, still=still)
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
