"""Middleware in front of everything: own hosts and origins only, short answers, headers that keep browsers strict."""

import ipaddress
import re
import secrets
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access import auth_configured
from dashboard.process.logs import place_of
from dashboard.process.resources import current_settings
from dashboard.process.sessions import admitted
from dashboard.routes.cookie import behind_tls, own_origin
from dashboard.routes.cookie_flags import incoming, outgoing
from dashboard.routes.paths import bare_path, client_of
from dashboard.settings import LOOPBACK

log = structlog.get_logger("jangbu")

_HOST = re.compile(r"(?P<name>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
# Everything comes from this server: buyers' text cannot make a browser fetch anything from elsewhere.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' {socket}; worker-src 'self' blob:; form-action 'self'; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_A_YEAR = "max-age=31536000"
# What Streamlit serves to anybody who knows the address.
_SIGNED_IN_ONLY = ("/media", "/_stcore/upload_file", "/export/")
_MACHINE_ONLY = ("/metrics", "/_stcore/metrics")
# For buyers and the gateway: no session stands behind them, and they may come by an address of their own.
PUBLIC = ("/pay/", "/webhook/", "/confirm/")
_FORWARDED = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


class Guard:
    """Refuses requests meant for, or sent from, another site (DNS rebinding, foreign pages)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        started: list[bool] = []
        with_auth = auth_configured()
        scope = incoming(scope, with_auth=with_auth)
        send = _with_headers(send, scope, with_auth, started)
        try:
            status = await refusal_of(scope, with_auth=with_auth)
            if status is None:
                return await self.app(scope, receive, send)
            return await _refuse(status, scope, receive, send)
        except Exception as error:
            code = secrets.token_hex(4)
            log.error("request failed", code=code, error=type(error).__name__, at=place_of(error))
            if not started:
                await _refuse(500, scope, receive, send, f"Something went wrong here: {code}")


async def refusal_of(scope: Scope, *, with_auth: bool) -> int | None:
    """The status with which a request is turned away, None for one that is answered."""
    headers, path = Headers(scope=scope), bare_path(scope)
    host = _host_of(headers)
    # A control sign in an address would reach the log as it is; words of a PG, which buyers bring back, have lines.
    said = b"" if path.startswith(PUBLIC) else unquote_to_bytes(scope["query_string"])
    if host is None or _CONTROL.search(said + scope["path"].encode()):
        return 400
    forwarded = any(name in _FORWARDED or name.startswith("x-forwarded") for name in headers.keys())
    if path.startswith(PUBLIC):
        return None if host in _public_hosts(with_auth=with_auth) else 403
    if forwarded and not with_auth:
        # Whoever comes through a proxy is not the one person at this machine.
        return 403
    if not (_own_host(host, path, with_auth=with_auth) and _own_origin(headers, with_auth=with_auth)):
        return 403
    if path.startswith(_MACHINE_ONLY) and (forwarded or not _from_this_machine(scope, host)):
        return 403
    if (
        with_auth
        and path.startswith(_SIGNED_IN_ONLY)
        and await run_in_threadpool(admitted, headers, client_of(scope)) is None
    ):
        return 403
    return None


def _host_of(headers: Headers) -> str | None:
    """The host that a request is for, without its port; None where that cannot be said."""
    found = headers.getlist("host")
    match = _HOST.fullmatch(found[0]) if len(found) == 1 else None
    return match["name"].strip("[]").lower() if match else None


def _own_host(host: str, path: str, *, with_auth: bool) -> bool:
    if not with_auth:
        return host in LOOPBACK | {current_settings().host}
    # Probes come by address, and so does what reads the metrics of this machine.
    by_address = path == "/healthz" or path.startswith(_MACHINE_ONLY)
    return host == urlsplit(own_origin()).hostname or (by_address and (host == "localhost" or _is_address(host)))


def _public_hosts(*, with_auth: bool) -> frozenset[str | None]:
    public = urlsplit(current_settings().public_url).hostname
    own = urlsplit(own_origin()).hostname if with_auth else None
    return (frozenset() if with_auth else LOOPBACK | {current_settings().host}) | ({public, own} - {None})


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _own_origin(headers: Headers, *, with_auth: bool) -> bool:
    found = headers.getlist("origin")
    own = own_origin() if with_auth else f"http://{headers.get('host', '')}"
    return all(one == own for one in found)


def _from_this_machine(scope: Scope, host: str) -> bool:
    client = scope.get("client")
    return client is not None and client[0] in LOOPBACK and host in LOOPBACK


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send, words: str = "") -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008 if status < 500 else 1011})
        return
    said = words or {400: "Bad request", 403: "Forbidden"}[status]
    await PlainTextResponse(said, status_code=status)(scope, receive, send)


def _with_headers(send: Send, scope: Scope, with_auth: bool, started: list[bool]) -> Send:
    async def sender(message: MutableMapping[str, Any]) -> None:
        if message["type"] in ("http.response.start", "websocket.accept", "websocket.close"):
            started.append(True)
        if message["type"] == "http.response.start":
            if with_auth:
                message["headers"] = outgoing(message.get("headers", ()))
            headers = MutableHeaders(scope=message)
            for name, value in {**_HEADERS, **_own_policy(scope, with_auth)}.items():
                headers.setdefault(name, value)
            if bare_path(scope).startswith(_SIGNED_IN_ONLY):
                headers["cache-control"] = "no-store"
        await send(message)

    return sender


def _own_policy(scope: Scope, with_auth: bool) -> dict[str, str]:
    tls = with_auth and behind_tls()
    host = urlsplit(own_origin()).netloc if with_auth else Headers(scope=scope).get("host", "")
    socket = f"{'wss' if tls else 'ws'}://{host}" if _HOST.fullmatch(host) else ""
    policy = {"content-security-policy": _POLICY.format(socket=socket)}
    return policy | ({"strict-transport-security": _A_YEAR} if tls else {})
