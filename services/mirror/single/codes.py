"""Reading what banks and card companies are called: all once a month, one where a payment has an unknown code."""

import time

from sqlalchemy import Engine

from services.clock import DAY
from services.codes.names import keep_codes, learn, nameless
from services.errors import GatewayError, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.payloads import PaymentPayload
from services.store.engine import reading, writing
from services.store.lists.system import marks
from services.store.writes.sync import set_mark
from services.tables.codes import CodeKind
from services.tables.marks import MirrorMark

_EVERY = 30 * DAY
_NOT_BEFORE = 3_600
"""Seconds after an attempt that failed."""
_unknown: set[tuple[CodeKind, str]] = set()
"""Codes that the gateway does not know either."""


def refresh_codes(gateway: Gateway, engine: Engine, now: float) -> bool:
    """Has this process know what is kept, and asks anew where that is old; whether it asked.

    Where the gateway does not tell, what is kept or built in stays, and it is asked again an hour later.
    """
    with reading(engine) as conn:
        learn(conn)
        kept = marks(conn)
    read_at, asked_at = (int(kept.get(mark, 0)) for mark in (MirrorMark.CODES_AT, MirrorMark.CODES_ASKED))
    if now - read_at < _EVERY or now - asked_at < _NOT_BEFORE:
        return False
    with writing(engine) as conn:
        set_mark(conn, MirrorMark.CODES_ASKED, str(int(now)), int(now))
    try:
        told = {kind: gateway.codes(kind) for kind in CodeKind}
    except GatewayError:
        return True
    with writing(engine) as conn:
        for kind, codes in told.items():
            keep_codes(conn, kind, ((one.code, one.name) for one in codes), int(now))
        set_mark(conn, MirrorMark.CODES_AT, str(int(now)), int(now))
        learn(conn)
    return True


def learn_codes(gateway: Gateway, engine: Engine, payment: PaymentPayload) -> None:
    """Asks for each code of a payment that has no name, once: the payment is kept with it. Never raises."""
    for kind, code in nameless(payment.fields):
        if (kind, code) in _unknown:
            continue
        try:
            found = gateway.code(kind, code)
        except (Refused, UnreadableAnswer):
            _unknown.add((kind, code))
            continue
        except GatewayError:
            return
        with writing(engine) as conn:
            keep_codes(conn, kind, [(code, found.name)], int(time.time()))
            learn(conn)
