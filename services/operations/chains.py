"""Operations that wait for another one: let go when it has succeeded, ended when it has not."""

from sqlalchemy import Engine, select

from services.journal_models import Operation
from services.journal_models import OperationState as State
from services.operations.audit import Actor
from services.operations.journal import get, move, saving
from services.operations.states import TERMINAL, Why
from services.store.engine import reading

_TABLE = Operation.__table__  # type: ignore[attr-defined]


def follow(engine: Engine, actor: Actor, now: float, *, only: int | None = None) -> int:
    """Moves on what waited for an operation that has ended since, or `only` this one. Returns how many."""
    before = _TABLE.alias()
    waiting = (
        select(_TABLE.c.id, before.c.state)
        .join_from(_TABLE, before, before.c.id == _TABLE.c.after_id)
        .where((_TABLE.c.state == State.AWAITING_APPROVAL.value) & before.c.state.in_([one.value for one in TERMINAL]))
    )
    if only is not None:
        waiting = waiting.where(_TABLE.c.id == only)
    with reading(engine) as conn:
        ready = [(row[0], row[1]) for row in conn.execute(waiting)]
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
