"""The pages as HTML: one template, everything in it escaped, headers of its own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from services.tables.checkouts import Checkout
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboard.locale import _, current_language
from dashboard.process.resources import current_settings
from dashboard.routes.pay.faces import Face
from dashboard.template import template
from dashboard.words import formats

_SDK = "https://cdn.iamport.kr/v1/iamport.js"
_VENDOR = "https://service.iamport.kr"
_PAGE = Path(__file__).with_name("page.html")
# No form-action: payment services post forms to the top window. No opener policy: it cuts their pop-ups off.
_POLICY = (
    "default-src 'none'; script-src 'self' {sdk}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' {vendor}; frame-src {vendor}; base-uri 'none'; frame-ancestors 'none'"
)


def sdk_url() -> str:
    """Where the script of the payment window is: the vendor's, or the sandbox's own."""
    settings = current_settings()
    return f"{settings.imp_api_url.rstrip('/')}/v1/iamport.js" if settings.is_sandbox else _SDK


def base_url(request: Request) -> str:
    """What stands before `/pay/`: the public address where one is set, else as the browser has it."""
    return current_settings().public_url.rstrip("/") or str(request.base_url).rstrip("/")


def page(
    request: Request,
    face: Face,
    checkout: Checkout | None = None,
    *,
    window: dict[str, Any] | None = None,
    verbatim: str = "",
    facts: Sequence[tuple[str, str]] = (),
    receipt: str = "",
    again: str = "",
) -> HTMLResponse:
    """One page. `window` is what the payment window is told; `verbatim` words of others, byte for byte."""
    settings = current_settings()
    html = template(_PAGE).render(
        face=face, language=current_language(), base=base_url(request), shop=settings.shop_name,
        contact=settings.shop_contact, sandbox=checkout is not None and checkout.sandbox,
        order=_order(checkout) if checkout else None, window=window, sdk=sdk_url(),
        verbatim=_exactly(verbatim), facts=facts, receipt=receipt, again=again,
        words={
            "test": _("Test: no money is moved."), "amount": _("Amount"), "receipt": _("Receipt"),
            "again": _("Try again"), "contact": _("Questions:"),
            "noscript": _("To pay, switch JavaScript on in your browser: the payment window needs it."),
            "blocked": _("The payment window could not be loaded: check your connection, and reload the page."),
        },
    )  # fmt: skip
    return HTMLResponse(html, face.status, _headers())


def _order(checkout: Checkout) -> dict[str, Any]:
    products = json.loads(checkout.request).get("naverProducts") or [{"name": checkout.name, "count": 1}]
    amount = formats.money_to_buyer(checkout.amount, checkout.currency) if checkout.amount else ""
    return {"products": products, "amount": amount}


def _exactly(words: str) -> Markup:
    """Escaped, and with its carriage returns, which HTML would make line feeds of."""
    return Markup(str(escape(words)).replace("\r", "&#13;"))  # noqa: S704 - all else is escaped


def _headers() -> dict[str, str]:
    parts = urlsplit(sdk_url())
    sdk = f"{parts.scheme}://{parts.netloc}"
    vendor = sdk if current_settings().is_sandbox else _VENDOR
    return {
        "content-security-policy": _POLICY.format(sdk=sdk, vendor=vendor),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
        "cross-origin-opener-policy": "unsafe-none",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
    }
