"""Reading the delivery of an escrow payment and keeping it, wherever it was entered."""

from sqlalchemy import Engine

from services.escrow.kept import keep_delivery
from services.gateway import Gateway
from services.mirror.account import claim
from services.store.engine import writing


def read_delivery(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    """Keeps what V1 shows now; whether one is entered. Raises GatewayError."""
    claim(gateway, engine)
    shown = gateway.delivery(imp_uid)
    if shown is None:
        return False
    with writing(engine) as conn:
        keep_delivery(conn, imp_uid, shown.fields, by=None, read_at=int(gateway.now()))
    return True
