"""Middleware around Streamlit's one HTML page: its language, its name, and the layout that holds from the first run."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.locale import language_of

_LINES = ".stApp :is(.st-key-tabs, .st-key-strip, .st-key-filter_bar, .st-key-chips, [class*=_tiles], .st-key-totals)"
# Streamlit's own rules come later: each of these names one thing more.
# On a phone the head of a list takes a line each for title, filters, tiles and sums, which are drawn along sideways.
_PHONE = (
    "@media (max-width: 640px) { "
    ".stApp .stMainBlockContainer { padding-top: 3.5rem; } .stMainBlockContainer > .stVerticalBlock { gap: .5rem; } "
    ".stApp .st-key-head { flex-direction: column; align-items: stretch; gap: 0; } "
    ".stApp .st-key-head > * { flex: none; } "
    ".stApp .st-key-head h1 { padding: 0; } "
    f"{_LINES} {{ flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; }} {_LINES} > * {{ flex-shrink: 0; }} "
    f"{_LINES} p {{ white-space: nowrap; }} }} "
)
# Until the menu has come, and is drawn, what stands for the page would be where the menu will be, and jump.
_CALM = (
    ".stApp:not(:has([data-testid=stSidebar])):not([data-test-script-state=notRunning]) :has(> .stMain) "
    "{ visibility: hidden; } :has(> .stMain), [data-testid=stSidebarUserContent] { transition: visibility 0s .2s; } "
    "[data-testid=stSidebar]:not(:has([data-testid=stSidebarNav])) [data-testid=stSidebarUserContent] "
    "{ visibility: hidden; } "
)
_WIDE = "@media (min-width: 641px) { .stApp .stMainBlockContainer { padding-inline: 2.5rem; } } "
_STYLE = f"<style>{_CALM}{_WIDE}{_PHONE}</style></head>"


class FirstPage:
    """Tells the browser the person's language, and how pages are laid out, so that nothing jumps."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope) if scope["type"] == "http" else None
        if asked is None or "text/html" not in asked.get("accept", ""):
            return await self.app(scope, receive, send)
        # It is small, and would come packed.
        plain = {**scope, "headers": [one for one in scope["headers"] if one[0] != b"accept-encoding"]}
        return await self.app(plain, receive, _told_in(send, language_of(asked.get("accept-language"))))


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
                headers.add_vary_header("accept-language")
                await send(begun[0])
                await send({"type": "http.response.body", "body": page})

    return sender


def _is_html(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def _told(page: bytes, language: str) -> bytes:
    told = page.replace(b'<html lang="en">', f'<html lang="{language}">'.encode(), 1)
    told = told.replace(b"<title>Streamlit</title>", b"<title>Jangbu</title>", 1)
    return told.replace(b"</head>", _STYLE.encode(), 1)
