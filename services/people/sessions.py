"""Sessions as rows: twelve hours at the longest, half an hour without the person, and over at once when ended."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, select, update

from services.store.sql import table
from services.tables.people import Ending, PersonSession

LONGEST = 12 * 3600
IDLE = 30 * 60
_KEPT = 2 * LONGEST
_TABLE = table(PersonSession)


def find(conn: Connection, ids: Iterable[str]) -> dict[str, PersonSession]:
    """Sessions by id, ended ones too."""
    rows = conn.execute(select(_TABLE).where(_TABLE.c.id.in_(list(ids)))).mappings()
    return {row["id"]: PersonSession(**row) for row in rows}


def is_live(session: PersonSession, now: float) -> bool:
    """Whether it opens anything at this moment."""
    return session.ended_at is None and now < session.begun_at + LONGEST and now < session.seen_at + IDLE


def begin(conn: Connection, session: PersonSession) -> PersonSession:
    """Keeps a new session and forgets those of yesterday; writers come one after another, so that two begin one.

    Who was signed out everywhere since it was signed, is out with it too, though it was used nowhere yet.
    """
    conn.execute(delete(_TABLE).where(_TABLE.c.begun_at < session.begun_at - _KEPT))
    if found := find(conn, [session.id]):
        return found[session.id]
    mine = (_TABLE.c.email == session.email, _TABLE.c.ended_at > session.begun_at)
    ended = conn.execute(select(_TABLE.c.ended_at, _TABLE.c.why).where(*mine).order_by(_TABLE.c.ended_at)).first()
    if ended:
        session = session.model_copy(update={"ended_at": ended.ended_at, "why": ended.why})
    conn.execute(_TABLE.insert().values(session.model_dump()))
    return session


def note_seen(conn: Connection, seen: Mapping[str, float]) -> None:
    """Writes down when each person last did something."""
    for session_id, at in seen.items():
        later = update(_TABLE).where(_TABLE.c.id == session_id, _TABLE.c.seen_at < int(at))
        conn.execute(later.values(seen_at=int(at)))


def end_all(conn: Connection, email: str, why: Ending, now: float) -> int:
    """Ends every session of an address, on whatever device; how many there were."""
    live = (_TABLE.c.email == email, _TABLE.c.ended_at.is_(None), _TABLE.c.begun_at > int(now) - LONGEST)
    done = conn.execute(update(_TABLE).where(*live).values(ended_at=int(now), why=why.value))
    return int(done.rowcount)


def list_live(conn: Connection, now: float) -> list[PersonSession]:
    """Those that open something, the latest first."""
    rows = conn.execute(select(_TABLE).where(_TABLE.c.ended_at.is_(None)).order_by(_TABLE.c.begun_at.desc())).mappings()
    return [one for one in (PersonSession(**row) for row in rows) if is_live(one, now)]
