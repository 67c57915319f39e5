"""Sessions as rows: so long at the longest, so long without the person, and over at once when ended.

Each that ends leaves an entry in the access log, in the same transaction, however it ends.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from services.operations.journal.audit import Actor
from services.people import access_log
from services.people.access_log import Access
from services.people.lasting import MOST_HOURS, Lasting
from services.store.sql import table
from services.tables.people import Ending, PersonSession
from services.tables.staff.access import AccessKind

_LONGEST = MOST_HOURS * 3600
_KEPT = _LONGEST + 600
_SEEN_LATE = 120
"""Seconds by which the row may not know yet that its person did something."""
_OF_ITSELF = "settings"
"""From where a session ends by its time: how long it lasts is a setting."""
_USUAL = Lasting()
_TABLE = table(PersonSession)


def find(conn: Connection, ids: Iterable[str]) -> dict[str, PersonSession]:
    """Sessions by id, ended ones too."""
    rows = conn.execute(select(_TABLE).where(_TABLE.c.id.in_(list(ids)))).mappings()
    return {row["id"]: PersonSession(**row) for row in rows}


def is_live(session: PersonSession, now: float, lasting: Lasting = _USUAL) -> bool:
    """Whether it opens anything at this moment."""
    in_time = now < session.begun_at + lasting.longest and now < session.seen_at + lasting.idle
    return session.ended_at is None and in_time


def begin(conn: Connection, session: PersonSession) -> PersonSession:
    """Keeps a new session and forgets those of yesterday; writers come one after another, so that two begin one.

    Who was signed out everywhere since it was signed, is out with it too, though it was used nowhere yet.
    """
    old = _TABLE.c.begun_at < session.begun_at - _KEPT
    _end(conn, [old], Ending.EXPIRED, _OF_ITSELF, session.begun_at)
    conn.execute(delete(_TABLE).where(old))
    if found := find(conn, [session.id]):
        return found[session.id]
    out = (_TABLE.c.ended_at > session.begun_at, _TABLE.c.why != Ending.EXPIRED.value)
    mine = (_TABLE.c.email == session.email, *out)
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


def end_all(conn: Connection, email: str, why: Ending, origin: str, now: float) -> int:
    """Ends every session of an address, on whatever device; how many there were. `origin`: from where it is done."""
    return _end(conn, [_TABLE.c.email == email, _TABLE.c.begun_at > int(now) - _LONGEST], why, origin, now)


def end_one(conn: Connection, session_id: str, why: Ending, origin: str, now: float) -> bool:
    """Ends one session; False where it has ended already."""
    return _end(conn, [_TABLE.c.id == session_id], why, origin, now) > 0


def end_expired(conn: Connection, now: float, lasting: Lasting = _USUAL) -> int:
    """Ends those that open nothing any more by their time; how many there were."""
    return _end(conn, [_is_expired(now, lasting)], Ending.EXPIRED, _OF_ITSELF, now)


def has_expired(conn: Connection, now: float, lasting: Lasting = _USUAL) -> bool:
    """Whether there is one for end_expired."""
    wanted = select(_TABLE.c.id).where(_TABLE.c.ended_at.is_(None), _is_expired(now, lasting))
    return conn.execute(wanted.limit(1)).first() is not None


def _is_expired(now: float, lasting: Lasting) -> ColumnElement[bool]:
    idle = _TABLE.c.seen_at <= int(now) - lasting.idle - _SEEN_LATE
    return or_(_TABLE.c.begun_at <= int(now) - lasting.longest, idle)


def _end(conn: Connection, which: Sequence[ColumnElement[bool]], why: Ending, origin: str, now: float) -> int:
    done = update(_TABLE).where(*which, _TABLE.c.ended_at.is_(None)).values(ended_at=int(now), why=why.value)
    ended = sorted(conn.execute(done.returning(_TABLE.c.email)).scalars())
    for email in ended:
        access_log.append(conn, Actor(email, origin), Access(AccessKind.SIGNED_OUT, why), now)
    return len(ended)


def list_live(conn: Connection, now: float, email: str | None = None, lasting: Lasting = _USUAL) -> list[PersonSession]:
    """Those that open something, of one person or of all, the latest first."""
    wanted = select(_TABLE).where(_TABLE.c.ended_at.is_(None)).order_by(_TABLE.c.begun_at.desc())
    rows = conn.execute(wanted if email is None else wanted.where(_TABLE.c.email == email)).mappings()
    return [one for one in (PersonSession(**row) for row in rows) if is_live(one, now, lasting)]
