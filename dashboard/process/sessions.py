"""Sessions of people on screens and routes: begun by a new cookie, looked at on every run, ended everywhere at once."""

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st
from services.errors import SignInRefused
from services.operations.journal.roster import Roster
from services.people import access_log, identities, sessions
from services.people.access_log import Access
from services.store.engine import writing
from services.tables.people import Ending, PersonSession
from services.tables.staff.access import AccessKind
from services.typed_text import is_storable
from starlette.datastructures import Headers

from dashboard.access import LOCAL_USER, User, auth_configured, is_signed_in
from dashboard.options import SESSION
from dashboard.process.access_log.note import from_address
from dashboard.process.identity import Person, person_of
from dashboard.process.resources import current_settings, open_session, open_store
from dashboard.process.roster import roster_here
from dashboard.routes.cookie import SignIn, sign_in_of

_LONGEST_AGENT = 300


def current_user() -> User | None:
    """Who runs this script, None without a session that is live at this moment."""
    if not auth_configured():
        return LOCAL_USER
    session_id = st.user.get(SESSION)
    return user_of(session_id) if is_signed_in() and isinstance(session_id, str) else None


def current_session() -> str:
    """The id of the session that runs this script; empty without sign-in."""
    return str(st.user.get(SESSION) or "")


def user_of(session_id: str) -> User | None:
    """The person of a session; one whose role has changed is ended by that."""
    with open_session() as conn:
        found, roster = sessions.find(conn, [session_id]).get(session_id), roster_here(conn)
    return live_user(found, roster, time.time()) if found else None


def live_user(session: PersonSession, roster: Roster, now: float) -> User | None:
    """The person of a session that was read; one whose role has changed is ended by that."""
    if not sessions.is_live(session, now, current_settings().lasting):
        return None
    if roster.roles.get(session.email) != session.role:
        end_all(session.email, Ending.ROLE, "settings")
        return None
    return User(session.email, session.role, roster.stores_of(session.email), made=roster.made)


def colleagues() -> frozenset[str]:
    """The addresses of everybody with a role."""
    with open_session() as conn:
        return frozenset(roster_here(conn).roles)


def admitted(headers: Headers, address: str = "") -> str | None:
    """The live session of a request, begun where its cookie comes for the first time; None where there is none.

    `address` is where the request came from.
    """
    found = sign_in_of(headers)
    if found is None:
        return None
    with open_session() as conn:
        session = sessions.find(conn, [found.id]).get(found.id)
        roster = roster_here(conn)
    session = session or _begun(found, roster, headers.get("user-agent", ""), address)
    return session.id if session and live_user(session, roster, time.time()) else None


def _begun(found: SignIn, roster: Roster, agent: str, address: str) -> PersonSession | None:
    try:
        person = person_of(found.claims, current_settings(), roster.roles)
    except SignInRefused:
        return None
    email, now = person.user.email, time.time()
    new = PersonSession(
        id=found.id,
        email=email,
        role=person.user.role,
        begun_at=found.at,
        seen_at=found.at,
        agent=agent[:_LONGEST_AGENT] if is_storable(agent) else None,
    )
    with writing(open_store(checked=False)) as conn:
        if not identities.bind(conn, email, person.issuer, person.subject, now):
            return None
        identities.note_seen(conn, email, now)
        begun = sessions.begin(conn, new)
        if begun is new and sessions.is_live(begun, now, current_settings().lasting):
            access_log.append(conn, from_address(email, address), Access(AccessKind.SIGNED_IN, person.user.role), now)
        return begun


def end_all(email: str, why: Ending, origin: str) -> int:
    """Ends every session of an address; how many there were. `origin` is from where, as in the access log."""
    with writing(open_store(checked=False)) as conn:
        return sessions.end_all(conn, email, why, origin, time.time())


def refusal(claims: Mapping[str, Any]) -> SignInRefused | None:
    """Why somebody who signed in gets no session; None where another sign-in would do."""
    with open_session() as conn:
        roles = roster_here(conn).roles
    try:
        person = person_of(claims, current_settings(), roles)
    except SignInRefused as error:
        return error
    return _of_somebody_else(person)


def _of_somebody_else(person: Person) -> SignInRefused | None:
    with open_session() as conn:
        bound = identities.find(conn, person.user.email)
    if not identities.is_other(bound, person.issuer, person.subject):
        return None
    return SignInRefused(
        "Your address was first used by another account than the one you signed in with. "
        "Ask the person who runs Jangbu to give it to yours."
    )
