"""The end of what nobody carried out, or approved, in time."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, select

from services.errors import Moved
from services.operations.journal.attempts import is_uncertain
from services.operations.journal.audit import Actor
from services.operations.journal.journal import AHEAD, move, saving
from services.operations.journal.states import Why
from services.operations.journal.terms import APPROVAL_LIVES, INTENT_LIVES, is_late, is_row
from services.store.engine import reading
from services.store.sql import read_all, table
from services.tables.journal import ALONE, Operation
from services.tables.journal import OperationState as State

_TABLE = table(Operation)


def expire_old(engine: Engine, actor: Actor, now: float) -> list[Operation]:
    """Ends what nobody carried out in time, and what nobody approved in seven days: nothing was sent."""
    with reading(engine) as conn:
        old = old_ones(conn, now)
    ended = []
    for operation, why in old:
        with saving(engine) as conn, suppress(Moved):
            # What was sent once may have happened: it does not end here.
            sent = operation.fence and is_uncertain(conn, operation)
            to, action = (State.NEEDS_PERSON, "needs_person") if sent else (State.EXPIRED, why.value)
            ended.append(move(conn, operation, to, actor, action, now, why=why.value))
    return ended


def old_ones(conn: Connection, now: float) -> list[tuple[Operation, Why]]:
    """Intents and approvals that are too old, each with what to say of it."""
    intents = _old(conn, _TABLE.c.state == State.INTENT.value, now - INTENT_LIVES, now + AHEAD)
    late = [(one, Why.FILE_TOO_OLD if is_row(one) else Why.TOO_OLD) for one in intents if is_late(one, now)]
    return late + [(one, Why.NOT_APPROVED_IN_TIME) for one in _old(conn, ALONE, now - APPROVAL_LIVES, now + AHEAD)]


def _old(conn: Connection, kind: Any, before: float, after: float) -> list[Operation]:
    late = (_TABLE.c.state_at < before) | (_TABLE.c.state_at > after)
    return read_all(conn, Operation, select(_TABLE).where(kind, late).limit(200))
