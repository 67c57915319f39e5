"""Sessions of people on screens and routes: begun by a new cookie, looked at on every run, ended everywhere at once."""

import time
from collections.abc import Mapping
from typing import Any

import streamlit as st
from services.errors import SignInRefused
from services.people import identities, sessions
from services.store.engine import writing
from services.tables.people import Ending, PersonSession
from starlette.datastructures import Headers

from dashboard.access import LOCAL_USER, User, auth_configured, is_signed_in
from dashboard.options import SESSION
from dashboard.process.identity import Person, person_of
from dashboard.process.resources import current_settings, open_session, open_store
from dashboard.routes.cookie import SignIn, sign_in_of
from dashboard.settings import Role


def current_user() -> User | None:
    """Who runs this script, None without a session that is live at this moment."""
    if not auth_configured():
        return LOCAL_USER
    session_id = st.user.get(SESSION)
    return user_of(session_id) if is_signed_in() and isinstance(session_id, str) else None


def user_of(session_id: str) -> User | None:
    """The person of a session; one whose role has changed is ended by that."""
    with open_session() as conn:
        found = sessions.find(conn, [session_id]).get(session_id)
    return live_user(found, time.time()) if found else None


def live_user(session: PersonSession, now: float) -> User | None:
    """The person of a session that was read; one whose role has changed is ended by that."""
    if not sessions.is_live(session, now):
        return None
    if current_settings().roles.get(session.email) != session.role:
        end_all(session.email, Ending.ROLE)
        return None
    return User(session.email, Role(session.role))


def admitted(headers: Headers) -> str | None:
    """The live session of a request, begun where its cookie comes for the first time; None where there is none."""
    found = sign_in_of(headers)
    if found is None:
        return None
    with open_session() as conn:
        session = sessions.find(conn, [found.id]).get(found.id)
    session = session or _begun(found)
    return session.id if session and live_user(session, time.time()) else None


def _begun(found: SignIn) -> PersonSession | None:
    try:
        person = person_of(found.claims, current_settings())
    except SignInRefused:
        return None
    new = PersonSession(
        id=found.id, email=person.user.email, role=person.user.role, begun_at=found.at, seen_at=found.at
    )
    with writing(open_store(checked=False)) as conn:
        if not identities.bind(conn, person.user.email, person.issuer, person.subject, time.time()):
            return None
        return sessions.begin(conn, new)


def end_all(email: str, why: Ending) -> int:
    """Ends every session of an address; how many there were."""
    with writing(open_store(checked=False)) as conn:
        return sessions.end_all(conn, email, why, time.time())


def refusal(claims: Mapping[str, Any]) -> SignInRefused | None:
    """Why somebody who signed in gets no session; None where another sign-in would do."""
    try:
        person = person_of(claims, current_settings())
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
