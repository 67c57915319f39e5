"""The executor: carries intents out, one call at a time each, and ends what nobody may send any more."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event
from types import ModuleType
from typing import Any

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from services.clock import Clock, system_clock
from services.errors import (
    GatewayError,
    Moved,
    NotFound,
    NotSaved,
    NotSent,
    NotShown,
    OutcomeUnknown,
    Refused,
    Restored,
    UnreadableAnswer,
)
from services.gateway import Gateway
from services.mirror.keep import keep_deletion, keep_payment, keep_schedules, read_again
from services.operations.actions import (
    bookings,
    charges,
    key_deletions,
    moves,
    rebookings,
    refunds,
    retries,
    revocations,
)
from services.operations.files.batches import expire_files, feed
from services.operations.journal import attempts, head, journal
from services.operations.journal.attempts import FIRST_LOOK, claimant_name, is_uncertain
from services.operations.journal.audit import Actor
from services.operations.journal.chains import follow
from services.operations.journal.expiry import expire_old
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome, Stop, is_final
from services.store.account import require_account
from services.store.engine import reading
from services.store.lists.operations import anything_open
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

log = structlog.get_logger("jangbu.operations")
Permits = Callable[[Operation], bool]
"""Whether the person who asked, and the one who approved, may still do it."""

LOOKS = (FIRST_LOOK, 5, 15, 60, 300, 900)
"""When the resolver looks, in seconds after the outcome became unknown."""
_EVERY = 0.5
_THREADS = 4
_WAITS = (0.0, 0.3, 1.0)
"""Before each of the three tries of a request that did not leave."""
NOT_SENT = "not_sent"
_LOOK_AGAIN = 15
_ACTIONS: dict[str, ModuleType] = {
    OperationKind.REFUND: refunds,
    OperationKind.CHARGE: charges,
    OperationKind.BOOK: bookings,
    OperationKind.MOVE: moves,
    OperationKind.REVOKE: revocations,
    OperationKind.REBOOK: rebookings,
    OperationKind.RETRY: retries,
    OperationKind.DELETE_KEY: key_deletions,
}
_EXECUTOR, _RESOLVER = Actor("jangbu", "executor"), Actor("jangbu", "resolver")


def stands(gateway: Gateway, operation: Operation) -> bool:
    """Whether the gateway still shows what an operation did. Raises GatewayError."""
    seen = _ACTIONS[operation.kind].look(gateway, operation)
    return seen is not None and seen.state == State.SUCCEEDED


@dataclass
class Executor:
    """Works on the journal of one database for one gateway; several may run at once, in any number of processes."""

    engine: Engine
    gateway: Gateway
    permits: Permits
    clock: Clock = system_clock
    name: str = field(default_factory=claimant_name)
    pause: Callable[[float], None] = time.sleep

    def run(self, stop: Event, wake: Event) -> None:
        """Works until told to stop; `wake` ends the wait between two turns."""
        flying: dict[int, Future[Any]] = {}
        told: str | None = None
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="operations") as pool:
            while not stop.is_set():
                try:
                    for operation_id, work in self.due():
                        if operation_id not in flying or flying[operation_id].done():
                            flying[operation_id] = pool.submit(self._guarded, work, operation_id)
                    told = None
                except Exception as error:  # the loop outlives whatever happens in one turn
                    if told != (told := type(error).__name__):
                        log.error("journal cannot be worked on", error=told)
                flying = {key: future for key, future in flying.items() if not future.done()}
                wake.wait(_EVERY)
                wake.clear()

    def turn(self) -> int:
        """Everything that is due now, one after another. Returns how many operations it worked on."""
        due = self.due()
        for operation_id, work in due:
            self._guarded(work, operation_id)
        return len(due)

    def due(self) -> list[tuple[int, Callable[[int], Operation]]]:
        """Ends what is too old, releases what a dead process held, and lists what is to be done now."""
        now = self.clock()
        with reading(self.engine) as conn:
            if not anything_open(conn):
                return []
        try:
            self.release()
            feed(self.engine, _EXECUTOR, now)
            follow(self.engine, _EXECUTOR, now)
        except Restored:
            return []
        with reading(self.engine) as conn:
            intents = journal.in_state(conn, State.INTENT, due=now)
            unknown = journal.in_state(conn, State.UNKNOWN, due=now)
        return [*((one.id, self.carry_out) for one in intents), *((one.id, self.look) for one in unknown)]

    def release(self) -> None:
        """Ends what is too old; what a dead process had sent becomes unknown."""
        now = self.clock()
        expire_old(self.engine, _EXECUTOR, now)
        expire_files(self.engine, _EXECUTOR, now)
        attempts.release_dead(self.engine, self.name, _EXECUTOR, now)

    def follow(self, operation_id: int) -> None:
        """Moves an operation on that waited for another one, if that has ended."""
        follow(self.engine, _EXECUTOR, self.clock(), only=operation_id)

    def carry_out(self, operation_id: int) -> Operation:
        """Sends an intent, unless somebody else does. What it returns may be ended, unknown, or still an intent."""
        with reading(self.engine) as conn:
            head.require_whole(conn)
            require_account(conn, self.gateway.account)
            operation = journal.get(conn, operation_id)
        if operation.state != State.INTENT:
            return operation
        action, as_of = _ACTIONS[operation.kind], 0
        try:
            as_of = self.gateway.asked_at()
            if not self.permits(operation):
                raise Stop(Why.NOT_ALLOWED)
            if operation.fence and is_final(seen := action.look(self.gateway, operation)):
                return self._settle(operation, seen, as_of)
            known = action.prepare(self.gateway, operation)
        except Stop as stop:
            return self._stopped(operation, stop.outcome, as_of)
        except NotFound as error:
            return self._stopped(operation, Outcome(State.REFUSED, error.refusal.message), as_of)
        except GatewayError:
            # Nothing can be read, so nothing is sent: again in a while, until it is too old.
            return self._look_later(operation, 0, self.clock() + FIRST_LOOK)
        return self._send(action, operation, known)

    def look(self, operation_id: int) -> Operation:
        """Reads the gateway once for what became of an unknown operation. Never sends."""
        with reading(self.engine) as conn:
            head.require_whole(conn)
            operation = journal.get(conn, operation_id)
        if operation.state not in (State.UNKNOWN, State.NEEDS_PERSON):
            return operation
        try:
            as_of = self.gateway.asked_at()
            seen = _ACTIONS[operation.kind].look(self.gateway, operation) or Outcome(State.UNKNOWN)
        except (Refused, UnreadableAnswer) as error:
            # An answer that shows nothing is a look: asking for ever would bring nothing else.
            as_of, seen = 0, Outcome(State.UNKNOWN, error.refusal.message if isinstance(error, Refused) else None)
        except GatewayError:
            return self._look_later(operation, operation.looks, self.clock() + _LOOK_AGAIN)
        if is_final(seen):
            return self._settle(operation, seen, as_of)
        self._keep(seen, as_of)
        if operation.state == State.UNKNOWN and not journal.is_due(operation, self.clock()):
            # Somebody looked before it was due: that does not use up a look.
            return operation
        looks, said = operation.looks + 1, {"message": seen.message} if seen.message else {}
        if operation.state == State.NEEDS_PERSON or looks < len(LOOKS):
            since = min(operation.state_at, self.clock())
            said |= {"why": seen.why.value} if seen.why else {}
            return self._look_later(operation, looks, since + LOOKS[min(looks, len(LOOKS) - 1)], **said)
        with journal.saving(self.engine) as conn:
            pending = operation.why if operation.why == Why.STILL_PENDING else Why.NOT_FOUND_AFTER_LOOKING
            why = str(seen.why or pending)
            return journal.move(
                conn, operation, State.NEEDS_PERSON, _RESOLVER, "gave_up", self.clock(), why=why, **said
            )

    def settle_done(self, operation_id: int, actor: Actor, note: str, *, unseen: bool = False) -> Operation:
        """A person says that it was done: recorded with what the gateway shows of it now.

        Raises Moved; GatewayError where no answer comes; NotShown where it shows none, unless `unseen` says so too.
        """
        with reading(self.engine) as conn:
            operation = journal.get(conn, operation_id)
        journal.require_person(operation)
        said: dict[str, Any] = {"done": True, "note": note, "now": self.clock()}
        try:
            as_of = self.gateway.asked_at()
            seen = _ACTIONS[operation.kind].look(self.gateway, operation) or Outcome(State.UNKNOWN)
        except (Refused, UnreadableAnswer):
            # It will not be read later either: all there is, is the mirror and the person's word.
            return journal.settle(self.engine, operation_id, actor, **said)
        self._keep(seen, as_of)
        with journal.saving(self.engine) as conn:
            operation = journal.get(conn, operation_id)
            journal.require_person(operation)
            if operation.kind == OperationKind.REFUND and seen.payment:
                seen = refunds.recognised(conn, seen.payment, operation)
            if seen.state == State.SUCCEEDED:
                return journal.settle_in(conn, operation, actor, **said, **seen.made)
        if not unseen:
            raise NotShown(
                "The gateway does not show that it was done, so nothing is settled yet. "
                "It may still come: look again later."
            )
        return journal.settle(self.engine, operation_id, actor, **said)

    def _send(self, action: ModuleType, operation: Operation, known: str | None) -> Operation:
        for wait in _WAITS:
            as_of = self.gateway.asked_at()
            if wait:
                self.pause(wait)
                try:
                    known = action.prepare(self.gateway, operation)
                except Stop as stop:
                    return self._finish(operation, stop.outcome, as_of)
                except GatewayError:
                    continue
                if not attempts.holds(operation, self.clock()):
                    break
            operation = attempts.begin(self.engine, operation, self.name, _EXECUTOR, self.clock(), known)
            outcome, words = self._called(action, operation)
            with journal.saving(self.engine) as conn:
                attempts.end(conn, operation, outcome.state.value if outcome else NOT_SENT, words, self.clock())
                if outcome is not None:
                    row = self._recorded(conn, operation, outcome)
            if outcome is not None:
                self._keep(outcome, as_of)
                return row
        return self._finish(operation, Outcome(State.EXPIRED, why=Why.UNREACHABLE), as_of)

    def _called(self, action: ModuleType, operation: Operation) -> tuple[Outcome | None, str | None]:
        """One call: its outcome, None where the request never left; and what was said."""
        try:
            outcome: Outcome = action.send(self.gateway, operation, lambda: attempts.holds(operation, self.clock()))
        except NotSent as error:
            return None, str(error)
        except Refused as error:
            return Outcome(State.REFUSED, error.refusal.message), error.refusal.message
        except OutcomeUnknown as error:
            return Outcome(State.UNKNOWN, why=Why.ANSWER_LOST), str(error)
        return outcome, outcome.message

    def _finish(self, operation: Operation, outcome: Outcome, as_of: int) -> Operation:
        """Ends a claim without another call."""
        with journal.saving(self.engine) as conn:
            row = self._recorded(conn, operation, outcome)
        self._keep(outcome, as_of)
        return row

    def _recorded(self, conn: Connection, operation: Operation, outcome: Outcome) -> Operation:
        """Records what came of a claim; a newer claim's record is left alone."""
        row = journal.get(conn, operation.id)
        if row.fence != operation.fence:
            return row
        if outcome.state == State.SUCCEEDED and row.state in (State.NEEDS_PERSON, State.INTENT):
            # It was taken for dead, and a person is at it; but the money has moved, and this is the proof.
            return self._seen(conn, row, outcome, _EXECUTOR)
        if row.state not in (State.SENT, State.UNKNOWN):
            return row
        if outcome.state != State.SUCCEEDED and is_uncertain(conn, row, before=row.fence):
            # A refusal of the second call says nothing of the first.
            outcome = Outcome(State.UNKNOWN, outcome.message, Why.ANSWER_LOST)
        elif outcome.state == State.EXPIRED and row.state == State.UNKNOWN:
            # Taken for dead meanwhile; but nothing was sent.
            outcome = Outcome(State.REFUSED, why=outcome.why)
        return self._moved(conn, row, outcome, _EXECUTOR)

    def _moved(self, conn: Connection, row: Operation, outcome: Outcome, actor: Actor) -> Operation:
        if outcome.state == row.state:
            return row
        now = self.clock()
        found = {"message": outcome.message, "why": outcome.why.value if outcome.why else None} | outcome.made
        if outcome.state == State.UNKNOWN:
            found |= {"looks": 0, "look_at": int(now) + FIRST_LOOK}
        return journal.move(conn, row, outcome.state, actor, outcome.state.value, now, **found)

    def _settle(self, operation: Operation, seen: Outcome, as_of: int) -> Operation:
        """Records what was seen at the gateway."""
        with journal.saving(self.engine) as conn:
            row = self._seen(conn, operation, seen, _RESOLVER)
        self._keep(seen, as_of)
        return row

    def _seen(self, conn: Connection, row: Operation, outcome: Outcome, actor: Actor) -> Operation:
        """What an earlier call had done, also where a person has it sent again and nobody has yet."""
        if row.state == State.INTENT:
            row = journal.move(conn, row, State.NEEDS_PERSON, actor, "seen", self.clock())
        return self._moved(conn, row, outcome, actor)

    def _stopped(self, operation: Operation, outcome: Outcome, as_of: int) -> Operation:
        """Nothing was sent this time; where it was sent before, a person has to see what became of that."""
        with journal.saving(self.engine) as conn:
            if is_uncertain(conn, operation):
                outcome = replace(outcome, state=State.NEEDS_PERSON)
            row = self._moved(conn, operation, outcome, _EXECUTOR)
        self._keep(outcome, as_of)
        return row

    def _look_later(self, operation: Operation, looks: int, at: float, **said: str) -> Operation:
        with journal.saving(self.engine) as conn:
            return journal.look_later(conn, operation, looks, int(max(at, self.clock() + 1)), **said)

    def _keep(self, outcome: Outcome, as_of: int) -> None:
        """Shows what was answered at once; where that fails the next sync brings it."""
        with suppress(DatabaseError, GatewayError, NotSaved):
            if outcome.payment:
                keep_payment(self.engine, outcome.payment, as_of=as_of)
            if outcome.schedules or outcome.unreadable:
                keep_schedules(self.engine, outcome.schedules, as_of=as_of, unreadable=outcome.unreadable)
            if outcome.deleted_key:
                keep_deletion(self.engine, outcome.deleted_key, at=as_of // 1000)
            if outcome.executed_as:
                read_again(self.gateway, self.engine, outcome.executed_as)

    def _guarded(self, work: Callable[[int], Operation], operation_id: int) -> None:
        try:
            work(operation_id)
        except (Moved, Restored):
            return
        except Exception as error:  # what it holds stays as it is written: the next turn sees to it
            log.error("operation was not worked on", operation=operation_id, error=type(error).__name__)
