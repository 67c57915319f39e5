"""The sandbox gateway: one callable from request to response, over a world in memory."""

import threading
import time
from collections.abc import Callable
from urllib.parse import unquote

import httpx

from services.clock import Clock, system_clock
from services.sandbox import cancel, charges, keys, payments, schedules
from services.sandbox.codes import BANKS, CARDS
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.envelope import No, answer, body_of, refusal
from services.sandbox.faults import Plan, fail
from services.sandbox.rows import refund_row
from services.sandbox.tokens import Tokens
from services.sandbox.world import World

Handler = Callable[..., httpx.Response]


class Sandbox:
    """Answers as V1 does; use it as httpx.MockTransport(sandbox), or serve it (server.py)."""

    def __init__(
        self,
        world: World,
        *,
        clock: Clock = system_clock,
        imp_key: str = IMP_KEY,
        imp_secret: str = IMP_SECRET,
        latency: float = 0.0,
        paged_schedules: bool = True,
    ) -> None:
        self.world = world
        self.clock = clock
        self.latency = latency
        self.plans: list[Plan] = []
        self._tokens = Tokens(imp_key, imp_secret)
        self._paged_schedules = paged_schedules
        self._lock = threading.RLock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.latency:
            time.sleep(self.latency)
        request.read()
        with self._lock:
            plan = next((plan for plan in self.plans if plan.takes(request)), None)
            if plan:
                return fail(plan.fault, request, lambda: self._answer(request))
            return self._answer(request)

    def refund(self, imp_uid: str, amount: int, reason: str, at: int | None = None) -> None:
        """A refund made in the vendor's console."""
        with self._lock:
            row = self.world.payments[imp_uid]
            when = int(self.clock()) if at is None else at
            self.world.put_payment(refund_row(row, amount, reason, when, len(row["cancel_history"]) + 1))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        now = int(self.clock())
        try:
            path = [unquote(part) for part in request.url.raw_path.decode().partition("?")[0].strip("/").split("/")]
            if path == ["users", "getToken"]:
                return answer(self._tokens.issue(body_of(request), now))
            self._tokens.check(request.headers.get("authorization", ""), now)
            charges.execute_due(self.world, now)
            return self._route(request, path, now)
        except No as no:
            return refusal(no)

    def _route(self, request: httpx.Request, path: list[str], now: int) -> httpx.Response:
        match path:
            case ["payments", *rest]:
                return self._payments(request, rest, now)
            case ["subscribe", "customers", *rest]:
                return self._customers(request, rest)
            case ["subscribe", "payments", "again"]:
                return charges.again(self.world, request, now)
            case ["subscribe", "payments", "unschedule"]:
                return schedules.unschedule(self.world, request, now)
            case ["subscribe", "payments", "schedule", *rest]:
                return self._schedules(request, rest, now)
            case ["users", "pg"]:
                return answer(self.world.channels)
            case ["banks" | "cards" as kind, *code]:
                return _codes(BANKS if kind == "banks" else CARDS, code)
        raise No(404, "존재하지 않는 경로입니다.")

    def _payments(self, request: httpx.Request, rest: list[str], now: int) -> httpx.Response:
        match request.method, rest:
            case "POST", ["cancel"]:
                return cancel.cancel(self.world, request, now)
            case _, ["prepare", *order]:
                return payments.prepare(self.world, request, *order)
            case "GET", []:
                return payments.several(self.world, request)
            case "GET", ["status", status]:
                return payments.by_status(self.world, request, status, now)
            case "GET", ["find", *order]:
                return payments.find(self.world, *order)
            case "GET", ["findAll", *order]:
                return payments.find_all(self.world, request, *order)
            case "GET", [imp_uid, "balance"]:
                return payments.balance(self.world, imp_uid)
            case "GET", [imp_uid]:
                return payments.one(self.world, request, imp_uid)
        raise No(404, "존재하지 않는 경로입니다.")

    def _customers(self, request: httpx.Request, rest: list[str]) -> httpx.Response:
        match request.method, rest:
            case "GET", []:
                return keys.several(self.world, request)
            case "GET", [uid]:
                return keys.one(self.world, uid)
            case "DELETE", [uid]:
                return keys.delete(self.world, request, uid)
            case "GET", [uid, "payments"]:
                return keys.payments(self.world, request, uid)
            case "GET", [uid, "schedules"]:
                return schedules.of_customer(self.world, request, uid)
        raise No(404, "존재하지 않는 경로입니다.")

    def _schedules(self, request: httpx.Request, rest: list[str], now: int) -> httpx.Response:
        match request.method, rest:
            case "GET", []:
                return schedules.listed(self.world, request, paged=self._paged_schedules)
            case "POST", []:
                return schedules.book(self.world, request, now)
            case "GET", ["customers", uid]:
                return schedules.of_customer(self.world, request, uid)
            case "GET", [order]:
                return schedules.one(self.world, order)
            case "PUT", [order]:
                return schedules.move(self.world, request, order, now)
            case "POST", [order, "reschedule"]:
                return schedules.reschedule(self.world, request, order, now)
            case "POST", [order, "retry"]:
                return schedules.retry(self.world, order, now)
        raise No(404, "존재하지 않는 경로입니다.")


def _codes(table: dict[str, str], code: list[str]) -> httpx.Response:
    if not code:
        return answer([{"code": one, "name": name} for one, name in table.items()])
    if code[0] not in table:
        raise No(404, "존재하지 않는 코드입니다.")
    return answer({"code": code[0], "name": table[code[0]]})
