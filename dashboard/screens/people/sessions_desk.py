"""What the screen of sessions and tokens reads, and what a person ends or makes there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.errors import JangbuError, NotAllowed
from services.operations.journal import audit
from services.operations.journal.journal import saving
from services.people import sessions, tokens
from services.tables.people import Ending, PersonSession
from services.tables.staff.tokens import PersonToken

from dashboard.access import Permission, User, auth_configured
from dashboard.process.doors import doors
from dashboard.process.executor import actor_of
from dashboard.process.resources import current_settings, open_session, open_store
from dashboard.process.sessions import current_session


@dataclass(frozen=True, slots=True)
class SessionScreen:
    """Sessions and tokens of a person, and for administrators those of the others."""

    own: Sequence[PersonSession]
    tokens: Sequence[PersonToken]
    others: Sequence[PersonSession]
    others_tokens: Sequence[PersonToken]
    here: str
    """The id of the session before this screen."""
    signs_in: bool


def read_sessions(user: User) -> SessionScreen:
    """As they are at this moment."""
    now, of_all = time.time(), user.may(Permission.MANAGE_PEOPLE)
    with open_session() as conn:
        live = sessions.list_live(conn, now, None if of_all else user.email, current_settings().lasting)
        named = tokens.list_live(conn, now, None if of_all else user.email)
    return SessionScreen(
        [one for one in live if one.email == user.email],
        [one for one in named if one.email == user.email],
        [one for one in live if one.email != user.email],
        [one for one in named if one.email != user.email],
        current_session(),
        auth_configured(),
    )


def end(chosen: Sequence[PersonSession], user: User) -> JangbuError | None:
    """Ends sessions; what stands in the way. Those of others are an administrator's to end, and stand in the audit."""
    actor, now = actor_of(user), time.time()
    try:
        others = _of_others(user, {one.email for one in chosen})
        with saving(open_store(checked=False)) as conn:
            for one in chosen:
                why = Ending.ENDED if one.email == user.email else Ending.ADMINISTRATOR
                sessions.end_one(conn, one.id, why, actor.origin, now)
            for person in others:
                count = sum(one.email == person for one in chosen)
                audit.append(conn, actor, "sessions_ended", int(now), person=person, sessions=count)
    except JangbuError as error:
        return error
    doors.look()
    return None


def revoke(chosen: Sequence[PersonToken], user: User) -> JangbuError | None:
    """Ends tokens; what stands in the way. Those of others are an administrator's to end."""
    actor = actor_of(user)
    try:
        others = _of_others(user, {one.email for one in chosen})
        with saving(open_store(checked=False)) as conn:
            for one in chosen:
                tokens.revoke(conn, one.id or 0, actor, time.time(), of_others=one.email in others)
    except JangbuError as error:
        return error
    return None


def issue(name: str, days: int, user: User) -> str | JangbuError:
    """A token of the person's own, to be shown this once; or what stands in the way."""
    actor = actor_of(user)
    try:
        if not auth_configured():
            raise NotAllowed("Nobody has to sign in here, so a command needs no token.")
        with saving(open_store(checked=False)) as conn:
            return tokens.issue(conn, actor, name, days, time.time())
    except JangbuError as error:
        return error


def _of_others(user: User, people: set[str]) -> set[str]:
    others = people - {user.email}
    if others and not user.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed("Sessions and tokens of others are for administrators.")
    return others
