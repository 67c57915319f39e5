"""Carrying one operation to its end in this process, as long as somebody is willing to wait."""

import time
from collections.abc import Callable
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.errors import JangbuError, Moved
from services.operations.executor import Executor
from services.operations.journal import journal
from services.store.engine import reading
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

log = structlog.get_logger("jangbu.operations")
_EVERY = 0.25
_WORKED_ON = (State.INTENT, State.SENT, State.UNKNOWN)
"""What changes without a person."""


def carry_to_end(executor: Executor, operation_id: int, *, seconds: float, look_now: bool = False) -> Operation:
    """Sends an intent, follows what another process sent, looks at what is unknown; as it stands at the end.

    `look_now` looks once at an unknown outcome, or one that needs a person, whenever its next look is due.
    """
    until = time.monotonic() + seconds
    operation = _read(executor, operation_id)
    if waits_for_another(operation):
        carry_to_end(executor, operation.after_id or 0, seconds=seconds, look_now=look_now)
        executor.follow(operation_id)
        operation = _read(executor, operation_id)
    if look_now and operation.state in (State.UNKNOWN, State.NEEDS_PERSON):
        _try(lambda: executor.look(operation_id), operation_id)
        operation = _read(executor, operation_id)
    while operation.state in _WORKED_ON:
        if operation.state == State.SENT:
            _try(executor.release, operation_id)
        elif journal.is_due(operation, executor.clock()):
            work = executor.carry_out if operation.state == State.INTENT else executor.look
            _try(partial(work, operation_id), operation_id)
        operation = _read(executor, operation_id)
        left = until - time.monotonic()
        if left <= 0 or operation.state not in _WORKED_ON:
            break
        executor.pause(min(_EVERY, left))
    return operation


def waits_for_another(operation: Operation) -> bool:
    """Whether an operation before it has to end first."""
    return operation.state == State.AWAITING_APPROVAL and operation.after_id is not None


def _read(executor: Executor, operation_id: int) -> Operation:
    with reading(executor.engine) as conn:
        return journal.get(conn, operation_id)


def _try(work: Callable[[], object], operation_id: int) -> None:
    """Whatever goes wrong here, only the journal says what became of it."""
    try:
        work()
    except Moved:
        return
    except (JangbuError, SQLAlchemyError) as error:
        log.error("operation was not worked on", operation=operation_id, error=type(error).__name__)
