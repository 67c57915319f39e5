"""Operations that wait for another one: let go when it has succeeded, ended when it has not."""

from sqlalchemy import Connection, Engine, select

from services.operations.journal.audit import Actor
from services.operations.journal.journal import get, move, saving
from services.operations.journal.states import TERMINAL, Why
from services.store.engine import reading
from services.store.sql import table
from services.tables.journal import CHAINED, Operation
from services.tables.journal import OperationState as State

_TABLE = table(Operation)


def follow(engine: Engine, actor: Actor, now: float, *, only: int | None = None) -> int:
    """Moves on what waited for an operation that has ended since, or `only` this one. Returns how many."""
    with reading(engine) as conn:
        ready = _ready(conn, only)
    for operation_id, state in ready:
        with saving(engine) as conn:
            operation = get(conn, operation_id)
            if operation.state != State.AWAITING_APPROVAL:
                continue
            if state == State.SUCCEEDED:
                move(conn, operation, State.INTENT, actor, "first_step_done", now)
            else:
                why = Why.FIRST_STEP_FAILED.value
                move(conn, operation, State.REFUSED, actor, why, now, why=why)
    return len(ready)


def _ready(conn: Connection, only: int | None = None) -> list[tuple[int, str]]:
    """What may move on, each with the state in which that before it ended."""
    waiting = select(_TABLE.c.id, _TABLE.c.after_id).where(CHAINED)
    if only is not None:
        waiting = waiting.where(_TABLE.c.id == only)
    pairs = [(row.id, row.after_id) for row in conn.execute(waiting)]
    ended = _TABLE.c.id.in_([after for _id, after in pairs]) & _TABLE.c.state.in_([one.value for one in TERMINAL])
    states = {row.id: row.state for row in conn.execute(select(_TABLE.c.id, _TABLE.c.state).where(ended))}
    return [(number, states[after]) for number, after in pairs if after in states]
