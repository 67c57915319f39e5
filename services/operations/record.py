"""What an outcome does to an operation: one pure function says the next step, and the journal takes it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from services.clock import Clock, system_clock
from services.errors import GatewayError, StoreError
from services.gateway import Gateway
from services.mirror.keep import keep_deletion, keep_payment, keep_schedules, read_again, read_billing_key
from services.operations.actions.escrow import parcels
from services.operations.actions.receipts.shown import keep_shown
from services.operations.journal import journal
from services.operations.journal.attempts import FIRST_LOOK, is_uncertain
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.states import Why
from services.operations.journal.terms import INTENT_LIVES
from services.operations.outcomes import Outcome
from services.store.fence import unfenced
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

LOOKS = (FIRST_LOOK, 5, 15, 60, 300, 900)
"""When the resolver looks, in seconds after the outcome became unknown."""
_LOOK_AGAIN = 15
_GOES_AGAIN = frozenset({
    OperationKind.REFUND, OperationKind.CHARGE, OperationKind.BOOK, OperationKind.MOVE, OperationKind.REVOKE,
    OperationKind.REBOOK, OperationKind.RETRY, OperationKind.DELETE_KEY,
})  # fmt: skip
"""Those of which the gateway shows whether they were done, so that each is looked for before it goes once more."""
EXECUTOR, RESOLVER = Actor(JANGBU, "executor"), Actor(JANGBU, "resolver")


class Source(StrEnum):
    """Where an outcome comes from."""

    STOP = "stop"
    """Something stood in the way before a call was made."""
    CALL = "call"
    """The answer to a call, or that it never left."""
    LOOK = "look"
    """What the gateway shows."""


_TOLD_OF = {
    Source.STOP: (State.INTENT,),
    Source.CALL: (State.SENT, State.UNKNOWN),
    Source.LOOK: (State.INTENT, State.UNKNOWN, State.NEEDS_PERSON),
}
"""The states in which an operation still waits for what a source tells."""


@dataclass(frozen=True, slots=True)
class Step:
    """The states that an operation moves through, and the columns that change; without states it stays where it is."""

    states: tuple[State, ...] = ()
    action: str = ""
    """The last move as the audit names it."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    through: str = "seen"
    """The moves before the last one as the audit names them."""


LEAVE = Step()


def next_step(
    row: Operation, outcome: Outcome | None, source: Source, *, fence: int, uncertain: bool, now: float
) -> Step:
    """What follows for `row` from an outcome; None: the gateway could not be read.

    `fence` is that of the claim, or of the row that was looked for. `uncertain`: another call may have gone through.
    """
    state = State(row.state)
    succeeded = outcome is not None and outcome.state == State.SUCCEEDED
    # It was taken for dead, and a person is at it; but the money has moved, and this is the proof.
    proof = source == Source.CALL and succeeded and state in (State.INTENT, State.NEEDS_PERSON)
    if row.fence != fence or not (proof or state in _TOLD_OF[source]):
        return LEAVE
    if outcome is None:
        looks, wait = (0, FIRST_LOOK) if state == State.INTENT else (row.looks, _LOOK_AGAIN)
        return _look_later(looks, now + wait, now)
    if source == Source.STOP:
        # Where it was sent before, a person has to see what became of that.
        return _move((State.NEEDS_PERSON if uncertain else outcome.state,), outcome, now)
    if source == Source.LOOK and outcome.state == State.UNKNOWN:
        return _not_seen(row, outcome, now)
    if source == Source.CALL:
        outcome = _of_all_calls(outcome, uncertain)
        if outcome.state == State.EXPIRED:
            return _not_sent(row, outcome, now)
    if outcome.state == state:
        return LEAVE
    by_person = (State.NEEDS_PERSON,) if state == State.INTENT else ()
    return _move((*by_person, outcome.state), outcome, now)


def _of_all_calls(outcome: Outcome, uncertain: bool) -> Outcome:
    """What the answer to a call says of the operation, which an earlier call may have done."""
    if outcome.state != State.SUCCEEDED and uncertain:
        # A refusal of the second call says nothing of the first.
        return Outcome(State.UNKNOWN, outcome.message, Why.ANSWER_LOST)
    return outcome


def _not_sent(row: Operation, outcome: Outcome, now: float) -> Step:
    """Nothing left. Where only its process came to a halt, whoever carries out what is written down sends it."""
    state = State(row.state)
    halted = state == State.UNKNOWN or outcome.why == Why.EXECUTOR_DIED
    # Not from now: nobody waits longer for it than for what was asked for and never begun.
    since = max(row.asked_at, row.approved_at or 0, row.noted_at or 0)
    in_time = now - INTENT_LIVES <= since <= now + journal.AHEAD
    if halted and in_time and row.kind in _GOES_AGAIN:
        known = () if state == State.UNKNOWN else (State.UNKNOWN,)
        changes = {"message": None, "why": None, "look_at": 0, "state_at": since}
        return Step((*known, State.NEEDS_PERSON, State.INTENT), "goes_again", changes, through="not_sent")
    ended = State.REFUSED if state == State.UNKNOWN else State.EXPIRED
    return _move((ended,), replace(outcome, state=ended, why=Why.UNREACHABLE), now)


def _move(states: tuple[State, ...], outcome: Outcome, now: float) -> Step:
    changes = {"message": outcome.message, "why": outcome.why.value if outcome.why else None} | outcome.made
    if states[-1] == State.UNKNOWN:
        changes |= {"looks": 0, "look_at": int(now) + FIRST_LOOK}
    return Step(states, states[-1].value, changes)


def _not_seen(row: Operation, seen: Outcome, now: float) -> Step:
    """A look that decided nothing counts; after the last one a person has to."""
    if row.state == State.INTENT:
        # It is still to be sent.
        return LEAVE
    if row.state == State.UNKNOWN and not journal.is_due(row, now):
        # Somebody looked before it was due: that does not use up a look.
        return LEAVE
    looks, said = row.looks + 1, {"message": seen.message} if seen.message else {}
    if row.state == State.UNKNOWN and looks >= len(LOOKS):
        pending = row.why if row.why == Why.STILL_PENDING else Why.NOT_FOUND_AFTER_LOOKING
        return Step((State.NEEDS_PERSON,), "gave_up", said | {"why": str(seen.why or pending)})
    said |= {"why": seen.why.value} if seen.why else {}
    return _look_later(looks, min(row.state_at, now) + LOOKS[min(looks, len(LOOKS) - 1)], now, **said)


def _look_later(looks: int, at: float, now: float, **said: str) -> Step:
    return Step(changes={"looks": looks, "look_at": int(max(at, now + 1)), **said})


@dataclass
class Recorder:
    """Writes down what became of operations on one database, and shows it at once."""

    engine: Engine
    gateway: Gateway
    clock: Clock = field(default=system_clock, kw_only=True)

    def record(self, operation: Operation, outcome: Outcome | None, source: Source, as_of: int) -> Operation:
        """Takes the next step, and keeps what was read at the gateway's time `as_of` (ms). Raises Moved, NotSaved."""
        if source == Source.LOOK and self._step(operation, operation, outcome, source, uncertain=False) == LEAVE:
            row = operation  # a look that changes nothing waits for nobody who writes
        else:
            engine = unfenced(self.engine) if source == Source.CALL else self.engine
            with journal.saving(engine) as conn:
                row = self.record_in(conn, operation, outcome, source)
        if outcome:
            self.keep(operation, outcome, as_of)
        return row

    def record_in(self, conn: Connection, operation: Operation, outcome: Outcome | None, source: Source) -> Operation:
        """Takes the next step inside a transaction of the caller's. Raises Moved."""
        # A call takes its time: what became of the row meanwhile decides. What was only read must not have moved.
        row = journal.get(conn, operation.id) if source == Source.CALL else operation
        before = row.fence if source == Source.CALL else None
        uncertain = source != Source.LOOK and is_uncertain(conn, row, before=before)
        step, now = self._step(row, operation, outcome, source, uncertain=uncertain), self.clock()
        actor = RESOLVER if source == Source.LOOK else EXECUTOR
        if outcome and outcome.receipt:
            keep_shown(conn, row, outcome, now)
        if outcome and outcome.delivery:
            parcels.keep_shown(conn, row, outcome, now)
        if not step.states:
            return journal.look_later(conn, row, step.changes) if step.changes else row
        for state in step.states[:-1]:
            row = journal.move(conn, row, state, actor, step.through, now)
        return journal.move(conn, row, step.states[-1], actor, step.action, now, **step.changes)

    def _step(
        self, row: Operation, claim: Operation, outcome: Outcome | None, source: Source, *, uncertain: bool
    ) -> Step:
        return next_step(row, outcome, source, fence=claim.fence, uncertain=uncertain, now=self.clock())

    def store(self, operation: Operation) -> Gateway:
        """The store of the merchant's that an operation goes to: the one that its intent names, for good."""
        return self.gateway.of(operation.tier)

    def keep(self, operation: Operation, outcome: Outcome, as_of: int) -> None:
        """Shows what was answered at once; where that fails the next sync brings it."""
        with suppress(DatabaseError, GatewayError, StoreError):
            if outcome.payment:
                keep_payment(self.engine, outcome.payment, as_of=as_of)
            if outcome.schedules or outcome.unreadable:
                keep_schedules(self.engine, outcome.schedules, as_of=as_of, unreadable=outcome.unreadable)
            if outcome.deleted_key:
                keep_deletion(self.engine, outcome.deleted_key, at=as_of // 1000)
            if outcome.registered_key:
                read_billing_key(self.store(operation), self.engine, outcome.registered_key)
            if outcome.executed_as:
                read_again(self.store(operation), self.engine, outcome.executed_as)
