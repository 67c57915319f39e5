"""Reading a cash receipt of V1's and keeping it; a 404 only says that V1 knows of none."""

from sqlalchemy import Engine

from services.errors import NotFound
from services.gateway import Gateway
from services.mirror.account import claim
from services.receipts.kept import keep_receipt
from services.store.engine import reading, writing
from services.store.lists.one import get_payment


def read_receipt(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    """Keeps what V1 tells now of a payment's receipt; whether it knows of one. Raises GatewayError."""
    claim(gateway, engine)
    with reading(engine) as conn:
        payment = get_payment(conn, imp_uid)
    try:
        told = gateway.of(payment.tier if payment else "").receipt(imp_uid).fields
    except NotFound:
        return False
    order = payment.merchant_uid if payment else ""
    with writing(engine) as conn:
        keep_receipt(conn, told, imp_uid=imp_uid, merchant_uid=order, issued=None, read_at=int(gateway.now()))
    return True


def read_external_receipt(gateway: Gateway, engine: Engine, merchant_uid: str) -> bool:
    """The same of a sale made elsewhere. Raises GatewayError."""
    claim(gateway, engine)
    try:
        told = gateway.external_receipt(merchant_uid).fields
    except NotFound:
        return False
    with writing(engine) as conn:
        keep_receipt(conn, told, imp_uid=None, merchant_uid=merchant_uid, issued=None, read_at=int(gateway.now()))
    return True
