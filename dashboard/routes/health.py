"""/healthz: whether the store can be written and is fresh, for probes and people; it needs no sign-in."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog
from services.alarms.findings import STALE
from services.errors import StoreError
from services.operations.journal.head import restored
from services.store.lists.system import freshness, write_probe
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from dashboard.locale import _, in_language, language_for
from dashboard.process.resources import open_session, open_store
from dashboard.template import template
from dashboard.words import formats

log = structlog.get_logger("jangbu")
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


def health(request: Request) -> Response:
    """200 with the mirror's time; 503 where the store cannot be written, is another one than was opened, or stale.

    A browser gets the same as a page.
    """
    seen = _seen(open_store(checked=False))
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(seen.body, status_code=seen.status)
    language = language_for(request.cookies, request.headers.get("accept-language"))
    with in_language(language):
        page = template(Path(__file__).with_suffix(".html")).render(language=language, **_told(seen))
    return HTMLResponse(page, status_code=seen.status, headers={"cache-control": "no-store"})


def _told(seen: Seen) -> dict[str, object]:
    """What the page says: no more than a probe is told."""
    at, error = seen.body.get("as_of"), seen.body.get("error")
    words = {
        "Stale": _("What the screens show is old: the gateway is not read."),
        "Restored": _("An older state of the database was put back: nothing is sent before it is complete."),
        "Displaced": _("The database file is another one than was opened: nothing is saved."),
    }
    says = words.get(str(error), _("The database cannot be used.")) if error else _("Jangbu runs and saves.")
    fresh = _("As of {time} KST").format(time=formats.time(at)) if isinstance(at, int) else None
    return {"works": error is None, "title": _("Works") if error is None else _("Does not work"), "says": says,
            "fresh": fresh, "code": error}  # fmt: skip


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
