"""Writing a note on a payment: a row and its entry in the audit at once, and no way to take either back."""

from sqlalchemy import Engine

from services.errors import InvalidRequest
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.store.lists.one import notes_on
from services.store.sql import table
from services.tables.notes import Note
from services.typed_text import require_typed, typed

LONGEST = 1_000
"""Signs of a note."""
_AT_ONCE = 60
"""Seconds within which the same words of the same person are a click that came twice."""


def write_note(engine: Engine, imp_uid: str, text: str, actor: Actor, now: float) -> None:
    """Keeps a note in the writer's name, once. Raises InvalidRequest, for forbidden numbers too, and NotSaved."""
    text = typed(text)
    if not text:
        raise InvalidRequest("Write something first.", field="note")
    if len(text) > LONGEST:
        raise InvalidRequest("That is longer than {most} signs.", field="note", most=f"{LONGEST:,}")
    require_typed(text, "note")
    with saving(engine) as conn:
        last = next(iter(notes_on(conn, [imp_uid])), None)
        if last and (last.text, last.written_by) == (text, actor.name) and now - last.written_at < _AT_ONCE:
            return
        row = {"imp_uid": imp_uid, "text": text, "written_by": actor.name, "written_at": int(now)}
        conn.execute(table(Note).insert().values(row))
        audit.append(conn, actor, "noted", int(now), imp_uid=imp_uid, note=text)
