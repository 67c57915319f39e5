"""For tests of operations: a gateway with two clocks, faults at any request, and a note of what each call did."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine, text

from services.operations.actions.by_kind import Action
from services.operations.actions.kcp import quick_members
from services.operations.executor import Executor
from services.operations.journal.attempts import LEASE
from services.operations.journal.terms import FILE_LIVES, INTENT_LIVES
from services.operations.outcomes import Outcome
from services.sandbox.api.bodies import call_of
from services.sandbox.api.charges import execute_due
from services.sandbox.api.envelope import No
from services.sandbox.api.routes import route
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.rows import Money, schedule_row
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World
from services.store.engine import reading
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Schedule
from tests.worlds.operations.waiting import WAITING_FOR_MONEY, waiting_made
from tests.worlds.sandboxes import DAY, UNTIL

REFUSAL = "refusal"
"""Nothing is done: HTTP 200 with a code, and words that pass over."""
UNREACHED = "unreached"
"""The connection is not made."""
LATE = "late"
"""No answer comes, and the gateway carries it out some minutes after."""
FAULTS: tuple[str, ...] = (*Fault, REFUSAL, UNREACHED)
WORDS = "[PG점검] 잠시 후 다시 시도해 주세요. (E0042)"
LATEST = 540
_OF_PEOPLE = (
    OperationKind.DELETE_IDENTITY,
    OperationKind.REQUEST_OTP,
    OperationKind.CONFIRM_OTP,
    OperationKind.DELETE_QUICK_MEMBER,
)
_MINUTE = 60
_PARCELS = (
    OperationKind.ENTER_DELIVERY,
    OperationKind.CHANGE_DELIVERY,
    OperationKind.PAYCO_STATUS,
    OperationKind.PAYMENTWALL_DELIVERY,
)


@dataclass
class Times:
    """What the gateway's clock says, and how far from it ours stands."""

    at: float = UNTIL
    off: float = 0.0

    def theirs(self) -> float:
        return self.at

    def ours(self) -> float:
        return self.at + self.off


@dataclass
class Done:
    """What one operation did at the gateway."""

    ids: list[str] = field(default_factory=list)
    """Cancellations made, or payments that were paid, in its name."""
    sent_at: float = 0.0
    """The gateway's time of its latest call."""


class Watched(Executor):
    """An executor that says which operation it is calling for."""

    calling: Operation | None = None

    def _called(self, action: Action, operation: Operation) -> tuple[Outcome | None, str | None]:
        self.calling = operation
        return super()._called(action, operation)


def small_world(times: Times, *, payments: int = 3, keys: int = 2, skew: int = 0) -> Sandbox:
    """A merchant with a few payments and billing keys; the last key's charges fail."""
    world = Giving(channels=channel_rows(), chance=random.Random(1))
    world.skew = skew
    sandbox = Sandbox(world, clock=times.theirs)
    for number in range(payments):
        own: dict[str, Any] = {"pg_provider": "naverpay", "pay_method": "naverpay", "paid_at": int(times.at) - DAY}
        sandbox.add_payment(10_000, imp_uid=f"imp_{number}", **own)
    for number in range(keys):
        key = {"customer_uid": f"key{number}", "pg_provider": "html5_inicis", "pg_id": "shop", "inserted": 1}
        world.billing_keys[f"key{number}"] = key | {"updated": 1, "sandbox": False}
    world.broken_keys[f"key{keys - 1}"] = "[한도초과] 카드 이용한도를 초과하였습니다."
    return sandbox


def put_booking(sandbox: Sandbox, order: str, key: str, at: float, **more: Any) -> None:
    """A payment that stands booked at the gateway."""
    own = {"name": "구독", "pg_provider": "html5_inicis"} | more
    sandbox.world.put_schedule(schedule_row(key, order, int(at), 9_900, **own))


def schedule_of(world: World, order: str) -> Schedule:
    """A schedule as a mirror has it that is up to date."""
    row = world.schedules[order]
    return Schedule(**{name: row[name] for name in Schedule.model_fields if name in row}, read_at=0)


class Giving(World):
    """A PG that gives back another amount than it was asked for: `skew` less, or more where that is below 0."""

    skew = 0
    asked_by_api = False

    def refund(self, imp_uid: str, amount: Money, reason: str, at: int) -> Row:
        """As World does it; what the console refunds is what was typed there."""
        if self.asked_by_api and self.skew:
            row = self.payments[imp_uid]
            amount = min(max(amount - self.skew, 1), row["amount"] - row["cancel_amount"])
        return super().refund(imp_uid, amount, reason, at)


@dataclass
class Late:
    """A call that the gateway has taken and not carried out yet."""

    at: float
    operation: Operation
    request: httpx.Request


@dataclass
class Gate:
    """Stands before the sandbox: notes what calls do for which operation, and what was wrong about them."""

    sandbox: Sandbox
    times: Times
    engine: Engine
    done: dict[int, Done] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    posts: int = 0
    keeps: int | None = None
    """How many characters of a refund's reason the PG keeps; None for all."""

    def answer(self, request: httpx.Request, operation: Operation | None, fault: str | None) -> httpx.Response:
        """Answers one request with at most one fault. Raises httpx.ReadTimeout, ConnectError."""
        request.read()
        changes = changes_something(request)
        if changes:
            self._check_written(operation)
        if fault == UNREACHED:
            raise httpx.ConnectError("on purpose", request=request)
        if changes:
            self.posts += 1
            self._note(operation).sent_at = self.times.at
        if fault == LATE and changes and operation:
            self.late.append(Late(self.times.at + random.Random(self.posts).uniform(20, LATEST), operation, request))
            raise httpx.ReadTimeout("late on purpose", request=request)
        if fault == REFUSAL and changes:
            return No(200, WORDS).response()
        plan = Plan(Fault(fault)) if fault in set(Fault) else None
        if not changes:
            return self.sandbox.respond(request, plan)
        answer: httpx.Response = self._watched(operation, lambda: self.sandbox.respond(request, plan))
        return answer

    def carry_out_late(self) -> None:
        """Carries out what the gateway has held back until now."""
        for one in [one for one in self.late if one.at <= self.times.at]:
            self.late.remove(one)
            call = call_of(one.request, int(self.times.at))
            self._watched(one.operation, lambda call=call: _tried(self.sandbox.world, call))

    def _watched(self, operation: Operation | None, act: Callable[[], Any]) -> Any:
        if operation is None:
            self.wrong.append("a call for no operation")
            return act()
        execute_due(self.sandbox.world, int(self.times.at))
        before, left = set(self.made_of(operation)), self.balance(operation)
        world = self.sandbox.world
        try:
            if isinstance(world, Giving):
                world.asked_by_api = True
            return act()
        finally:
            if isinstance(world, Giving):
                world.asked_by_api = False
            new = [one for one in self.made_of(operation) if one not in before]
            found = self._note(operation).ids
            found += new
            if new and operation.kind == OperationKind.REFUND:
                self._shorten(operation.imp_uid or "")
            if new and operation.kind == OperationKind.REFUND and left != operation.balance:
                self.wrong.append(f"operation {operation.id} refunded at {left}, its person saw {operation.balance}")
            if len(found) > 1:
                self.wrong.append(f"operation {operation.id} was carried out twice: {found}")

    def _shorten(self, imp_uid: str) -> None:
        row = self.sandbox.world.payments[imp_uid]
        *before, made = row["cancel_history"]
        if self.keeps is not None:
            made = made | {"reason": made["reason"][: self.keeps]}
            self.sandbox.world.put_payment(row | {"cancel_history": [*before, made]})

    def made_of(self, operation: Operation) -> list[str]:
        """Cancellations of a refund, payments under a charge's order number, receipts, what Naver Pay did."""
        world = self.sandbox.world
        if operation.kind in (OperationKind.ISSUE_RECEIPT, OperationKind.CANCEL_RECEIPT):
            sale = world.external_receipts.get(operation.merchant_uid or "")
            receipt = world.receipts.get(operation.imp_uid) if operation.imp_uid else sale
            gone = operation.kind == OperationKind.ISSUE_RECEIPT or (receipt and receipt["cancelled_at"])
            return [receipt["apply_num"]] if receipt and gone else []
        if operation.kind in _OF_PEOPLE:
            return self._done_to_people(operation)
        if operation.kind == OperationKind.REFUND:
            return [one["cancellation_id"] for one in world.payments[operation.imp_uid or ""]["cancel_history"]]
        if operation.kind == OperationKind.NAVER_CONFIRM:
            return [uid for uid in world.naver_confirmed if uid == operation.imp_uid]
        if operation.kind == OperationKind.NAVER_POINTS:
            uid = operation.imp_uid or ""
            return [f"{uid} {time}" for time in range(world.naver_points.get(uid, 0))]
        if operation.kind in _PARCELS:
            return _parcels(world, operation.kind, operation.imp_uid or "")
        if operation.kind in WAITING_FOR_MONEY:
            return waiting_made(world, operation)
        if operation.kind == OperationKind.REGISTER_CARD:
            uid = operation.customer_uid or ""
            return [f"{uid} {time}" for time in range(world.registered.get(uid, 0))]
        uids = world.attempts.get(operation.merchant_uid or "", ())
        return [uid for uid in uids if world.payments[uid]["status"] in ("paid", "cancelled")]

    def _done_to_people(self, operation: Operation) -> list[str]:
        """What was erased, begun or certified."""
        world, uid = self.sandbox.world, operation.verification_uid or ""
        match operation.kind:
            case OperationKind.DELETE_QUICK_MEMBER:
                left = [one for one in world.quick_members if quick_members.subject_of(one) == operation.subject]
                return [] if left else [operation.subject]
            case OperationKind.DELETE_IDENTITY:
                return [] if uid in world.verifications else [uid]
            case OperationKind.CONFIRM_OTP:
                return [uid] if world.verifications.get(uid, {}).get("certified") else []
        order = operation.merchant_uid
        return [one for one, row in world.verifications.items() if row["merchant_uid"] == order]

    def balance(self, operation: Operation) -> int:
        """What is left of a refund's payment."""
        if operation.kind != OperationKind.REFUND:
            return 0
        row = self.sandbox.world.payments[operation.imp_uid or ""]
        return int(row["amount"] - row["cancel_amount"])

    def _note(self, operation: Operation | None) -> Done:
        return self.done.setdefault(operation.id if operation else 0, Done())

    def _check_written(self, operation: Operation | None) -> None:
        sql = (
            "SELECT o.state, a.outcome, a.began_at,"
            " (SELECT max(at) FROM audit_entry WHERE operation_id = o.id AND action = 'first_step_done') AS let_go_at"
            " FROM operation o JOIN attempt a ON a.operation_id = o.id AND a.fence = :fence WHERE o.id = :id"
        )
        if operation is None:
            self.wrong.append("a call for no operation")
            return
        with reading(self.engine) as conn:
            found = conn.execute(text(sql), {"id": operation.id, "fence": operation.fence}).first()
        if found is None or found.state in ("intent", "awaiting_approval") or found.outcome is not None:
            self.wrong.append(f"operation {operation.id} was sent with nothing written of it: {found}")
            return
        since = (operation.asked_at, operation.approved_at, operation.noted_at, found.let_go_at)
        begun = max(one or 0 for one in since)
        lives = FILE_LIVES if operation.batch_id and operation.fence == 1 else INTENT_LIVES
        if found.began_at - begun > lives + _MINUTE:
            self.wrong.append(f"operation {operation.id} was sent {found.began_at - begun} s after it was wanted")
        if self.times.ours() - found.began_at > LEASE + _MINUTE:
            self.wrong.append(
                f"operation {operation.id} was sent {self.times.ours() - found.began_at} s after its claim"
            )


def _parcels(world: World, kind: str, uid: str) -> list[str]:
    """What stands of deliveries, and what PGs were told of them."""
    if kind == OperationKind.PAYCO_STATUS:
        return world.payco_told.get(uid, [])
    if kind == OperationKind.PAYMENTWALL_DELIVERY:
        return [f"{number} {told}" for number, told in enumerate(world.paymentwall_told.get(uid, []))]
    delivery = world.deliveries.get(uid)
    if delivery is None:
        return []
    return [uid] if kind == OperationKind.ENTER_DELIVERY else [f"{uid} {one}" for one in range(delivery["changes"])]


def changes_something(request: httpx.Request) -> bool:
    """Whether it is a call, and not a look or a token."""
    return request.method != "GET" and request.url.path != "/users/getToken"


def _tried(world: World, call: Any) -> None:
    try:
        route(world, call, paged_schedules=True)
    except No:
        return
