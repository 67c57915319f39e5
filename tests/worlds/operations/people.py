"""For the simulator of operations: the people at the screens, who click twice, hurry, and clean up in the end."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from services.errors import Busy, JangbuError, NotShown
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.files import batches
from services.operations.files.batches import DryRun
from services.operations.files.refund_lines import DryRow
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.store.engine import reading
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey, Payment
from tests.worlds.operations.gate import Done
from tests.worlds.operations.invariants import all_operations, open_twice

if TYPE_CHECKING:
    from tests.worlds.operations.simulator import Simulator

SUPPORT, FINANCE, MANAGER = (Actor(f"{name}@shop.example", "screen") for name in ("support", "finance", "manager"))
_REASONS = ("단순 변심", "파손되어 도착")
_AMOUNTS = (1_000, 1_000, 2_500, 10_000)
_APPROVAL_FROM = 2_500
_QUIET = 1_200
"""Seconds after its last call before a person takes it on themselves to say that nothing came of it."""


class People:
    """What people do to one journal."""

    def __init__(self, simulator: "Simulator") -> None:
        self.all = simulator
        self.chance = simulator.chance
        self._remembered: dict[str, int] = {}
        self._tokens = 0
        self.asked: list[Wanted] = []
        self._files: list[str] = []
        self.files = 6 if simulator.seed % 3 == 2 else 0
        """How often somebody brings a file: not at all in two of three histories."""
        self.wrong: list[str] = []

    def act(self) -> None:
        """Somebody does something."""
        deeds = self.deeds()
        doing = self.chance.choices(list(deeds), list(deeds.values()))[0]
        with suppress(JangbuError):
            doing()
        with reading(self.all.engine) as conn:
            self.wrong += [f"{subject} has two open operations" for subject in open_twice(conn)]

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        return {self._refund: 9, self._charge: 4, self.again: 2, self.decide: 5, self._file: self.files}

    def console(self) -> None:
        """A refund in the vendor's console."""
        imp_uid = self._some_payment()
        left = self._left(imp_uid)
        amount = self.chance.choice(_AMOUNTS)
        if 0 < amount <= left:
            self.all.seen["console refunds"] += 1
            self.all.gate.sandbox.refund(imp_uid, amount, "콘솔에서 환불")

    def tidy(self) -> bool:
        """Works off what waits for a person; whether nothing is open any more."""
        open_ones = self.open_ones()
        for operation in open_ones:
            with suppress(JangbuError):
                self._decide_on(operation)
        return not open_ones

    def open_ones(self) -> list[Operation]:
        """Operations that have not ended."""
        with reading(self.all.engine) as conn:
            return [one for one in all_operations(conn) if one.state not in ("succeeded", "refused", "expired")]

    def _refund(self) -> None:
        self.ask(self._wanted_refund(self._some_payment(), self.token(), approval_from=_APPROVAL_FROM))

    def _file(self) -> None:
        """Somebody brings a file; its rows wait for somebody else."""
        uids = sorted({self._some_payment() for _ in range(3)})
        digest, rows = self.token(), []
        for number, imp_uid in enumerate(uids, start=1):
            wanted = self._wanted_refund(imp_uid, f"batch:{digest}:{number}", approval_from=0)
            rows.append(DryRow(number, imp_uid, wanted.amount, wanted.currency, wanted))
        batches.submit(self.all.engine, DryRun(digest, "x.csv", tuple(rows)), SUPPORT, self.all.times.ours())
        self._files.append(digest)
        self.all.seen["files brought"] += 1

    def _wanted_refund(self, imp_uid: str, token: str, *, approval_from: int) -> Wanted:
        row = self.all.gate.sandbox.payments[imp_uid]
        if self.chance.random() < 0.8 or imp_uid not in self._remembered:
            self._remembered[imp_uid] = self._left(imp_uid)
        fields = {name: row[name] for name in ("imp_uid", "merchant_uid", "currency", "pay_method", "amount")}
        payment = Payment(status="paid", cancel_amount=0, **fields)
        seen = self._remembered[imp_uid]
        amount = min(self.chance.choice(_AMOUNTS), seen)
        form = RefundForm(amount=amount, balance=seen, reason=self.chance.choice(_REASONS), requester="customer")
        return wanted_refund(token, payment, form, approval_from=approval_from)

    def _charge(self) -> None:
        uid = self.chance.choice(list(self.all.gate.sandbox.world.billing_keys))
        key = BillingKey(customer_uid=uid, pg_provider="html5_inicis")
        form = ChargeForm(amount=self.chance.choice(_AMOUNTS), name="구독")
        self.ask(wanted_charge(self.token(), key, form, minimum=100, now=self.all.times.ours()))

    def ask(self, wanted: Wanted) -> None:
        self.asked.append(wanted)
        for _ in range(self.chance.choice((1, 1, 2))):
            self._record(wanted)

    def _record(self, wanted: Wanted) -> None:
        actor = self.chance.choice((SUPPORT, FINANCE))
        try:
            found = journal.record(self.all.engine, wanted, actor, self.all.times.ours())
        except Busy as busy:
            self.all.seen["told who is at it"] += 1
            if busy.values["who"] not in (SUPPORT.name, FINANCE.name):
                self.wrong.append(f"told {busy} on {wanted.subject}")
            return
        self.all.seen[f"{wanted.kind}s asked"] += 1
        if found.token != wanted.token:
            self.wrong.append(f"{wanted.token} made {found.id} of another token")

    def again(self) -> None:
        """A tab from a while ago is clicked once more."""
        if self.asked:
            self._record(self.chance.choice(self.asked))

    def decide(self) -> None:
        if waiting := self.open_ones():
            self._decide_on(self.chance.choice(waiting))

    def _decide_on(self, operation: Operation) -> None:
        engine, now, number = self.all.engine, self.all.times.ours(), operation.id
        if operation.state == State.AWAITING_APPROVAL and operation.batch_id is not None:
            self._decide_on_file(operation.batch_id)
        elif operation.state == State.AWAITING_APPROVAL:
            if self.chance.random() < 0.8:
                journal.approve(engine, number, MANAGER, now)
            else:
                journal.decline(engine, number, MANAGER, "아직", now)
        if operation.state != State.NEEDS_PERSON:
            return
        self.all.seen["needed a person"] += 1
        sent_at = self.all.gate.done.get(number, Done()).sent_at
        if self.chance.random() < 0.5:
            self.all.seen["sent again"] += 1
            journal.send_again(engine, number, FINANCE, "다시", now)
        elif self.all.times.at - sent_at > _QUIET and not self._held(number):
            self._settle(number, done=bool(self._made(number)))

    def _settle(self, number: int, *, done: bool) -> None:
        """They saw in the console how it ended; where the gateway shows it no more, they say so once more."""
        # A process of their own: an executor that stands still in mid-call holds its own client's token.
        executor, note = self.all.born().executor, "콘솔에서 확인"
        if not done:
            journal.settle(self.all.engine, number, FINANCE, done=False, note=note, now=self.all.times.ours())
            return
        try:
            executor.settle_done(number, FINANCE, note)
        except NotShown:
            executor.settle_done(number, FINANCE, note, unseen=True)
        self.all.seen["settled as done"] += 1

    def _decide_on_file(self, number: int) -> None:
        engine, now, digest = self.all.engine, self.all.times.ours(), self._files[number - 1]
        if self.chance.random() < 0.8:
            batches.approve(engine, number, digest, MANAGER, now)
            self.all.seen["files approved"] += 1
        else:
            batches.decline(engine, number, digest, MANAGER, "아직", now)

    def _held(self, number: int) -> bool:
        return any(one.operation.id == number for one in self.all.gate.late)

    def _made(self, number: int) -> list[str]:
        return self.all.gate.done.get(number, Done()).ids

    def _some_payment(self) -> str:
        return self.chance.choice([uid for uid in self.all.gate.sandbox.payments if uid.startswith("imp_") and
                                    len(uid) < 7])  # fmt: skip

    def _left(self, imp_uid: str) -> int:
        row = self.all.gate.sandbox.payments[imp_uid]
        return int(row["amount"] - row["cancel_amount"])

    def token(self) -> str:
        self._tokens += 1
        return f"token{self._tokens}"
