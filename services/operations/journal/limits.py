"""From which amount on a second person approves a refund: kept in the database, and never lowered by who asks."""

from typing import Any

from sqlalchemy import Connection, Engine

from services.operations.journal import audit
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.journal import saving
from services.store.sql import fetch
from services.store.writes.sync import set_mark

LIMIT = "refund_approval_from"
"""The mark that holds it."""
_NEVER = "never"


def kept_limit(conn: Connection) -> tuple[bool, int | None]:
    """Whether a limit is kept, and which: won, None for never."""
    row = fetch(conn, "SELECT value FROM mark WHERE name = ?", (LIMIT,))
    return bool(row), read_limit(row[0][0]) if row else None


def read_limit(value: str) -> int | None:
    """What the mark holds: won, None for never."""
    return None if value == _NEVER else int(value)


def stricter(conn: Connection, setting: int | None) -> int | None:
    """What holds: the lower one of the database's and of this process's own setting; None for never."""
    given = [limit for limit in (kept_limit(conn)[1], setting) if limit is not None]
    return min(given, default=None)


def set_limit(engine: Engine, limit: int | None, actor: Actor, now: float, *, reason: str = "") -> None:
    """Changes the limit, with an audit entry that says from what to what, and why. Raises NotSaved."""
    with saving(engine) as conn:
        write_limit(conn, limit, actor, now, reason=reason)


def write_limit(conn: Connection, limit: int | None, actor: Actor, now: float, *, reason: str = "") -> None:
    """The same inside a transaction."""
    before, said = kept_limit(conn)[1], dict[str, Any](reason=reason) if reason else {}
    set_mark(conn, LIMIT, _NEVER if limit is None else str(limit), int(now))
    audit.append(conn, actor, "limit_set", int(now), before=before, after=limit, **said)


def take_first(engine: Engine, setting: int | None, now: float) -> None:
    """The setting becomes the database's limit where that has none yet; from then on only set_limit() changes it."""
    with saving(engine) as conn:
        if setting is None or kept_limit(conn)[0]:
            return
        set_mark(conn, LIMIT, str(setting), int(now))
        audit.append(conn, Actor(JANGBU, "settings"), "limit_set", int(now), before=None, after=setting)
