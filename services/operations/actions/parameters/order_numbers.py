"""Order numbers of charges: made by Jangbu, or the shop's own, of which nothing may stand at the gateway yet."""

import re
import secrets
import string

from services.errors import InvalidRequest, NotFound
from services.gateway import Gateway
from services.operations.journal.states import Why
from services.operations.outcomes import Stop
from services.typed_text import require_no_number, typed

LONGEST = 40
OWN_ORDER = "own_order"
"""What a row's request says where the order number is the shop's own."""
_CHARS = string.ascii_letters + string.digits
_LENGTH = 24
_OWN = re.compile(rf"[A-Za-z0-9._~-]{{1,{LONGEST}}}")


def new_order_number(first: str = "J") -> str:
    """An order number that nobody has: letters and digits, which every PG takes."""
    return first + "".join(secrets.choice(_CHARS) for _ in range(_LENGTH))


def own_order_number(text: str) -> str | None:
    """The shop's own as it was typed, None for none. Raises InvalidRequest."""
    order = typed(text)
    if not order:
        return None
    if not _OWN.fullmatch(order):
        raise InvalidRequest("Latin letters, digits and . _ ~ -, at most {n} of them.", field="merchant_uid", n=LONGEST)
    require_no_number(order, "merchant_uid")
    return order


def require_unused(gateway: Gateway, merchant_uid: str) -> None:
    """Raises Stop where a payment stands under an order number: what is read there must be ours alone."""
    try:
        gateway.find_all_payments(merchant_uid)
    except NotFound:
        return
    raise Stop(Why.ORDER_USED)
