"""How long an intent, an approval and a file live, and their end."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, select

from services.clock import DAY
from services.errors import Moved
from services.operations.journal.audit import Actor
from services.operations.journal.journal import AHEAD, move, saving
from services.operations.journal.states import Why
from services.store.engine import reading
from services.store.sql import read_all, table
from services.tables.journal import ALONE, Operation
from services.tables.journal import OperationState as State

INTENT_LIVES = 600
APPROVAL_LIVES = 7 * DAY
FILE_LIVES = DAY
"""After its approval the rows of a file go one after another, and wait for a gateway that is down; so long at most."""
_TABLE = table(Operation)


def expire_old(
    engine: Engine, actor: Actor, now: float, uncertain: Callable[[Connection, Operation], bool]
) -> list[Operation]:
    """Ends what nobody carried out in time, and what nobody approved in seven days: nothing was sent.

    `uncertain`: whether an earlier call may have gone through, which is attempts.is_uncertain's to say.
    """
    with reading(engine) as conn:
        old = old_ones(conn, now)
    ended = []
    for operation, why in old:
        with saving(engine) as conn, suppress(Moved):
            # What was sent once may have happened: it does not end here.
            sent = operation.fence and uncertain(conn, operation)
            to, action = (State.NEEDS_PERSON, "needs_person") if sent else (State.EXPIRED, why.value)
            ended.append(move(conn, operation, to, actor, action, now, why=why.value))
    return ended


def old_ones(conn: Connection, now: float) -> list[tuple[Operation, Why]]:
    """Intents and approvals that are too old, each with what to say of it."""
    intents = _old(conn, _TABLE.c.state == State.INTENT.value, now - INTENT_LIVES, now + AHEAD)
    late = [(one, Why.FILE_TOO_OLD if is_row(one) else Why.TOO_OLD) for one in intents if is_late(one, now)]
    return late + [(one, Why.NOT_APPROVED_IN_TIME) for one in _old(conn, ALONE, now - APPROVAL_LIVES, now + AHEAD)]


def is_row(operation: Operation) -> bool:
    """Whether an operation goes by its file; what was sent before goes by the person who has it sent again."""
    return operation.batch_id is not None and not operation.fence


def is_late(operation: Operation, now: float) -> bool:
    """Whether an intent may no longer be sent: too old, or written by a clock that was set back since."""
    if is_row(operation):
        return now > (operation.approved_at or 0) + FILE_LIVES
    return not now - INTENT_LIVES <= operation.state_at <= now + AHEAD


def _old(conn: Connection, kind: Any, before: float, after: float) -> list[Operation]:
    late = (_TABLE.c.state_at < before) | (_TABLE.c.state_at > after)
    return read_all(conn, Operation, select(_TABLE).where(kind, late).limit(200))
