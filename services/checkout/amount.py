"""The amount of an order: enough for the PG, and registered before its window opens, so that no browser changes it."""

import json

from services.checkout.parameters.case import Case, Merchant
from services.checkout.parameters.rules import ENOUGH
from services.errors import InvalidRequest, Refused
from services.gateway import Gateway
from services.tables.checkouts import Checkout, CheckoutKind


def require_enough(checkout: Checkout, merchant: Merchant, now: float) -> None:
    """Raises InvalidRequest for less than the PG takes: the smallest payment may have grown since the link was made."""
    case = Case(CheckoutKind(checkout.kind), checkout.pg_provider, merchant, now, json.loads(checkout.request))
    if not ENOUGH.holds(checkout.amount, case):
        raise InvalidRequest(ENOUGH.template, field="amount", **ENOUGH.values(case))


def register_amount(gateway: Gateway, merchant_uid: str, checkout: Checkout) -> None:
    """POST, and where something is registered already GET and PUT. Raises GatewayError.

    Nothing for a registration that shows no amount: there is none that could be changed.
    """
    if not checkout.amount:
        return
    gateway = gateway.of(checkout.tier)
    try:
        gateway.prepare(merchant_uid, checkout.amount, checkout.currency)
    except Refused:
        there = gateway.prepared(merchant_uid)
        if there != (checkout.amount, checkout.currency):
            gateway.prepare(merchant_uid, checkout.amount, checkout.currency, again=True)
