"""The payment window over HTTP: the SDK, what it asks for, the pages, and what their buttons do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx

from services.sandbox.api.bodies import Call, call_of, money, whole
from services.sandbox.api.envelope import No
from services.sandbox.window import answers, outcomes, pages
from services.sandbox.window.asked import Stopped, asked_of, is_address, returning
from services.sandbox.window.attempts import Act, Attempt, begin
from services.sandbox.window.checks import check
from services.sandbox.window.confirm import asks, objection
from services.sandbox.window.later import Later
from services.sandbox.window.switches import Switches, Webhook
from services.sandbox.window.webhooks import Webhooks
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row, encode
from services.sandbox.world.world import Event, World

_SDK = (Path(__file__).parent / "iamport.js").read_bytes()
_ANY_SHOP = {"access-control-allow-origin": "*", "access-control-allow-headers": "content-type"}
_STOPPED_BY_SHOP = "CONFIRM_REFUSED"


def belongs_here(request: httpx.Request) -> bool:
    """Whether a request is the window's, and not V1's."""
    path = request.url.path
    return path in ("/v1/iamport.js", "/window") or path.startswith(("/window/", "/js/iamport.payment-"))


class Window:
    """Holds the world only for moments: never while a shop is asked or told."""

    def __init__(
        self,
        world: World,
        held: AbstractContextManager[Any],
        now: Callable[[], int],
        tick: Callable[[], None],
        switches: Switches,
        webhooks: Webhooks,
        later: Later,
    ) -> None:
        self._world, self._held, self._now, self._tick = world, held, now, tick
        self._switches, self._webhooks, self._later = switches, webhooks, later
        self._attempts: dict[str, Attempt] = {}

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answers a request that belongs here."""
        try:
            call = call_of(request, self._now())
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
                    return self._act(call, imp_uid)
        except No as no:
            return no.response()
        return pages.closed(404)

    def _request_pay(self, call: Call, origin: str | None) -> httpx.Response:
        try:
            asked = asked_of(call.body, origin)
        except Stopped as stop:
            return _json({"answer": {"imp_uid": None, "error_code": stop.code, "error_msg": stop.words}, "to": None})
        try:
            with self._held:
                wanted = check(self._world, asked, self._switches, call.now)
                attempt = begin(self._world, asked, wanted, call.now)
                self._attempts[attempt.imp_uid] = attempt
        except Stopped as stop:
            told, to = answers.stopped(asked, stop, self._switches), asked.text("m_redirect_url")
            back = returning(to, answers.for_address(told)) if not asked.callback and is_address(to) else None
            return _json({"answer": told, "to": back})
        closed = answers.interrupted(attempt, self._switches)
        return _json({"window": _address(attempt), "popup": wanted.popup, "closed": closed})

    def _show(self, imp_uid: str) -> httpx.Response:
        attempt = self._attempts.get(imp_uid)
        if attempt is None or not attempt.open:
            return pages.closed(404 if attempt is None else 410)
        with self._held:
            row = self._world.payments[imp_uid]
        return pages.window(attempt, row, self._switches.webhook)

    def _act(self, call: Call, imp_uid: str) -> httpx.Response:
        act, amount, seconds = _chosen(call)
        webhook = _webhook(call, self._switches.webhook)
        with self._held:
            attempt = self._attempts.get(imp_uid)
            if attempt is None or not attempt.open or act not in attempt.acts:
                return pages.closed(404 if attempt is None else 409)
            attempt.open = False
            self._webhooks.choices[imp_uid] = webhook
            row = self._world.payments[imp_uid]
        if amount is not None:
            row["amount"] = amount
        words = self._objection(attempt, row) if act not in (Act.CANCEL, Act.FAIL) else None
        if words is not None:
            return self._failed(attempt, _STOPPED_BY_SHOP, words)
        match act:
            case Act.CANCEL:
                told = answers.interrupted(attempt, self._switches)
                return self._failed(attempt, told["error_code"], told["error_msg"])
            case Act.FAIL:
                return self._failed(attempt, str(call.body.get("code") or ""), str(call.body.get("words") or ""))
            case Act.LATE:
                return self._late(attempt, seconds, failed_first=call.body.get("first") != "ready")
        return self._approved(attempt, act, amount)

    def _objection(self, attempt: Attempt, row: Row) -> str | None:
        url = attempt.asked.text("confirm_url") or self._switches.confirm_url
        return objection(url, row, self._switches.confirm_seconds) if url and asks(row) else None

    def _failed(self, attempt: Attempt, code: str, words: str) -> httpx.Response:
        with self._held:
            outcomes.fail(self._world, attempt, self._now(), words)
        return self._back(attempt, [answers.failed(attempt, code, words, self._switches)])

    def _late(self, attempt: Attempt, seconds: int, *, failed_first: bool) -> httpx.Response:
        with self._held:
            row = outcomes.approve_later(self._world, attempt, self._now(), seconds, failed_first=failed_first)
        self._later.after(seconds + 0.1, self._tick)
        if row["vbank_num"]:
            self._webhooks.tell(Event.of(row), browser_waits=True)
        if failed_first:
            return self._back(attempt, [answers.failed(attempt, pages.FAIL_CODE, outcomes.LATE_WORDS, self._switches)])
        return self._back(attempt, [answers.approved(attempt, row, self._switches)])

    def _approved(self, attempt: Attempt, act: Act, amount: Money | None) -> httpx.Response:
        with self._held:
            row = outcomes.approve(self._world, attempt, self._now(), amount if act == Act.OTHER_AMOUNT else None)
        if attempt.takes_money or self._switches.registration_webhook or row["pg_provider"] == "tosspay_v2":
            self._webhooks.tell(Event.of(row), browser_waits=True)
        told = answers.approved(attempt, row, self._switches)
        if act == Act.SILENT:
            return pages.silent()
        if act == Act.NO_IMP_UID:
            del told["imp_uid"]
        return self._back(attempt, [told, told] if act == Act.TWICE else [told])

    def _back(self, attempt: Attempt, told: list[Row]) -> httpx.Response:
        """To the shop: by its page's callback, or by its address."""
        own = attempt.asked.text("m_redirect_url")
        to = returning(own, answers.for_address(told[0])) if own else None
        if attempt.wanted.popup or to is None:
            return pages.to_opener(_address(attempt), attempt.asked.origin, told, to)
        return pages.returned_twice(to) if len(told) > 1 else httpx.Response(303, headers={"location": to})


def _chosen(call: Call) -> tuple[Act, Money | None, int]:
    """The button, and what was typed for it. Raises No."""
    try:
        act = Act(call.text("act"))
    except ValueError:
        raise No(400, "act 값이 올바르지 않습니다.") from None
    amount = money(call.text("amount"), "amount") if act == Act.OTHER_AMOUNT else None
    return act, amount, whole(call.text("seconds"), "seconds") if act == Act.LATE else 0


def _webhook(call: Call, usual: Webhook) -> Webhook:
    try:
        return Webhook(call.body.get("webhook") or usual)
    except ValueError:
        raise No(400, "webhook 값이 올바르지 않습니다.") from None


def _address(attempt: Attempt) -> str:
    return f"/window/{attempt.imp_uid}"


def _json(found: Row) -> httpx.Response:
    return httpx.Response(200, content=encode(found), headers={"content-type": "application/json", **_ANY_SHOP})
