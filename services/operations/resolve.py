"""The resolver: reads what became of an operation that was sent, and never sends."""

from dataclasses import dataclass
from typing import Any

from services.errors import GatewayError, NotShown, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.mirror.account import claimed_at
from services.operations.actions import refunds
from services.operations.actions.by_kind import action_of
from services.operations.actions.escrow import parcels
from services.operations.actions.receipts.shown import keep_shown
from services.operations.journal import head, journal
from services.operations.journal.audit import Actor
from services.operations.journal.states import Why
from services.operations.outcomes import Outcome
from services.operations.record import Recorder, Source
from services.store.engine import reading
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State


def stands(gateway: Gateway, operation: Operation) -> bool:
    """Whether the gateway still shows what an operation did. Raises GatewayError."""
    return _seen(gateway, operation).state == State.SUCCEEDED


def _seen(gateway: Gateway, operation: Operation) -> Outcome:
    return action_of(operation.kind).look(gateway.of(operation.tier), operation) or Outcome(State.UNKNOWN)


@dataclass
class Resolver(Recorder):
    """Looks at the gateway for what nobody knows the end of."""

    def look(self, operation_id: int) -> Operation:
        """Reads the gateway once for what became of an unknown operation. Never sends. Raises Moved, Restored."""
        with reading(self.engine) as conn:
            head.require_whole(conn)
            operation = journal.get(conn, operation_id)
        if operation.state not in (State.UNKNOWN, State.NEEDS_PERSON):
            return operation
        try:
            as_of = claimed_at(self.store(operation), self.engine)
            seen = _seen(self.gateway, operation)
        except (Refused, UnreadableAnswer) as error:
            # An answer that shows nothing is a look: asking for ever would bring nothing else.
            as_of, seen = 0, Outcome(State.UNKNOWN, error.refusal.message if isinstance(error, Refused) else None)
        except GatewayError:
            return self.record(operation, None, Source.LOOK, 0)
        return self.record(operation, seen, Source.LOOK, as_of)

    def settle_done(self, operation_id: int, actor: Actor, note: str, *, unseen: bool = False) -> Operation:
        """A person says that it was done: recorded with what the gateway shows of it now.

        Raises Moved; GatewayError where no answer comes; NotShown where it shows none, unless `unseen` says so too.
        """
        with reading(self.engine) as conn:
            operation = journal.get(conn, operation_id)
        journal.require_person(operation)
        said: dict[str, Any] = {"done": True, "note": note, "now": self.clock()}
        try:
            as_of = claimed_at(self.store(operation), self.engine)
            seen = _seen(self.gateway, operation)
        except (Refused, UnreadableAnswer):
            # It will not be read later either: all there is, is the mirror and the person's word.
            return journal.settle(self.engine, operation_id, actor, **said)
        if seen.why == Why.NOT_SHOWN:
            # The gateway never shows it: the person's word is all there is.
            return journal.settle(self.engine, operation_id, actor, **said)
        self.keep(operation, seen, as_of)
        with journal.saving(self.engine) as conn:
            operation = journal.get(conn, operation_id)
            journal.require_person(operation)
            if seen.receipt:
                keep_shown(conn, operation, seen, self.clock())
            if seen.delivery:
                parcels.keep_shown(conn, operation, seen, self.clock())
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
