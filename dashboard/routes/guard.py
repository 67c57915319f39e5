"""Middleware in front of everything: own hosts and origins only, and headers that keep the browser strict."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access import auth_configured
from dashboard.resources import current_settings
from dashboard.routes.cookie import cookie_claims, own_origin

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# Everything comes from this server: buyers' text cannot make a browser fetch anything from elsewhere.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
# What Streamlit serves to anybody who knows the address.
_SIGNED_IN_ONLY = ("/media", "/_stcore/upload_file", "/export/")
_MACHINE_ONLY = ("/metrics", "/_stcore/metrics")


class Guard:
    """Refuses requests meant for, or sent from, another site (DNS rebinding, foreign pages)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if not is_allowed(scope):
            return await _refuse(scope, receive, send)
        return await self.app(scope, receive, _with_headers(send, scope["path"]))


def is_allowed(scope: Scope) -> bool:
    """Whether this server answers a request at all."""
    headers = Headers(scope=scope)
    if not (_own_host(headers) and _own_origin(headers)):
        return False
    path = scope["path"]
    if path.startswith(_MACHINE_ONLY) and not _from_this_machine(scope, headers):
        return False
    return not (auth_configured() and path.startswith(_SIGNED_IN_ONLY) and cookie_claims(headers) is None)


def _own_host(headers: Headers) -> bool:
    host = urlsplit("//" + headers.get("host", "")).hostname or ""
    if auth_configured():
        # Behind sign-in the proxy's health checks may come by address: only the signed cookie opens anything.
        return True
    return host in _LOOPBACK | {current_settings().host}


def _own_origin(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return True
    own = own_origin() if auth_configured() else f"http://{headers.get('host', '')}"
    return origin == own


def _from_this_machine(scope: Scope, headers: Headers) -> bool:
    client = scope.get("client")
    return client is not None and client[0] in _LOOPBACK and "x-forwarded-for" not in headers


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("Forbidden", status_code=403)(scope, receive, send)


def _with_headers(send: Send, path: str) -> Callable[[MutableMapping[str, Any]], Awaitable[None]]:
    async def sender(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if path.startswith(_SIGNED_IN_ONLY):
                headers["cache-control"] = "no-store"
        await send(message)

    return sender
