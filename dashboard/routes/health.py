"""/healthz: whether the store can be written and is fresh; a probe needs nothing else and no sign-in."""

import threading
import time
from typing import Any

import structlog
from services.errors import StoreError
from services.store.system import freshness, write_probe
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

from dashboard.resources import open_session, open_store

log = structlog.get_logger("jangbu")
STALE = 900
"""Seconds after which what is shown is too old: fifteen turns of the freshness loop, so that a deep pass fits in."""
KEPT = 5
"""Seconds for which one answer serves everybody who asks."""
_lock = threading.Lock()
_Answer = tuple[float, int, dict[str, Any]]
_last: _Answer | None = None


def health(_request: Request) -> JSONResponse:
    """200 with the mirror's time; 503 where the store cannot be written, is another one than was opened, or stale."""
    _at, status, body = _answer()
    return JSONResponse(body, status_code=status)


def _answer() -> _Answer:
    """Looks once in a while; whoever asks while somebody looks gets what was seen the last time."""
    global _last
    known = _last
    if known and time.monotonic() - known[0] < KEPT:
        return known
    if not _lock.acquire(blocking=known is None):
        return known  # type: ignore[return-value]  # only where there is one nobody waits
    try:
        if _last is None or _last is known:
            status, body = _look()
            _last = (time.monotonic(), status, body)
        return _last
    finally:
        _lock.release()


def forget() -> None:
    """The next one who asks has it looked at anew."""
    global _last
    _last = None


def _look() -> tuple[int, dict[str, Any]]:
    try:
        write_probe(open_store(), int(time.time()))
        with open_session() as session:
            fresh = freshness(session)
    except (StoreError, SQLAlchemyError, OSError) as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        log.error("not healthy", error=kind)
        return 503, {"status": "unavailable", "error": kind}
    told = {"as_of": fresh.as_of, "backfilled": fresh.backfilled}
    if fresh.as_of is not None and time.time() - fresh.as_of > STALE:
        return 503, {"status": "unavailable", "error": "Stale", **told}
    return 200, {"status": "ok", **told}
