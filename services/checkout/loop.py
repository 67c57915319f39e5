"""Looking after links while nobody does: what became of an order whose buyer never came back, and what has expired."""

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from services.checkout import attempts, checkouts
from services.checkout.policy import Refunds
from services.checkout.verify import verify
from services.checkout.webhooks import are_old, forget_old, read_due
from services.gateway import Gateway
from services.operations.journal.journal import saving
from services.store.engine import let_others_write, reading

log = structlog.get_logger("jangbu.checkout")
_EVERY, _TIDY = 5.0, 60.0
_TOGETHER = 0.5
"""Seconds in which further webhooks may follow the first, before any is read."""
_AT_ONCE = 500
"""Links that end in one transaction."""


def run_loop(
    stop: threading.Event, wake: threading.Event, gateway: Gateway, engine: Engine, refunds: Callable[[], Refunds]
) -> None:
    """Looks until told to stop; `wake` ends the wait between two turns, `refunds` is asked at each."""
    tidied, since = 0.0, 0
    while not stop.is_set():
        if wake.wait(_EVERY):
            # Reading what the first one names would hold up the answers to those that follow.
            stop.wait(_TOGETHER)
        wake.clear()
        now = time.time()
        try:
            if now - tidied > _TIDY:
                since = tidy(engine, now, since)
                tidied = now
            turn(gateway, engine, now, refunds())
        except Exception as error:  # the loop outlives whatever happens in one turn
            log.error("links cannot be looked after", error=type(error).__name__)


def turn(gateway: Gateway, engine: Engine, now: float, refunds: Refunds) -> int:
    """Reads what webhooks named and each order that is due; how many were read."""
    named = read_due(gateway, engine, now, refunds)
    with reading(engine) as conn:
        orders = attempts.due(conn, now)
    for merchant_uid in orders:
        try:
            verify(gateway, engine, merchant_uid, now, refunds=refunds)
        except Exception as error:  # one order that cannot be read keeps no other one waiting
            log.warning("an order could not be read", order=merchant_uid, error=type(error).__name__)
        with saving(engine) as conn:
            attempts.look_later(conn, merchant_uid, now)
    return named + len(orders)


def tidy(engine: Engine, now: float, since: int = 0) -> int:
    """Ends what has expired, looks again at what was paid after all, and forgets old webhooks; where to go on."""
    with reading(engine) as conn:
        paid, after = attempts.left_behind(conn, now, since)
        over, old = checkouts.are_over(conn, now), are_old(conn, now)
    if over:
        _expire(engine, now)
    if paid or old:  # every write wakes all that wait for one
        with saving(engine) as conn:
            attempts.look_again(conn, paid, now)
            forget_old(conn, now)
    return after


def _expire(engine: Engine, now: float) -> None:
    """Ends what has expired; all links of a file do at once, and buyers' confirmations come between."""
    ended = _AT_ONCE
    while ended == _AT_ONCE:
        with saving(engine) as conn:
            ended = checkouts.expire(conn, now, _AT_ONCE)
        let_others_write(engine)
