"""Charging a card by its number, once: what is sent of the row and of what is held, and how to see what came of it."""

from collections.abc import Callable, Mapping
from typing import Any

from services.errors import NotFound
from services.gateway import Gateway
from services.gateway.requests import OnetimeRequest
from services.operations import held
from services.operations.actions import charges
from services.operations.actions.cards import secret
from services.operations.actions.parameters.order_numbers import require_unused
from services.operations.journal.journal import Wanted, asked
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation

MOVES_MONEY = True
_SENT = ("name", "pg", "tax_free", "vat_amount", "card_quota", "product_type")
look = charges.look
"""What stands under the order number."""


def as_sent(wanted: Wanted) -> dict[str, Any]:
    """The body that an intent becomes, by V1's names, without the card and whose it is."""
    return {"merchant_uid": wanted.merchant_uid, "amount": wanted.amount} | _fields(wanted, wanted.request)


def _fields(row: Operation | Wanted, request: Mapping[str, Any]) -> dict[str, Any]:
    key = {"customer_uid": row.customer_uid} if row.customer_uid else {}
    return {name: request[name] for name in _SENT if request.get(name) is not None} | key


def prepare(gateway: Gateway, operation: Operation) -> None:
    """Looks whether the card is held, and nothing stands under order number or key. Raises Stop, NotSent, GatewayError.

    V1 puts the card in the place of what is registered under a key, without a word: whose that is goes on being
    charged.
    """
    held.require_held(operation, Why.CARD_GONE)
    require_unused(gateway, operation.merchant_uid or "")
    if operation.customer_uid:
        _require_free(gateway, operation.customer_uid)


def _require_free(gateway: Gateway, customer_uid: str) -> None:
    try:
        gateway.billing_key(customer_uid)
    except NotFound:
        return
    raise Stop(Why.KEY_EXISTS)


def send(gateway: Gateway, operation: Operation, still: Callable[[], bool]) -> Outcome:
    """Charges it; the card is held no more as the request leaves. Raises NotSent, Refused, OutcomeUnknown."""
    fields = _fields(operation, asked(operation))
    with held.sending(operation.token) as found:
        card, personal = secret.parted(found)
        request = OnetimeRequest(card, personal, operation.merchant_uid or "", operation.amount, fields)
        return charges.charge_outcome(gateway.charge_onetime(request, still=still))
