"""/healthz: whether the store can be written and is fresh; a probe needs nothing else and no sign-in."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from services.errors import StoreError
from services.operations.journal.head import restored
from services.store.lists.system import freshness, write_probe
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

from dashboard.process.resources import open_session, open_store

log = structlog.get_logger("jangbu")
STALE = 900
"""Seconds after which what is shown is too old: fifteen turns of the freshness loop, so that a deep pass fits in."""
KEPT = 5
"""Seconds for which one answer serves everybody who asks."""
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at a store found, and when."""

    engine: Engine
    at: float
    status: int
    body: Mapping[str, object]


_last: Seen | None = None


def health(_request: Request) -> JSONResponse:
    """200 with the mirror's time; 503 where the store cannot be written, is another one than was opened, or stale."""
    seen = _seen(open_store(checked=False))
    return JSONResponse(seen.body, status_code=seen.status)


def _seen(engine: Engine) -> Seen:
    """Looks once in a while; whoever asks while somebody looks gets what was seen the last time."""
    global _last
    known = _last if _last and _last.engine is engine else None
    if known and time.monotonic() - known.at < KEPT:
        return known
    if not _lock.acquire(blocking=known is None) and known:
        return known
    try:
        if _last is None or _last.engine is not engine or time.monotonic() - _last.at >= KEPT:
            status, body = _look()
            _last = Seen(engine, time.monotonic(), status, body)
        return _last
    finally:
        _lock.release()


def _look() -> tuple[int, Mapping[str, object]]:
    try:
        write_probe(open_store(), int(time.time()))
        put_back = restored(open_store(checked=False))
        with open_session() as session:
            fresh = freshness(session)
    except (StoreError, SQLAlchemyError, OSError) as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        log.error("not healthy", error=kind)
        return 503, {"status": "unavailable", "error": kind}
    if put_back:
        return 503, {"status": "unavailable", "error": "Restored"}
    told = {"as_of": fresh.as_of, "backfilled": fresh.backfilled}
    if fresh.as_of is not None and time.time() - fresh.as_of > STALE:
        return 503, {"status": "unavailable", "error": "Stale", **told}
    return 200, {"status": "ok", **told}
