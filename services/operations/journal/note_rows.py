"""A note on a payment as a row with its entry in the audit, inside of a transaction that writes more."""

from hashlib import sha256

from sqlalchemy import Connection, select

from services.errors import InvalidRequest
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.store.sql import table
from services.tables.notes import Note, Told
from services.typed_text import require_typed, typed

LONGEST = 1_000
"""Signs of a note."""


def checked_note(text: str) -> str:
    """A note as it is kept. Raises InvalidRequest, for card and resident numbers too."""
    text = typed(text)
    if len(text) > LONGEST:
        raise InvalidRequest("That is longer than {most} signs.", field="note", most=f"{LONGEST:,}")
    require_typed(text, "note")
    return text


def is_latest_note(conn: Connection, imp_uid: str, text: str, actor: Actor) -> bool:
    """Whether the latest note on a payment says the same, in the same name."""
    note = table(Note)
    wanted = select(note.c.text, note.c.written_by).where(note.c.imp_uid == imp_uid, note.c.told.is_(None))
    return conn.execute(wanted.order_by(note.c.id.desc()).limit(1)).first() == (text, actor.name)


def _digest(text: str) -> str:
    """What the audit keeps of the words: a changed note is seen, and one that the law wants gone can go."""
    return sha256(text.encode()).hexdigest()


def keep_note(conn: Connection, imp_uid: str, text: str, actor: Actor, now: float, *, told: Told | None = None) -> None:
    """Keeps a note in the writer's name; `told`: that the buyer was told this."""
    row = {"imp_uid": imp_uid, "text": text, "written_by": actor.name, "written_at": int(now), "told": told}
    conn.execute(table(Note).insert().values(row))
    if told is None:
        audit.append(conn, actor, "noted", int(now), imp_uid=imp_uid, note_digest=_digest(text))
    else:
        audit.append(conn, actor, "told", int(now), imp_uid=imp_uid, told=told.value)
