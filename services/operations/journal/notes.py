"""Writing a note on a payment: a row and its entry in the audit at once, and no way to take either back."""

from sqlalchemy import Engine

from services.errors import InvalidRequest
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.operations.journal.note_rows import LONGEST, checked_note, keep_note
from services.store.lists.told import told_since
from services.tables.notes import Told

__all__ = ["LONGEST", "mark_told", "write_note"]


def write_note(engine: Engine, imp_uid: str, text: str, actor: Actor, now: float) -> None:
    """Keeps a note in the writer's name. Raises InvalidRequest, for card and resident numbers too, and NotSaved."""
    text = checked_note(text)
    if not text:
        raise InvalidRequest("Write something first.", field="note")
    with saving(engine) as conn:
        keep_note(conn, imp_uid, text, actor, now)


def mark_told(engine: Engine, imp_uid: str, told: Told, since: int, actor: Actor, now: float) -> None:
    """Keeps that the buyer was told what happened at `since`; once, whoever says so first. Raises NotSaved."""
    with saving(engine) as conn:
        if told_since(conn, imp_uid, told, since) is None:
            keep_note(conn, imp_uid, "", actor, now, told=told)
