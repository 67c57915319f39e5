"""/export/{token}: streams the file that a ticket stands for."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from functools import partial

import anyio
import structlog
from services.clock import day_to_date, seoul
from services.errors import NotAllowed, NotSaved
from services.exports.export import export
from services.exports.query import ListFilter, is_exact
from services.exports.taken import file_taken
from services.people.access_log import Access
from services.store.engine import LONGEST_READ, reading
from services.store.lists.system import freshness
from services.tables.staff.access import AccessKind
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard.access import Permission, User, auth_configured
from dashboard.locale import _, sentence, set_language
from dashboard.process.access_log.note import from_address, note
from dashboard.process.executor import name_of
from dashboard.process.logs import place_of
from dashboard.process.resources import current_settings, open_store
from dashboard.process.sessions import admitted, user_of
from dashboard.process.tickets import PageTicket, Ticket, find_ticket
from dashboard.routes.paths import client_of
from dashboard.words.export_conditions import book_words, days_of
from dashboard.words.export_labels import labels_of

log = structlog.get_logger("jangbu.exports")
AT_ONCE = 3
"""Downloads that may run side by side: each holds a connection, and a thread for every piece of it."""
_LOOKS_EVERY = 1
_STALLED = 60
"""Seconds that a reader may take for one piece."""
_NOT_KEPT = {"cache-control": "no-store"}
_slots = threading.BoundedSemaphore(AT_ONCE)
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Download(StreamingResponse):
    """A file from a generator that is closed whatever becomes of the reader; 503 where too many run already."""

    def __init__(
        self,
        chunks: Generator[bytes],
        begin: Callable[[], str],
        busy: str,
        media_type: str,
        headers: dict[str, str],
        may: Callable[[], bool],
    ) -> None:
        super().__init__(chunks, media_type=media_type, headers=headers)
        self.chunks = chunks
        self.begin = begin
        """Writes down who takes it; where that cannot be it says so, and nobody does."""
        self.busy = busy
        self.may = may
        """Whether its reader may still have it: asked again and again while it goes out."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _slots.acquire(blocking=False):
            wait = {"retry-after": "30", **_NOT_KEPT}
            return await PlainTextResponse(self.busy, 503, wait)(scope, receive, send)
        try:
            with anyio.fail_after(LONGEST_READ):
                if refused := await run_in_threadpool(self.begin):
                    return await PlainTextResponse(refused, 503, _NOT_KEPT)(scope, receive, send)
                await super().__call__(scope, receive, _impatient(_allowed(send, self.may)))
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
    address = client_of(request.scope)
    if not _may_have(ticket, request):
        if user := _who_asks(request):
            _note_refused(user, ticket, address)
        return PlainTextResponse("Forbidden", status_code=403)
    set_language(ticket.language)
    if isinstance(ticket, PageTicket):
        return _of_page(ticket, address)
    return _of_list(ticket, address, partial(_may_have, ticket, request))


def _may_have(ticket: Ticket | PageTicket, request: Request) -> bool:
    """With sign-in: the same person, with the same role as when the link was made.

    A page says itself who may take its file: whoever brought one has its buyers already.
    """
    if not auth_configured():
        return True
    user = _who_asks(request)
    return user is not None and user == ticket.user and (isinstance(ticket, PageTicket) or user.may(Permission.EXPORT))


def _of_page(ticket: PageTicket, address: str) -> Response:
    """Made whole before any of it goes out: it is a few thousand rows."""
    actor = from_address(ticket.user.email, address)
    try:
        with ticket.entry.turn:
            found = ticket.read()
        taken = Access(
            AccessKind.EXPORTED, ticket.what, row_count=found.rows, column_names=ticket.columns, reason=ticket.reason
        )
        ticket.entry.write(partial(note, actor, taken))
    except NotSaved as error:
        return PlainTextResponse(sentence(error), 503, _NOT_KEPT)
    headers = {"content-disposition": f'attachment; filename="{ticket.name}"', **_NOT_KEPT}
    return Response(found.text, media_type=_TYPES["csv"], headers=headers)


def _of_list(ticket: Ticket, address: str, may: Callable[[], bool]) -> Response:
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
    headers = {"content-disposition": f'attachment; filename="{name}"', **_NOT_KEPT}
    busy = _("Other exports are running: wait until one of them has ended.")
    return Download(chunks, partial(_write_down, ticket, address), busy, _TYPES[ticket.fmt], headers, may)


def _write_down(ticket: Ticket, address: str) -> str:
    """Why the access log has no entry of it, and nobody takes the file along; empty where it has."""
    set_language(ticket.language)

    def noted() -> None:
        taken = file_taken(
            open_store(checked=False),
            ticket.kind,
            ticket.chosen,
            with_buyers=ticket.user.may(Permission.SEE_BUYERS),
            names=ticket.columns,
            reason=ticket.reason,
        )
        note(from_address(ticket.user.email, address), taken)

    try:
        ticket.entry.write(noted)
    except NotSaved as error:
        return sentence(error)
    return ""


def _period(chosen: ListFilter, exact: bool) -> str:
    """The days of a list as a file's name has them; empty where it has none, or an id was looked for in all of them."""
    first, last = days_of(chosen)
    if exact or first is None or last is None:
        return ""
    return f"{day_to_date(first):%Y%m%d}-{day_to_date(last):%Y%m%d}"


def _allowed(send: Send, may: Callable[[], bool]) -> Send:
    """Raises NotAllowed within two seconds after the reader's session ended, or their role changed."""
    looked = time.monotonic()

    async def sender(message: Message) -> None:
        nonlocal looked
        if time.monotonic() > looked + _LOOKS_EVERY:
            looked = time.monotonic()
            if not await run_in_threadpool(may):
                raise NotAllowed("The session of the one who takes it along has ended.")
        await send(message)

    return sender


def _impatient(send: Send) -> Send:
    async def sender(message: Message) -> None:
        with anyio.fail_after(_STALLED):
            await send(message)

    return sender


def _who_asks(request: Request) -> User | None:
    """With sign-in the person of the request."""
    if not auth_configured():
        return None
    session_id = admitted(request.headers, client_of(request.scope))
    return user_of(session_id) if session_id else None


def _note_refused(user: User, ticket: Ticket | PageTicket, address: str) -> None:
    what = ticket.what if isinstance(ticket, PageTicket) else ticket.kind
    with suppress(NotSaved):
        note(from_address(user.email, address), Access(AccessKind.REFUSED, what, reason=ticket.reason))
