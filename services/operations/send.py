"""The sender: claims an intent, reads once more what it is about, and calls the gateway once."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from services.claimants import claimant_name
from services.errors import GatewayError, NotFound, NotSent, OutcomeUnknown, Refused
from services.mirror.account import claimed_at
from services.operations import held
from services.operations.actions.by_kind import Action, action_of
from services.operations.journal import attempts, head, journal
from services.operations.journal.states import TERMINAL, Why
from services.operations.outcomes import Outcome, Stop
from services.operations.record import EXECUTOR, Recorder, Source
from services.store import fence
from services.store.engine import reading
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

Permits = Callable[[Operation], bool]
"""Whether the person who asked, and the one who approved, may still do it."""
NOT_SENT = "not_sent"
_WAITS = (0.0, 0.3, 1.0)
"""Before each of the three tries of a request that did not leave."""


@dataclass
class Sender(Recorder):
    """Sends what is written down. `name` is the claimant's in this life of this process."""

    permits: Permits
    name: str = field(default_factory=claimant_name, kw_only=True)
    pause: Callable[[float], None] = field(default=time.sleep, kw_only=True)

    def carry_out(self, operation_id: int) -> Operation:
        """Sends an intent, unless somebody else does. What it returns may be ended, unknown, or still an intent."""
        operation = self._carried_out(operation_id)
        if operation.state in TERMINAL:
            held.forget(operation.token)
        return operation

    def _carried_out(self, operation_id: int) -> Operation:
        with reading(self.engine) as conn:
            head.require_whole(conn)
            operation = journal.get(conn, operation_id)
        if operation.state != State.INTENT:
            return operation
        action, as_of, store = action_of(operation.kind), 0, self.store(operation)
        try:
            as_of = claimed_at(store, self.engine)
            if not self.permits(operation):
                raise Stop(Why.NOT_ALLOWED)
            seen = action.look(store, operation) if operation.fence else None
            if seen and seen.state != State.UNKNOWN:
                return self.record(operation, seen, Source.LOOK, as_of)
            known = action.prepare(store, operation)
        except Stop as stop:
            return self.record(operation, stop.outcome, Source.STOP, as_of)
        except NotFound as error:
            return self.record(operation, Outcome(State.REFUSED, error.refusal.message), Source.STOP, as_of)
        except GatewayError:
            # Nothing can be read, so nothing is sent: again in a while, until it is too old.
            return self.record(operation, None, Source.STOP, 0)
        return self._send(action, operation, known)

    def _send(self, action: Action, operation: Operation, known: str | None) -> Operation:
        for wait in _WAITS:
            as_of = self.gateway.asked_at()
            if wait:
                self.pause(wait)
                try:
                    known = action.prepare(self.store(operation), operation)
                except Stop as stop:
                    return self.record(operation, stop.outcome, Source.CALL, as_of)
                except GatewayError:
                    continue
                if not self._may_send(operation):
                    # Its claim is over, and not the gateway away: it was stopped, and others have its work by now.
                    return self.record(operation, Outcome(State.EXPIRED, why=Why.EXECUTOR_DIED), Source.CALL, as_of)
            operation = attempts.begin(self.engine, operation, self.name, EXECUTOR, self.clock(), known)
            outcome, words = self._called(action, operation)
            # Whoever holds the loops by now: what came of a call is known here alone, and the claim's fence guards it.
            with journal.saving(fence.unfenced(self.engine)) as conn:
                attempts.end(conn, operation, outcome.state.value if outcome else NOT_SENT, words, self.clock())
                if outcome is not None:
                    row = self.record_in(conn, operation, outcome, Source.CALL)
            if outcome is not None:
                self.keep(operation, outcome, as_of)
                return row
        return self.record(operation, Outcome(State.EXPIRED, why=Why.UNREACHABLE), Source.CALL, as_of)

    def _called(self, action: Action, operation: Operation) -> tuple[Outcome | None, str | None]:
        """One call: its outcome, None where the request never left; and what was said."""
        try:
            outcome = action.send(self.store(operation), operation, lambda: self._may_send(operation))
        except NotSent as error:
            return None, str(error)
        except Refused as error:
            return Outcome(State.REFUSED, error.refusal.message), error.refusal.message
        except OutcomeUnknown as error:
            return Outcome(State.UNKNOWN, why=Why.ANSWER_LOST), str(error)
        return outcome, outcome.message

    def _may_send(self, operation: Operation) -> bool:
        """Whether the claim holds, and the loops are still this process's where it sends for them."""
        if not attempts.holds(operation, self.clock()):
            return False
        try:
            with reading(self.engine) as conn:
                return fence.stands(conn)
        except SQLAlchemyError:
            return False
