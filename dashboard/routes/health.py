"""/healthz: whether the store can be read; a probe needs nothing else and no sign-in."""

from services.errors import StoreError
from services.store.system import freshness
from starlette.requests import Request
from starlette.responses import JSONResponse

from dashboard.resources import open_session, open_store


def health(_request: Request) -> JSONResponse:
    """200 with the mirror's time, 503 where the store is unreadable or at another revision."""
    try:
        open_store()
        with open_session() as session:
            fresh = freshness(session)
    except (StoreError, OSError) as error:
        return JSONResponse({"status": "unavailable", "error": type(error).__name__}, status_code=503)
    return JSONResponse({"status": "ok", "as_of": fresh.as_of, "backfilled": fresh.backfilled})
