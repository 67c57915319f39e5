"""The payment window over HTTP: the SDK, what it asks for, and the window's pages."""

from pathlib import Path

import httpx

from services.sandbox.api.bodies import Call, call_of
from services.sandbox.api.envelope import No
from services.sandbox.window import answers, pages
from services.sandbox.window.asked import Asked, Stopped, asked_of, is_address, returning
from services.sandbox.window.attempts import Attempt, begin
from services.sandbox.window.backstage import Backstage
from services.sandbox.window.buttons import Buttons, press_of
from services.sandbox.window.checks import check
from services.sandbox.world.shelf import Row, encode

_SDK = (Path(__file__).parent / "iamport.js").read_bytes()
_ANY_SHOP = {"access-control-allow-origin": "*", "access-control-allow-headers": "content-type"}


def belongs_here(request: httpx.Request) -> bool:
    """Whether a request is the window's, and not V1's."""
    path = request.url.path
    return path in ("/v1/iamport.js", "/window") or path.startswith(("/window/", "/js/iamport.payment-"))


class Window:
    """All windows that were opened since the sandbox began."""

    def __init__(self, backstage: Backstage) -> None:
        self._back = backstage
        self._buttons = Buttons(backstage)
        self._attempts: dict[str, Attempt] = {}

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answers a request that belongs here."""
        try:
            call = call_of(request, self._back.now())
            match call.method, call.path:
                case "GET", ("v1" | "js", _):
                    headers = {"content-type": "text/javascript; charset=utf-8", "cache-control": "no-store"}
                    return httpx.Response(200, content=_SDK, headers=headers)
                case "OPTIONS", ("window",):
                    return httpx.Response(204, headers=_ANY_SHOP)
                case "POST", ("window",):
                    return self._request_pay(call, request.headers.get("origin"))
                case "GET", ("window", imp_uid):
                    return self._show(imp_uid)
                case "POST", ("window", imp_uid):
                    return self._press(call, imp_uid)
        except No as no:
            return no.response()
        return pages.closed(404)

    def _request_pay(self, call: Call, origin: str | None) -> httpx.Response:
        try:
            asked = asked_of(call.body, origin)
        except Stopped as stop:
            return _json({"answer": {"imp_uid": None, "error_code": stop.code, "error_msg": stop.words}, "to": None})
        try:
            attempt = self._begin(asked, call.now)
        except Stopped as stop:
            told, to = answers.stopped(asked, stop, self._back.switches()), asked.text("m_redirect_url")
            back = returning(to, answers.for_address(told)) if not asked.callback and is_address(to) else None
            return _json({"answer": told, "to": back})
        closed = answers.interrupted(attempt, self._back.switches())
        return _json({"window": attempt.address, "popup": attempt.wanted.popup, "closed": closed})

    def _begin(self, asked: Asked, now: int) -> Attempt:
        with self._back.held:
            world = self._back.world(asked)
            wanted = check(world, asked, self._back.switches(), now)
            attempt = begin(world, asked, wanted, now)
            self._attempts[attempt.imp_uid] = attempt
            return attempt

    def _show(self, imp_uid: str) -> httpx.Response:
        attempt = self._attempts.get(imp_uid)
        if attempt is None or not attempt.open:
            return pages.closed(404 if attempt is None else 410)
        with self._back.held:
            row = self._back.world(attempt.asked).payments[imp_uid]
        return pages.window(attempt, row, self._back.switches().webhook)

    def _press(self, call: Call, imp_uid: str) -> httpx.Response:
        press = press_of(call, self._back.switches().webhook)
        with self._back.held:
            attempt = self._attempts.get(imp_uid)
            if attempt is None or not attempt.open or press.act not in attempt.acts:
                return pages.closed(404 if attempt is None else 409)
            attempt.open = False
        self._back.webhooks.choices[imp_uid] = press.webhook
        return self._buttons.carry_out(attempt, press)


def _json(found: Row) -> httpx.Response:
    return httpx.Response(200, content=encode(found), headers={"content-type": "application/json", **_ANY_SHOP})
