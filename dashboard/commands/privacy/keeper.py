"""Once a day the buyers of rows whose term is over are made anonymous, at a quiet pace."""

import threading
import time

import structlog
from services.operations.journal.head import restored
from services.privacy.pieces import are_left
from services.privacy.retention import anonymise, forget_pieces, is_due
from services.store.engine import reading
from sqlalchemy import Engine

from dashboard.process.resources import current_settings

log = structlog.get_logger("jangbu")
_EVERY = 60
_REST = 0.2
"""Seconds between two transactions of some hundred rows."""


def watch_buyers(stop: threading.Event, engine: Engine) -> None:
    """Goes through what is old once a day in Korea until told to stop; not while a database that was put back waits.

    What an erasure left of somebody in the search index goes within a minute or so.
    """
    while not stop.wait(_EVERY):
        try:
            now = time.time()
            with reading(engine) as conn:
                due, left = is_due(conn, now), are_left(conn)
            if due and not restored(engine):
                done = anonymise(engine, now, current_settings().keep_buyers_years, lambda: stop.wait(_REST))
                if done:
                    log.info("buyers were made anonymous", **done)
            elif left:
                forget_pieces(engine, lambda: stop.wait(_REST))
        except Exception as error:  # the loop outlives whatever happens in one turn
            log.error("buyers could not be made anonymous", error=type(error).__name__)
