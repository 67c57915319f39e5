"""For tests of operator actions: one executor before a small merchant, and faults at the requests that are named."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import stamina
from sqlalchemy import Engine

from services.gateway import Gateway
from services.mirror.keep import keep_schedules, read_again
from services.operations import held
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.sandbox.api.charges import execute_due
from services.sandbox.credentials import IMP_KEY, IMP_SECRET, PG_API_KEY
from services.store.engine import reading
from services.store.lists.one import get_schedule
from services.tables.journal import Operation
from services.tables.v1 import BillingKey, Payment, Schedule
from tests.worlds.operations.gate import (
    Gate,
    Times,
    Watched,
    changes_something,
    put_booking,
    schedule_of,
    small_world,
)

SUPPORT, FINANCE, MANAGER, STRANGER = (
    Actor(f"{name}@shop.example", "screen") for name in ("support", "finance", "manager", "stranger")
)


class Died(BaseException):
    """The process ends here, and what it held is gone."""


@dataclass
class Desk:
    """Asks, carries out and moves the clock. `faults` by the index of the request, counted from 0."""

    engine: Engine
    faults: dict[int, str] = field(default_factory=dict)
    call_faults: list[str] = field(default_factory=list)
    """What happens to the next calls that change something, one after another."""
    requests: int = 0

    def __post_init__(self) -> None:
        self.times = Times()
        self.gate = Gate(small_world(self.times), self.times, self.engine)
        self.sandbox = self.gate.sandbox
        self.executor = self.new_executor("elsewhere:1:1")
        self.bodies: list[bytes] = []
        self.queries: list[dict[str, str]] = []
        """What the calls that change something carried in their addresses."""
        self._dies: tuple[int, bool] | None = None

    def new_executor(self, name: str) -> Watched:
        """Another executor on the same journal."""
        transport = httpx.MockTransport(self._answer)
        gateway = Gateway(
            "http://gate", IMP_KEY, IMP_SECRET, transport=transport, clock=self.times.ours, pg_api_key=PG_API_KEY
        )
        return Watched(self.engine, gateway, self.permits, clock=self.times.ours, name=name, pause=self.wait)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        fault = self.faults.get(self.requests)
        self.requests += 1
        calls = changes_something(request)
        if calls:
            self.bodies.append(request.content)
            self.queries.append(dict(request.url.params))
            fault = self.call_faults.pop(0) if self.call_faults else fault
        if self._dies == (self.requests, False):
            raise Died
        answer = self.gate.answer(request, self.executor.calling if calls else None, fault)
        if self._dies == (self.requests, True):
            raise Died
        return answer

    def die_at(self, index: int, *, after: bool) -> None:
        """Carries out until the process ends at the request `index` from now on, before it is answered or after."""
        self._dies = self.requests + index + 1, after
        with suppress(Died):
            self.run()
        self._dies = None

    def taken_over(self, number: int) -> Operation:
        """The operation after another process, which holds nothing, went on for 18 minutes."""
        held.forget(self.get(number).token)
        self.executor = self.new_executor("elsewhere:2:2")
        for seconds, step in ((20, 5), (1_080, 60)):
            self.run(seconds, every=step)
        return self.get(number)

    def permits(self, operation: Operation) -> bool:
        """Everybody but the stranger."""
        return operation.asked_by != STRANGER.name

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.times.at += seconds
        self.gate.carry_out_late()

    def later(self, seconds: float = 7_200) -> int:
        """A time to come, as a form asks for it."""
        return int(self.times.at + seconds)

    def payment(self, imp_uid: str = "imp_0", **more: Any) -> Payment:
        """A payment as the mirror has it."""
        row = self.sandbox.payments[imp_uid]
        names = ("imp_uid", "merchant_uid", "currency", "pg_provider", "pay_method", "status")
        fields = {name: row[name] for name in names}
        cents = 100 if row["currency"] == "USD" else 1
        amounts = {name: int(row[name] * cents) for name in ("amount", "cancel_amount")}
        own = {name: row[name] for name in ("vbank_num", "vbank_date", "name") if row[name]}
        return Payment(**(fields | amounts | own | more))

    def refund(
        self, amount: int = 4_000, *, who: Actor = SUPPORT, token: str = "t", imp_uid: str = "imp_0", **more: Any
    ) -> int:
        """Somebody asks for a refund of what they were shown; its id."""
        payment, approval = self.payment(imp_uid), more.pop("approval_from", None)
        alone = more.pop("alone", 0)
        given = {"balance": payment.amount - payment.cancel_amount, "reason": "단순 변심", "requester": "customer"}
        form = RefundForm(amount=amount, **(given | more))
        asked = wanted_refund(token, payment, form, approval_from=approval, alone=alone)
        return journal.record(self.engine, asked, who, self.times.ours()).id

    def charge(self, amount: int = 9_900, *, key: str = "key0", token: str = "t", who: Actor = SUPPORT) -> int:
        """Somebody asks for a charge; its id."""
        form, of_key = ChargeForm(amount=amount, name="구독"), BillingKey(customer_uid=key, pg_provider="html5_inicis")
        asked = wanted_charge(token, of_key, form, minimum=100, now=self.times.ours())
        return journal.record(self.engine, asked, who, self.times.ours()).id

    def booked(self, order: str = "order0", *, key: str = "key0", after: float = 3_600, **more: Any) -> Schedule:
        """A payment that stands booked at the gateway, as somebody sees it."""
        put_booking(self.sandbox, order, key, self.times.at + after, **more)
        return schedule_of(self.sandbox.world, order)

    def mirrored(self, *orders: str) -> None:
        """Those payments are in the mirror as they stand at the gateway."""
        rows = [self.executor.gateway.schedule(order) for order in orders]
        keep_schedules(self.engine, rows, as_of=self.executor.gateway.asked_at())

    def keep(self, imp_uid: str) -> None:
        """That payment is in the mirror as it stands at the gateway."""
        read_again(self.executor.gateway, self.engine, imp_uid)

    def ended(self, order: str = "order0", *, key: str = "key1", after: float = 60) -> Schedule:
        """A booked payment that has run since; the last key's fail."""
        self.booked(order, key=key, after=after)
        self.wait(after)
        execute_due(self.sandbox.world, int(self.times.at))
        return schedule_of(self.sandbox.world, order)

    def ask(self, wanted: Wanted, who: Actor = SUPPORT) -> int:
        """Somebody asks for it; its id."""
        return journal.record(self.engine, wanted, who, self.times.ours()).id

    def why_not(self, wanted: Wanted, who: Actor = SUPPORT) -> tuple[str | None, int]:
        """Somebody asks for it and its turn comes: why it is refused, and how often the gateway was called."""
        number = self.ask(wanted, who)
        self.run()
        return self.get(number).why, self.gate.posts

    def kept(self, order: str = "order0") -> Schedule | None:
        """What the mirror says of a schedule."""
        with reading(self.engine) as conn:
            return get_schedule(conn, order)

    def get(self, number: int) -> Operation:
        with reading(self.engine) as conn:
            return journal.get(conn, number)

    def run(self, seconds: float = 0, *, every: float = 2) -> None:
        """Turns of the executor while time passes."""
        until = self.times.at + seconds
        with stamina.set_testing(True, attempts=2):
            self.executor.turn()
            while self.times.at < until:
                self.wait(every)
                self.executor.turn()

    def made(self, number: int) -> list[str]:
        """What an operation did at the gateway."""
        return self.gate.done[number].ids if number in self.gate.done else []
