"""Cookies on their way: behind TLS each is Secure, and the identity's bears `__Host-`, which no neighbour can set."""

from collections.abc import Iterable

from starlette.types import Scope
from streamlit.web.server.server_util import TOKENS_COOKIE_NAME

from dashboard.options import SESSION_HEADER
from dashboard.routes.cookie import PREFIX, behind_tls, is_identity

Raw = tuple[bytes, bytes]


def incoming(scope: Scope, *, with_auth: bool) -> Scope:
    """A request as Streamlit may see it: no session but ours, no identity but one that this server set."""
    headers = [(name, value) for name, value in scope["headers"] if name != SESSION_HEADER.encode()]
    if with_auth and behind_tls():
        headers = [(name, _own(value) if name == b"cookie" else value) for name, value in headers]
    return {**scope, "headers": headers}


def _own(header: bytes) -> bytes:
    pairs = [pair.strip() for pair in header.decode("latin-1").split(";")]
    kept = [pair.removeprefix(PREFIX) for pair in pairs if not is_identity(pair)]
    return "; ".join(kept).encode("latin-1")


def outgoing(headers: Iterable[Raw]) -> list[Raw]:
    """An answer's headers with flagged cookies; the provider's tokens are of no use in a browser and stay here."""
    found = []
    for name, value in headers:
        if name.lower() != b"set-cookie":
            found.append((name, value))
        elif not _is_token(value):
            found.append((name, _flagged(value) if behind_tls() else value))
    return found


def _is_token(cookie: bytes) -> bool:
    return cookie.startswith(TOKENS_COOKIE_NAME.encode()) and b"Max-Age=0" not in cookie


def _flagged(cookie: bytes) -> bytes:
    pair, *attributes = cookie.decode("latin-1").split("; ")
    kept = [one for one in attributes if one.lower() != "secure"]
    if is_identity(pair):
        pair = PREFIX + pair
        kept = [one for one in kept if not one.lower().startswith(("path=", "domain="))] + ["Path=/"]
    return "; ".join([pair, *kept, "Secure"]).encode("latin-1")
