"""Keeping fresh: what changed last, once a minute; the whole span again, once a day; then what follows from it."""

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import GatewayError
from services.gateway import Gateway
from services.mirror.sync import sync
from services.store.engine import reading
from services.store.lists.system import marks
from services.tables.marks import MirrorMark

log = structlog.get_logger("jangbu.mirror")
_EVERY = 60.0
_DEEP_EVERY = DAY


def run_loop(
    stop: threading.Event,
    gateway: Gateway,
    engine: Engine,
    *,
    days: int,
    every: float = _EVERY,
    then: Callable[[], object] = lambda: None,
    failed: Callable[[Exception], object] = lambda _error: None,
) -> None:
    """Syncs until told to stop. A run that fails is recorded (models.SyncRun) and the next one tries again.

    `then` follows each run that went well: it may trust that the mirror is up to date. `failed` follows the others.
    """
    while not stop.is_set():
        try:
            sync(gateway, engine, days=days, full=_deep_is_due(engine))
            then()
        except Exception as error:  # the loop outlives whatever happens in one run
            tell = log.warning if isinstance(error, GatewayError) else log.error
            tell("sync failed", error=type(error).__name__)
            failed(error)
        stop.wait(every)


def _deep_is_due(engine: Engine) -> bool:
    with reading(engine) as conn:
        deep_at = marks(conn).get(MirrorMark.DEEP_AT)
    return deep_at is not None and time.time() - int(deep_at) > _DEEP_EVERY
