"""/export/{token}: streams the file that a ticket stands for."""

import threading
import time
from collections.abc import Generator

import anyio
import structlog
from services.clock import day_to_date, seoul
from services.exports.export import export
from services.exports.query import ListFilter, is_exact
from services.store.engine import LONGEST_READ, reading
from services.store.lists.system import freshness
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard.access import Permission, auth_configured
from dashboard.locale import _, set_language
from dashboard.process.executor import name_of
from dashboard.process.logs import place_of
from dashboard.process.resources import current_settings, open_store
from dashboard.process.sessions import admitted, user_of
from dashboard.process.tickets import Ticket, find_ticket
from dashboard.words.export_conditions import book_words, days_of
from dashboard.words.export_labels import labels_of

log = structlog.get_logger("jangbu.exports")
AT_ONCE = 3
"""Downloads that may run side by side: each holds a connection, and a thread for every piece of it."""
_STALLED = 60
"""Seconds that a reader may take for one piece."""
_slots = threading.BoundedSemaphore(AT_ONCE)
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Download(StreamingResponse):
    """A file from a generator that is closed whatever becomes of the reader; 503 where too many run already."""

    def __init__(self, chunks: Generator[bytes], busy: str, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(chunks, media_type=media_type, headers=headers)
        self.chunks = chunks
        self.busy = busy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _slots.acquire(blocking=False):
            wait = {"retry-after": "30", "cache-control": "no-store"}
            return await PlainTextResponse(self.busy, 503, wait)(scope, receive, send)
        try:
            with anyio.fail_after(LONGEST_READ):
                await super().__call__(scope, receive, _impatient(send))
        except ClientDisconnect:
            pass
        except Exception as error:  # its words may hold a row, so they are not told
            # The connection ends before its last piece, so the browser knows that the file is not whole.
            log.error("download ended early", error=type(error).__name__, at=place_of(error))
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self.chunks.close)
            _slots.release()


def download(request: Request) -> Response:
    """The file; 404 for an unknown or old ticket, 403 where the person may no longer have it."""
    ticket = find_ticket(request.path_params["token"])
    if ticket is None:
        return PlainTextResponse("This link is too old: open Export again.", status_code=404)
    if not _may_have(ticket, request):
        return PlainTextResponse("Forbidden", status_code=403)
    set_language(ticket.language)
    store, kind, chosen, now = open_store(checked=False), ticket.kind, ticket.chosen, time.time()
    buyers = ticket.user.may(Permission.SEE_BUYERS)
    with reading(store) as conn:
        exact, as_of = is_exact(conn, kind, chosen), freshness(conn).as_of
    chunks = export(
        store,
        kind,
        chosen,
        fmt=ticket.fmt,
        labels=labels_of(kind, ticket.columns),
        with_buyers=buyers,
        names=ticket.columns,
        words=book_words(
            kind,
            chosen,
            by=name_of(ticket.user),
            at=now,
            as_of=as_of,
            exact=exact,
            buyers=buyers,
            tiers=current_settings().tiers,
        ),
    )
    name = f"jangbu-{kind}-{_period(chosen, exact) or f'{seoul(now):%Y%m%d-%H%M%S}'}.{ticket.fmt}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    busy = _("Other exports are running: wait until one of them has ended.")
    return Download(chunks, busy, _TYPES[ticket.fmt], headers)


def _period(chosen: ListFilter, exact: bool) -> str:
    """The days of a list as a file's name has them; empty where it has none, or an id was looked for in all of them."""
    first, last = days_of(chosen)
    if exact or first is None or last is None:
        return ""
    return f"{day_to_date(first):%Y%m%d}-{day_to_date(last):%Y%m%d}"


def _impatient(send: Send) -> Send:
    async def sender(message: Message) -> None:
        with anyio.fail_after(_STALLED):
            await send(message)

    return sender


def _may_have(ticket: Ticket, request: Request) -> bool:
    """With sign-in: the same person, with the same role as when the link was made."""
    if not auth_configured():
        return True
    session_id = admitted(request.headers)
    user = user_of(session_id) if session_id else None
    return user is not None and user == ticket.user and user.may(Permission.EXPORT)
