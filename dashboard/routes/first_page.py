"""Middleware around Streamlit's one HTML page: its language, name and sign, and the layout from the first paint on."""

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.icon import ICON
from dashboard.locale import language_for
from dashboard.routes.guard import PUBLIC
from dashboard.routes.paths import bare_path

_STYLE = f"<style>{Path(__file__).with_suffix('.css').read_text(encoding='utf-8')}</style></head>".encode()


class FirstPage:
    """Tells the browser the person's language, and how pages are laid out, so that nothing jumps."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope) if scope["type"] == "http" else None
        if asked is None or "text/html" not in asked.get("accept", "") or bare_path(scope).startswith(PUBLIC):
            return await self.app(scope, receive, send)
        # It is small, and would come packed.
        plain = {**scope, "headers": [one for one in scope["headers"] if one[0] != b"accept-encoding"]}
        language = language_for(cookie_parser(asked.get("cookie", "")), asked.get("accept-language"))
        return await self.app(plain, receive, _told_in(send, language))


def _told_in(send: Send, language: str) -> Send:
    """What is no HTML passes as it is."""
    begun: list[Message] = []
    body = bytearray()

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            begun.append(message)
        elif not begun:
            await send(message)
        else:
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                page = _told(bytes(body), language)
                headers = MutableHeaders(scope=begun[0])
                headers["content-length"] = str(len(page))
                # The file's own marks say nothing of a page that has another language for another browser.
                del headers["etag"], headers["last-modified"]
                headers.add_vary_header("accept-language, cookie")
                await send(begun[0])
                await send({"type": "http.response.body", "body": page})

    return sender


def _is_html(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def _told(page: bytes, language: str) -> bytes:
    told = page.replace(b'<html lang="en">', f'<html lang="{language}">'.encode(), 1)
    told = told.replace(b"<title>Streamlit</title>", b"<title>Jangbu</title>", 1)
    told = told.replace(b'href="./favicon.png"', f'href="{ICON}"'.encode(), 1)
    return told.replace(b"</head>", _STYLE, 1)
