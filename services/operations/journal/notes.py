"""Writing a note on a payment: a row and its entry in the audit at once, which nobody takes back."""

from sqlalchemy import Engine

from services.errors import InvalidRequest
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.operations.journal.note_rows import LONGEST, checked_note, keep_note
from services.operations.journal.told import told_since
from services.store.lists.one import notes_on
from services.tables.notes import Told

__all__ = ["LONGEST", "mark_told", "write_note"]

_AT_ONCE = 60
"""Seconds within which the same words of the same person are a click that came twice."""


def write_note(engine: Engine, imp_uid: str, text: str, actor: Actor, now: float) -> None:
    """Keeps a note in the writer's name, once. Raises InvalidRequest, for forbidden numbers too, and NotSaved."""
    text = checked_note(text)
    if not text:
        raise InvalidRequest("Write something first.", field="note")
    with saving(engine) as conn:
        last = next(iter(notes_on(conn, [imp_uid])), None)
        if last and (last.text, last.written_by) == (text, actor.name) and now - last.written_at < _AT_ONCE:
            return
        keep_note(conn, imp_uid, text, actor, now)


def mark_told(engine: Engine, imp_uid: str, told: Told, since: int, actor: Actor, now: float) -> None:
    """Keeps that the buyer was told what happened at `since`; once, whoever says so first. Raises NotSaved."""
    with saving(engine) as conn:
        if told_since(conn, imp_uid, told, since) is None:
            keep_note(conn, imp_uid, "", actor, now, told=told)
