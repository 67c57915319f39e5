"""The sandbox gateway: one callable from request to response, over a world in memory."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from services.clock import Clock, system_clock
from services.sandbox.api.bodies import call_of
from services.sandbox.api.charges import execute_due
from services.sandbox.api.envelope import No
from services.sandbox.api.routes import route
from services.sandbox.api.tiers import show_tier, world_of
from services.sandbox.api.tokens import Tokens
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Carry, Fault, Plan, fail
from services.sandbox.window.backstage import Backstage
from services.sandbox.window.later import Later
from services.sandbox.window.switches import STRICT, Switches
from services.sandbox.window.webhooks import Webhooks
from services.sandbox.window.window import Window, belongs_here
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row, Shelf
from services.sandbox.world.world import Event, SubStore, World

_JSON = "application/json; charset=UTF-8"


class Sandbox:
    """Answers as V1 does: httpx.MockTransport(sandbox), or over HTTP by server.py. Safe to share among threads."""

    def __init__(
        self,
        world: World,
        *,
        clock: Clock = system_clock,
        imp_key: str = IMP_KEY,
        imp_secret: str = IMP_SECRET,
        latency: float = 0.0,
        paged_schedules: bool = True,
        switches: Switches = STRICT,
        sub_stores: Mapping[str, SubStore] | None = None,
    ) -> None:
        """`latency` in seconds holds back every answer; without `paged_schedules` their list is a plain array.

        `sub_stores` by the code that a request's `Tier` names: without it a request is about `world` alone.
        """
        self.world = world
        self.sub_stores = dict(sub_stores or {})
        self.worlds = {"": world} | {tier: store.world for tier, store in self.sub_stores.items()}
        self.clock = clock
        self.latency = latency
        self.paged_schedules = paged_schedules
        self.switches = switches
        self.plans: list[Plan] = []
        self._tokens = Tokens(imp_key, imp_secret)
        self._lock = threading.RLock()
        self._later = Later()
        self.webhooks = Webhooks(self.worlds, lambda: self.switches, self._later)
        backstage = Backstage(
            self.worlds,
            self._lock,
            lambda: int(self.clock()),
            self.tick,
            lambda: self.switches,
            self.webhooks,
            self._later,
        )
        self._window = Window(backstage)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answers one request. Raises httpx.ReadTimeout where a fault loses the answer."""
        request.read()
        plan = self.plan_for(request)
        if wait := self.wait(plan):
            time.sleep(wait)
        return self.respond(request, plan)

    def plan_for(self, request: httpx.Request) -> Plan | None:
        """The planned fault that this request meets, counted; first planned, first met."""
        with self._lock:
            return next((plan for plan in self.plans if plan.takes(request)), None)

    def wait(self, plan: Plan | None) -> float:
        """For how many seconds an answer is held back; nobody else waits meanwhile."""
        return self.latency + (plan.seconds if plan else 0.0)

    def respond(self, request: httpx.Request, plan: Plan | None) -> httpx.Response:
        """Answers at once, as the plan says. Raises httpx.ReadTimeout."""
        if belongs_here(request):  # which holds the world by itself, and never while it asks or tells the shop
            return self._met(request, plan, lambda: self._window.answer(request))
        with self._changing():
            return self._met(request, plan, lambda: self._answer(request))

    @property
    def payments(self) -> Shelf:
        """imp_uid -> payment in V1's spelling; copies."""
        return self.world.payments

    def refund(self, imp_uid: str, amount: Money, reason: str, at: int | None = None) -> Row:
        """A refund made in the vendor's console."""
        with self._changing():
            row = self.world.refund(imp_uid, amount, reason, int(self.clock()) if at is None else at)
            self.world.events.append(Event.of_refund(row))
            return row

    def deposit(self, imp_uid: str) -> Row:
        """A buyer pays into a virtual account."""
        with self._changing():
            return self.world.deposit(imp_uid, int(self.clock()))

    def tick(self) -> None:
        """Does what is due by now: booked payments, late approvals."""
        with self._changing():
            self._catch_up(int(self.clock()))

    def add_payment(self, amount: Money, **fields: Any) -> Row:
        """A payment made elsewhere; `fields` are V1's, what is missing is made up: paid now."""
        with self._changing():
            now = int(self.clock())
            started = fields.pop("started_at", fields.get("paid_at") or now)
            if "status" not in fields:
                fields |= {"status": "paid", "paid_at": fields.get("paid_at", started)}
            row = self.world.add_payment(amount, started, **fields)
            if row["status"] == "paid":
                self.world.events.append(Event.of(row))
            return row

    def keep_time(self) -> None:
        """From now on does what is due without being asked anything, so that webhooks come by themselves."""
        self.tick()
        self._later.after(1, self.keep_time)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Holds the world; what the merchant is to be told of goes out when it is free again."""
        events: list[Event] = []
        try:
            with self._lock:
                try:
                    yield
                finally:
                    events = [event for world in self.worlds.values() for event in world.take_events()]
        finally:
            for event in events:
                self.webhooks.tell(event)

    def _met(self, request: httpx.Request, plan: Plan | None, carry: Carry) -> httpx.Response:
        if plan is None or plan.fault == Fault.SLOW:
            return carry()
        return fail(plan.fault, request, carry, self._tokens.expire)

    def _catch_up(self, now: int) -> None:
        for world in self.worlds.values():
            execute_due(world, now)
            world.approve_late(now)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answered = self._as_contracted(request)
        spoilt = {held: sent for world in self.worlds.values() for held, sent in world.spoilt.items()}
        if not spoilt:
            return answered
        content = answered.content
        for held, sent in spoilt.items():
            content = content.replace(held, sent)
        return httpx.Response(answered.status_code, content=content, headers={"content-type": _JSON})

    def _as_contracted(self, request: httpx.Request) -> httpx.Response:
        now = int(self.clock())
        self._catch_up(now)
        try:
            call = call_of(request, now)
            if call.path == ("users", "getToken") and call.method == "POST":
                return self._tokens.issue(call).response()
            self._tokens.check(request.headers.get("authorization", ""), now)
            if call.path[0] == "tiers":
                return show_tier(self.sub_stores, call).response()
            world = world_of(self.worlds, request.headers.get("tier", ""))
            return route(world, call, paged_schedules=self.paged_schedules, switches=self.switches).response()
        except No as no:
            return no.response()
