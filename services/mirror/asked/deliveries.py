"""Reading the delivery of an escrow payment and keeping it, wherever it was entered."""

from sqlalchemy import Engine

from services.errors import Refused
from services.escrow.delivery_list import DeliveryFilter, list_deliveries
from services.escrow.kept import keep_delivery
from services.gateway import Gateway
from services.mirror.account import claim
from services.mirror.stores.whose import store_of
from services.store.engine import reading, writing
from services.tables.escrow import DeliveryState
from services.tables.v1 import Payment

MOST = 200
"""Deliveries that are read at once."""


def read_waiting(gateway: Gateway, engine: Engine, from_day: int, to_day: int) -> int:
    """Reads those that wait of these days, the oldest first, in case they were entered elsewhere; how many were.

    Raises GatewayError; what was read before that is kept.
    """
    chosen = DeliveryFilter(frozenset({DeliveryState.TO_ENTER}), from_day=from_day, to_day=to_day)
    with reading(engine) as conn:
        rows = list_deliveries(conn, chosen, limit=MOST).rows
    return sum(_is_entered(gateway, engine, row.imp_uid) for row in rows)


def _is_entered(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    try:
        return read_delivery(gateway, engine, imp_uid)
    except Refused:
        return False  # of this one the PG tells nothing


def read_delivery(gateway: Gateway, engine: Engine, imp_uid: str) -> bool:
    """Keeps what V1 shows now; whether one is entered. Raises GatewayError."""
    claim(gateway, engine)
    shown = store_of(gateway, engine, Payment, imp_uid).delivery(imp_uid)
    if shown is None:
        return False
    with writing(engine) as conn:
        keep_delivery(conn, imp_uid, shown.fields, by=None, read_at=int(gateway.now()))
    return True
