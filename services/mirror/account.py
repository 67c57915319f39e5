"""Whose a database is: tied to an account by the first answer that its key gets, before anything of it is stored."""

import time

from sqlalchemy import Engine

from services.gateway import Gateway
from services.store.account import bind, require_account
from services.store.engine import reading, writing


def claim(gateway: Gateway, engine: Engine) -> None:
    """Binds a database that is nobody's yet, once the gateway took the key. Raises OtherAccount and GatewayError."""
    with reading(engine) as conn:
        if require_account(conn, gateway.account):
            return
    gateway.now()
    with writing(engine) as conn:
        if not require_account(conn, gateway.account):  # another one may have been faster
            bind(conn, gateway.account, int(time.time()))


def claimed_at(gateway: Gateway, engine: Engine) -> int:
    """When something that will be stored is asked for, in milliseconds. Raises OtherAccount and GatewayError."""
    claim(gateway, engine)
    return gateway.asked_at()
