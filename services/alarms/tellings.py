"""Who is told of what: claimed before it is sent, so that one process alone sends it; a failed try comes again."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from services.alarms.matters import KEPT
from services.alarms.receivers import Receiver
from services.store.engine import reading, writing
from services.store.sql import in_dialect, read_all, table
from services.tables.alarms import About, Matter, MatterKind, Telling

_MATTER, _TELLING = table(Matter), table(Telling)
HELD = 300
"""Seconds for which nobody else tries what was claimed: longer than any sending takes."""
_FIRST_WAIT, _LONGEST_WAIT = 60, 3600
_DOUBLINGS = 10
TELL_END = (
    MatterKind.MIRROR,
    MatterKind.GATEWAY,
    MatterKind.DRIFT,
    MatterKind.FAILURES,
    MatterKind.DISK,
    MatterKind.BACKUP,
)
"""Kinds of which it is told that they are over; of what a person settled they know themselves."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Matters of one kind that one message tells a receiver of."""

    receiver: Receiver
    kind: MatterKind
    about: About
    matters: Sequence[Matter]

    @property
    def id(self) -> str:
        """The same for the same matters, so that a receiver can tell what came twice."""
        ids = " ".join(str(one.id) for one in self.matters)
        return f"{sha256(ids.encode()).hexdigest()[:16]}-{self.about}"


@dataclass(frozen=True, slots=True)
class State:
    """How a receiver stands: when it was told last, and of how many matters it could not be told, and why."""

    told_at: int | None
    failing: int
    error: str | None


def is_due(conn: Connection, receiver: Receiver, now: float) -> bool:
    """Whether there is anything to tell a receiver now."""
    return any(conn.execute(_due(receiver, about, now).limit(1)).first() for about in About)


def claim(engine: Engine, receiver: Receiver, now: float) -> list[Claim]:
    """What this process alone tells a receiver now: by kind, the oldest matters first."""
    with reading(engine) as conn:
        if not is_due(conn, receiver, now):
            return []
    with writing(engine) as conn:
        found = {about: read_all(conn, Matter, _due(receiver, about, now)) for about in About}
        for about, matters in found.items():
            _hold(conn, receiver, about, matters, now)
    kinds = [(about, kind) for about in About for kind in MatterKind]
    each = [Claim(receiver, kind, about, [one for one in found[about] if one.kind == kind]) for about, kind in kinds]
    return [one for one in each if one.matters]


def told(engine: Engine, claimed: Claim, now: float) -> None:
    """It arrived."""
    with writing(engine) as conn:
        conn.execute(update(_TELLING).where(*_of(claimed)).values(told_at=int(now), error=None))


def failed(engine: Engine, claimed: Claim, error: str, now: float) -> None:
    """It did not: tried again later, each time after twice as long, an hour at most."""
    with writing(engine) as conn:
        mine = select(_TELLING).where(*_of(claimed))
        for one in read_all(conn, Telling, mine):
            wait = min(_FIRST_WAIT * 2 ** min(one.tries - 1, _DOUBLINGS), _LONGEST_WAIT)
            this = and_(*_of(claimed), _TELLING.c.matter_id == one.matter_id)
            conn.execute(update(_TELLING).where(this).values(error=error, due_at=int(now) + wait))


def state_of(conn: Connection, receiver: str) -> State:
    """How a receiver stands, by its name."""
    last = conn.execute(select(func.max(_TELLING.c.told_at)).where(_TELLING.c.receiver == receiver)).scalar()
    # That something began is no news any more once it is over.
    news = _MATTER.c.ended_at.is_(None) | (_TELLING.c.about == About.END.value)
    mine = (_TELLING.c.receiver == receiver, _TELLING.c.error.is_not(None), news)
    wanted = select(_TELLING.c.error).join(_MATTER, _MATTER.c.id == _TELLING.c.matter_id).where(*mine)
    errors = list(conn.execute(wanted.order_by(_TELLING.c.due_at.desc())).scalars())
    return State(last, len(errors), errors[0] if errors else None)


def _due(receiver: Receiver, about: About, now: float) -> Select[Any]:
    """Matters that a receiver is to be told of: not yet, and nobody is at it."""
    mine = and_(
        _TELLING.c.matter_id == _MATTER.c.id, _TELLING.c.receiver == receiver.name, _TELLING.c.about == about.value
    )
    open_still = _TELLING.c.matter_id.is_(None) | (_TELLING.c.told_at.is_(None) & (_TELLING.c.due_at <= int(now)))
    is_quiet = receiver.quiet is not None and receiver.quiet.holds(now)
    kinds = [kind for kind in (*receiver.kinds, MatterKind.TEST) if kind == MatterKind.TEST or not is_quiet]
    wanted = select(_MATTER).select_from(_MATTER.outerjoin(_TELLING, mine)).where(open_still)
    return wanted.where(*_matters(receiver, about, kinds, now)).order_by(_MATTER.c.since, _MATTER.c.id)


def _matters(receiver: Receiver, about: About, kinds: Sequence[MatterKind], now: float) -> list[ColumnElement[bool]]:
    if about == About.BEGIN:
        return [
            _MATTER.c.kind.in_([kind.value for kind in kinds]),
            _MATTER.c.ended_at.is_(None),
            _MATTER.c.gone_at.is_(None),
        ]
    # Whoever was told that it began, or could not be reached while it lasted; of what came and went in quiet hours
    # nobody was to be told.
    telling = _TELLING.alias()
    begun = select(telling.c.matter_id).where(
        telling.c.matter_id == _MATTER.c.id,
        telling.c.receiver == receiver.name,
        telling.c.about == About.BEGIN.value,
    )
    ends = [kind.value for kind in kinds if kind in TELL_END]
    return [_MATTER.c.kind.in_(ends), _MATTER.c.ended_at > int(now) - KEPT, begun.correlate(_MATTER).exists()]


def _hold(conn: Connection, receiver: Receiver, about: About, matters: Sequence[Matter], now: float) -> None:
    sql = (
        "INSERT INTO alarm_telling (matter_id, receiver, about, tries, due_at) VALUES (?, ?, ?, 1, ?) "
        "ON CONFLICT (matter_id, receiver, about) "
        "DO UPDATE SET tries = alarm_telling.tries + 1, due_at = excluded.due_at"
    )
    values = [(one.id, receiver.name, about.value, int(now) + HELD) for one in matters]
    if values:
        conn.exec_driver_sql(in_dialect(conn, sql), values)


def _of(claimed: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        _TELLING.c.matter_id.in_([one.id for one in claimed.matters]),
        _TELLING.c.receiver == claimed.receiver.name,
        _TELLING.c.about == claimed.about.value,
    )
