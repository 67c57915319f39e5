"""Attempts: each call is written down before it is made, by the one who holds the operation's fence."""

from sqlalchemy import Connection, Engine, select

from services.claimants import may_live
from services.errors import Moved
from services.operations.journal import head, journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import get, move, saving
from services.operations.journal.states import Why
from services.operations.journal.terms import is_late
from services.store.engine import reading
from services.store.fence import number_of
from services.store.sql import read_all, table
from services.tables.journal import Attempt, Operation
from services.tables.journal import OperationState as State

LEASE = 90
"""Seconds that one call may take at most; after that its claimant is taken for dead."""
FIRST_LOOK = 2
_OPERATION = table(Operation)
_ATTEMPT = table(Attempt)


def begin(
    engine: Engine, operation: Operation, claimant: str, actor: Actor, now: float, known: str | None
) -> Operation:
    """Writes `sent` and the attempt in one transaction, before the call. Raises Moved where it is too late."""
    fence, claim = operation.fence + 1, {"claimed_by": claimant, "claimed_until": int(now) + LEASE}
    claim |= {"fence": fence, "known": operation.known or known}
    with saving(engine) as conn:
        if operation.state == State.INTENT:
            if is_late(operation, now):
                raise Moved("Nobody carried it out in time: nothing is sent any more.")
            found = move(conn, operation, State.SENT, actor, "sent", now, **claim)
        else:
            same = (_OPERATION.c.id == operation.id) & (_OPERATION.c.fence == operation.fence)
            held = same & (_OPERATION.c.state == State.SENT.value)
            if conn.execute(_OPERATION.update().where(held).values(claim)).rowcount != 1:
                raise Moved("Somebody else moved it on meanwhile.")
            found = get(conn, operation.id)
        values = {"operation_id": operation.id, "fence": fence, "claimed_by": claimant, "began_at": int(now)}
        values |= {"lease": number_of(engine)}
        conn.execute(_ATTEMPT.insert().values(values))
    head.tell(engine)
    return found


def holds(operation: Operation, now: float) -> bool:
    """Whether a claim is neither over nor, by a clock that was set back since, from the future."""
    return operation.claimed_until - LEASE - journal.AHEAD <= now < operation.claimed_until


def end(conn: Connection, operation: Operation, outcome: str, message: str | None, now: float) -> None:
    """Notes how the call of the latest claim went."""
    own = (_ATTEMPT.c.operation_id == operation.id) & (_ATTEMPT.c.fence == operation.fence)
    values = {"ended_at": int(now), "outcome": outcome, "message": message}
    conn.execute(_ATTEMPT.update().where(own).values(values))


def attempts_of(conn: Connection, operation_id: int) -> list[Attempt]:
    """Every call of an operation, the first one first."""
    wanted = select(_ATTEMPT).where(_ATTEMPT.c.operation_id == operation_id).order_by(_ATTEMPT.c.fence)
    return read_all(conn, Attempt, wanted)


def is_uncertain(conn: Connection, operation: Operation, *, before: int | None = None) -> bool:
    """Whether a call (of those before a fence) may have gone through without anybody knowing."""
    calls = attempts_of(conn, operation.id)
    gone_through = (None, State.UNKNOWN.value, State.SUCCEEDED.value)
    return any(one.outcome in gone_through for one in calls if before is None or one.fence < before)


def _is_taken_over(conn: Connection, operation: Operation, number: int | None) -> bool:
    """Whether the latest call was made under an older number of the loops than this one."""
    if number is None:
        return False
    return any(one.lease is not None and one.lease < number for one in attempts_of(conn, operation.id)[-1:])


def release_dead(engine: Engine, claimant: str, actor: Actor, now: float) -> list[Operation]:
    """Operations whose claimant died or hangs in the middle of a call become unknown: nobody sends them again.

    So do those of whoever held the loops before; what it is answered after all it still writes down.
    """
    found: list[Operation] = []
    with reading(engine) as conn:
        sent = journal.in_state(conn, State.SENT)
        over = {one.id for one in sent if _is_taken_over(conn, one, number_of(engine))}
    for operation in sent:
        if holds(operation, now) and may_live(operation.claimed_by or "", claimant) and operation.id not in over:
            continue
        unknown = {"why": Why.EXECUTOR_DIED.value, "look_at": int(now) + FIRST_LOOK, "looks": 0}
        with saving(engine) as conn:
            try:
                found.append(move(conn, operation, State.UNKNOWN, actor, "released", now, **unknown))
            except Moved:
                continue
    return found
