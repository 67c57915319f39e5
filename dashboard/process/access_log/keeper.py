"""What keeps the access log whole, gateway or none: how far it reaches, what is too old, sessions that ran out."""

import threading
import time
from functools import lru_cache

import structlog
from services.clock import day_of
from services.operations.journal.head import restored, tell
from services.people import access_log, sessions
from services.store.engine import reading, writing
from sqlalchemy import Engine

from dashboard.process.resources import current_settings

log = structlog.get_logger("jangbu")
_told = structlog.get_logger("jangbu.operations")
_EVERY = 60
_HOUR = 3600


def watch_access_log(stop: threading.Event, engine: Engine) -> None:
    """Looks once a minute until told to stop."""
    while not stop.wait(_EVERY):
        try:
            keep_access_log(engine, time.time())
        except Exception as error:  # the loop outlives whatever happens in one turn
            log.error("the access log could not be kept", error=type(error).__name__)


def keep_access_log(engine: Engine, now: float) -> None:
    """One turn; what belongs to an hour or a day is done at its first one, and again where it failed."""
    _end_expired(engine, now)
    _tell(engine, int(now) // _HOUR)
    if not restored(engine):
        # Of a database that was put back nobody writes into the audit before it is complete again.
        _note_head(engine, int(now) // _HOUR)
        _remove_old(engine, day_of(now))


def _end_expired(engine: Engine, now: float) -> None:
    lasting = current_settings().lasting
    with reading(engine) as conn:
        if not sessions.has_expired(conn, now, lasting):
            return
    with writing(engine) as conn:
        sessions.end_expired(conn, now, lasting)


@lru_cache(1)
def _tell(engine: Engine, _hour: int) -> None:
    """The log of the app has the heads of the audit chain and of the access log."""
    tell(engine)
    with reading(engine) as conn:
        head = access_log.head(conn)
    _told.info("access log", entries=head.number, hash=head.hash)


@lru_cache(1)
def _note_head(engine: Engine, _hour: int) -> None:
    access_log.note_head(engine, time.time())


@lru_cache(1)
def _remove_old(engine: Engine, _day: int) -> None:
    access_log.remove_old(engine, current_settings().access_log_years, time.time())
