"""The way in and out: a link that goes through sign-in arrives at its page, signing out is a POST of our own."""

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from services.tables.people import Ending
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from dashboard.access import auth_configured
from dashboard.options import SESSION_HEADER
from dashboard.process.access_log.note import from_address
from dashboard.process.doors import doors
from dashboard.process.sessions import admitted, end_all, user_of
from dashboard.routes.cookie import is_identity, own_origin
from dashboard.routes.paths import bare_path, client_of

LOGIN, LOGOUT, CALLBACK = "/auth/login", "/auth/logout", "/oauth2callback"
_NEXT = "jangbu_next"
_LONGEST_NEXT = 1_500
_MOST_STRANGERS = 100
# What a browser sends when somebody presses rerun: the script finds no session any more, and shows the door.
_RERUN = BackMsg(rerun_script=ClientState()).SerializeToString()


class SignIn:
    """Middleware behind the guard; without `[auth]` it does nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or not auth_configured():
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await self._connection(scope, receive, send)
        path, headers = bare_path(scope), Headers(scope=scope)
        if path == LOGOUT:
            answer = await run_in_threadpool(_sign_out, scope["method"], headers, client_of(scope))
            return await answer(scope, receive, send)
        if path == LOGIN:
            send = _remembering(send, _page_of(headers.get("referer", "")))
        if path == CALLBACK:
            send = _arriving(send, unquote(cookie_parser(headers.get("cookie", "")).get(_NEXT, "")))
        return await self.app(scope, receive, send)

    async def _connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        session_id = await run_in_threadpool(admitted, Headers(scope=scope), client_of(scope))
        if session_id is None:
            return await self._stranger(scope, receive, send)
        known = [*scope["headers"], (SESSION_HEADER.encode(), session_id.encode())]
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        watched = _Watched(receive, over, session_id)
        with doors.open(session_id, lambda: _tell(loop, over)):
            try:
                await self.app({**scope, "headers": known}, watched, send)
            finally:
                watched.close()

    async def _stranger(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Somebody at the door: they cost memory, and so there is an end to how many stand there."""
        if self._strangers >= _MOST_STRANGERS:
            await receive()
            return await send({"type": "websocket.close", "code": 1013})
        self._strangers += 1
        try:
            return await self.app(scope, receive, send)
        finally:
            self._strangers -= 1


def _tell(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(over.set)


class _Watched:
    """What a browser sends; once its session is over, first a rerun that no browser sent."""

    def __init__(self, receive: Receive, over: asyncio.Event, session_id: str) -> None:
        self._receive, self._session_id = receive, session_id
        self._over = asyncio.ensure_future(over.wait())
        self._next: asyncio.Future[Message] | None = None
        self._connected = self._told = False

    async def __call__(self) -> Message:
        if not self._connected:
            self._connected = True
            return await self._receive()
        if self._next is None:
            self._next = asyncio.ensure_future(self._receive())
        if not self._told:
            waited: set[asyncio.Future[Any]] = {self._next, self._over}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if self._over.done():
                self._told = True
                return {"type": "websocket.receive", "bytes": _RERUN}
        message, self._next = await self._next, None
        if _is_of_a_person(message):
            doors.saw(self._session_id)
        return message

    def close(self) -> None:
        """Nobody waits any longer."""
        for waiting in (self._over, self._next):
            if waiting is not None:
                waiting.cancel()


def _is_of_a_person(message: Message) -> bool:
    """Whether somebody did something: what a page does by itself says so."""
    try:
        sent = BackMsg.FromString(message.get("bytes") or b"")
    except ValueError:  # protobuf's DecodeError is one; Streamlit refuses what it cannot read
        return False
    return sent.HasField("rerun_script") and not sent.rerun_script.is_auto_rerun


def _sign_out(method: str, headers: Headers, address: str) -> Response:
    """Ends the person's sessions everywhere. Foreign pages have no say: only a POST that names our own origin."""
    if method != "POST":
        return PlainTextResponse("Method not allowed", status_code=405, headers={"allow": "POST"})
    if headers.get("origin") != own_origin():
        return PlainTextResponse("Forbidden", status_code=403)
    session_id = admitted(headers, address)
    if user := user_of(session_id) if session_id else None:
        end_all(user.email, Ending.SIGNED_OUT, from_address(user.email, address).origin)
    answer = RedirectResponse("/", status_code=303)
    for name in cookie_parser(headers.get("cookie", "")):
        if is_identity(name):
            answer.delete_cookie(name, httponly=True)
    return answer


def _page_of(referer: str) -> str:
    """The own page that somebody came to sign in from, empty for any other."""
    try:
        parts = urlsplit(referer)
    except ValueError:
        return ""
    page = parts.path + (f"?{parts.query}" if parts.query else "")
    return page if f"{parts.scheme}://{parts.netloc}" == own_origin() and _is_own(page) else ""


def _is_own(page: str) -> bool:
    """Whether a path stays on this server however a browser reads it."""
    plain = page.isascii() and page.isprintable() and "\\" not in page and len(page) <= _LONGEST_NEXT
    return plain and page.startswith("/") and not page.startswith(("//", "/auth/", CALLBACK)) and page != "/"


def _remembering(send: Send, page: str) -> Send:
    """Keeps the page for the ten minutes that a sign-in may take."""

    async def sender(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start" and message["status"] == 302 and page:
            value = f"{_NEXT}={quote(page, safe='')}; Max-Age=600; Path=/; HttpOnly; SameSite=Lax"
            MutableHeaders(scope=message).append("set-cookie", value)
        await send(message)

    return sender


def _arriving(send: Send, page: str) -> Send:
    """Leads on to the page, whether the sign-in went well or not: the page says what is missing."""

    async def sender(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start" and message["status"] == 302:
            headers = MutableHeaders(scope=message)
            if _is_own(page):
                headers["location"] = page
            headers.append("set-cookie", f"{_NEXT}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")
        await send(message)

    return sender
