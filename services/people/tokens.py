"""Tokens for the command line: shown once, kept as a hash, for a person who has a role at that moment."""

import secrets
from hashlib import sha256

from sqlalchemy import Connection, func, select, update

from services.clock import DAY
from services.errors import InvalidRequest, NotAllowed
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.store.sql import read_all, read_one, table
from services.tables.staff.tokens import PersonToken
from services.typed_text import checked, typed

BEGINS = "jangbu_"
"""What a token begins with, so that whoever finds one knows what it is."""
LASTS = (30, 90, 180, 365)
"""For how many days one may be made."""
MOST = 20
"""Of one person at a time."""
_BYTES = 32
_LONGEST_NAME = 40
_NOTED_EVERY = 60
_TABLE = table(PersonToken)
_STANDING = _TABLE.c.revoked_at.is_(None)


def issue(conn: Connection, actor: Actor, name: str, days: int, now: float) -> str:
    """A new token of the actor's own, which nobody can read again. Raises InvalidRequest."""
    if not typed(name):
        raise InvalidRequest("Say what it is for: it is known by that later.", field="name")
    said = checked(name, "name", most=_LONGEST_NAME)
    if days not in LASTS:
        raise InvalidRequest("Choose for how long.", field="days")
    live = list_live(conn, now, actor.name)
    if len(live) >= MOST:
        raise InvalidRequest("You have {n} tokens: revoke one first.", field="name", n=MOST)
    if said in {one.name for one in live}:
        raise InvalidRequest("You have a token of this name.", field="name")
    token, ends = BEGINS + secrets.token_urlsafe(_BYTES), int(now) + days * DAY
    made = {"email": actor.name, "name": said, "hash": _hash(token), "made_at": int(now), "expires_at": ends}
    number = conn.execute(_TABLE.insert().values(made).returning(_TABLE.c.id)).scalar_one()
    audit.append(conn, actor, "token_made", int(now), token=number, person=actor.name, name=said, expires_at=ends)
    return token


def owner_of(conn: Connection, token: str, now: float) -> PersonToken:
    """The token's row. Raises NotAllowed, which says why, for one that opens nothing."""
    found = read_one(conn, PersonToken, select(_TABLE).where(_TABLE.c.hash == _hash(token.strip())))
    if found is None:
        raise NotAllowed("JANGBU_TOKEN is no token of this database: make one under My sessions and tokens.")
    if found.revoked_at is not None:
        raise NotAllowed("The token “{name}” was revoked: make another under My sessions and tokens.", name=found.name)
    if found.expires_at <= now:
        raise NotAllowed("The token “{name}” has expired: make another under My sessions and tokens.", name=found.name)
    return found


def number_of(conn: Connection, token: str) -> int | None:
    """Which one it is, though it may open nothing any more; None for what is none."""
    found: int | None = conn.execute(select(_TABLE.c.id).where(_TABLE.c.hash == _hash(token.strip()))).scalar()
    return found


def named_by(conn: Connection, token_id: int) -> str | None:
    """Whose token a number is; revoked ones too, since what was asked by them stays theirs."""
    found: str | None = conn.execute(select(_TABLE.c.email).where(_TABLE.c.id == token_id)).scalar()
    return found


def note_used(conn: Connection, token: PersonToken, now: float) -> None:
    """Writes down that it named its person."""
    conn.execute(update(_TABLE).where(_TABLE.c.id == token.id).values(used_at=int(now)))


def is_noted(token: PersonToken, now: float) -> bool:
    """Whether its last use stands there closely enough."""
    return token.used_at is not None and now < token.used_at + _NOTED_EVERY


def list_live(conn: Connection, now: float, email: str | None = None) -> list[PersonToken]:
    """Tokens that name somebody, of one person or of all, the latest first."""
    wanted = select(_TABLE).where(_STANDING, _TABLE.c.expires_at > int(now)).order_by(_TABLE.c.id.desc())
    return read_all(conn, PersonToken, wanted if email is None else wanted.where(_TABLE.c.email == email))


def count_live(conn: Connection, now: float) -> dict[str, int]:
    """How many tokens each person has."""
    live = (_STANDING, _TABLE.c.expires_at > int(now))
    rows = conn.execute(select(_TABLE.c.email, func.count()).where(*live).group_by(_TABLE.c.email))
    return {email: count for email, count in rows}


def revoke(conn: Connection, token_id: int, actor: Actor, now: float, *, of_others: bool = False) -> bool:
    """Ends one of the actor's own tokens, or anybody's; False where there is none any more."""
    live = select(_TABLE).where(_TABLE.c.id == token_id, _STANDING)
    found = read_one(conn, PersonToken, live if of_others else live.where(_TABLE.c.email == actor.name))
    if found is None:
        return False
    _revoke(conn, found, actor, now)
    return True


def revoke_all(conn: Connection, email: str, actor: Actor, now: float) -> int:
    """Ends all tokens of somebody who is out; how many there were."""
    live = list_live(conn, now, email)
    for one in live:
        _revoke(conn, one, actor, now)
    return len(live)


def _revoke(conn: Connection, token: PersonToken, actor: Actor, now: float) -> None:
    done = {"revoked_at": int(now), "revoked_by": actor.name}
    conn.execute(update(_TABLE).where(_TABLE.c.id == token.id).values(done))
    audit.append(conn, actor, "token_revoked", int(now), token=token.id, person=token.email, name=token.name)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
