"""A charge that was refused and paid after all: a person lets it stand, or refunds it like any payment."""

from sqlalchemy import Engine

from services.errors import InvalidRequest, Moved
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.store.writes.late_payments import let_stand
from services.typed_text import require_typed


def put_aside(engine: Engine, imp_uid: str, operation_id: int, actor: Actor, note: str, now: float) -> None:
    """Takes a late payment off the list of things to look at, for a reason. Raises InvalidRequest, Moved, NotSaved."""
    if not note.strip():
        raise InvalidRequest("Give a reason: it is kept with the operation.", field="note")
    require_typed(note, "note")
    with saving(engine) as conn:
        if not let_stand(conn, imp_uid, actor.name, note.strip(), now=int(now)):
            raise Moved("It has been dealt with already.")
        audit.append(conn, actor, "let_stand", int(now), operation_id=operation_id, note=note.strip(), imp_uid=imp_uid)
