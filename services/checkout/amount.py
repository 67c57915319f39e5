"""The amount of an order, registered at the gateway before its window opens: no browser can change it then."""

from services.errors import Refused
from services.gateway import Gateway
from services.tables.checkouts import Checkout


def register_amount(gateway: Gateway, merchant_uid: str, checkout: Checkout) -> None:
    """POST, and where something is registered already GET and PUT. Raises GatewayError.

    Nothing for a registration that shows no amount: there is none that could be changed.
    """
    if not checkout.amount:
        return
    try:
        gateway.prepare(merchant_uid, checkout.amount, checkout.currency)
    except Refused:
        there = gateway.prepared(merchant_uid)
        if there != (checkout.amount, checkout.currency):
            gateway.prepare(merchant_uid, checkout.amount, checkout.currency, again=True)
