"""Not here is not nowhere: a payment that the mirror does not have is asked for at the gateway, by its exact id."""

import re
from contextlib import suppress

from sqlalchemy import Engine

from services.errors import NotFound, Refused
from services.forbidden_numbers import find_forbidden
from services.gateway import Gateway
from services.gateway.payloads import PaymentPayload
from services.mirror.account import claimed_at
from services.mirror.keep import keep_payment

_ID = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9_.:-]{5,79}")
_DIGITS = re.compile(r"[0-9-]+")
_FEWEST_DIGITS = 13
"""Of an id that is a number: a phone, an approval number or an amount is none."""
_OF_A_DAY = re.compile(r"20[0-3]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3,}")
"""An order number as many shops count them, 20261128-0001: no phone begins so."""
_V1_UID = "imp"


def is_id(text: str) -> bool:
    """Whether a text can be an imp_uid or an order number, and nothing of a person that must not leave this house."""
    if not _ID.fullmatch(text):
        return False
    if not _DIGITS.fullmatch(text):
        return True
    number = text.replace("-", "")
    long_enough = len(number) >= _FEWEST_DIGITS or _OF_A_DAY.fullmatch(number) is not None
    return long_enough and find_forbidden(text) is None


def look_up(gateway: Gateway, engine: Engine, text: str) -> bool:
    """Keeps the payments that the gateway has under an imp_uid or order number; whether there are any.

    Raises GatewayError.
    """
    as_of = claimed_at(gateway, engine)
    found = list(_payments(gateway, text))
    for store in gateway.stores[1:]:
        with suppress(Refused):  # a sub-store that is refused hides nothing of the others
            found += _payments(store, text)
    for one in found:
        keep_payment(engine, one, as_of=as_of)
    return bool(found)


def _payments(gateway: Gateway, text: str) -> tuple[PaymentPayload, ...]:
    if text.startswith(_V1_UID):
        try:
            return (gateway.payment(text),)
        except NotFound:
            pass  # an order number may begin so too
    try:
        return gateway.find_all_payments(text).items
    except NotFound:
        return ()
