"""From which amount on a second person approves a refund: kept in the database, and never lowered by who asks."""

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
    return bool(row), None if not row or row[0][0] == _NEVER else int(row[0][0])


def stricter(conn: Connection, setting: int | None) -> int | None:
    """What holds: the lower one of the database's and of this process's own setting; None for never."""
    given = [limit for limit in (kept_limit(conn)[1], setting) if limit is not None]
    return min(given, default=None)


def set_limit(engine: Engine, limit: int | None, actor: Actor, now: float) -> None:
    """Changes the limit, with an audit entry that says from what to what. Raises NotSaved."""
    with saving(engine) as conn:
        before = kept_limit(conn)[1]
        set_mark(conn, LIMIT, _NEVER if limit is None else str(limit), int(now))
        audit.append(conn, actor, "limit_set", int(now), before=before, after=limit)


def take_first(engine: Engine, setting: int | None, now: float) -> None:
    """The setting becomes the database's limit where that has none yet; from then on only set_limit() changes it."""
    with saving(engine) as conn:
        if setting is None or kept_limit(conn)[0]:
            return
        set_mark(conn, LIMIT, str(setting), int(now))
        audit.append(conn, Actor(JANGBU, "settings"), "limit_set", int(now), before=None, after=setting)
