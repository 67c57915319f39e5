"""Entries of the access log: written before what they tell of is shown; where they cannot be, it is not."""

import re
import time
from contextlib import suppress
from ipaddress import ip_address

import streamlit as st
from services.errors import NotSaved
from services.operations.journal.audit import Actor
from services.operations.journal.persons import LOCAL, SCREEN
from services.people import access_log
from services.people.access_log import Access
from services.people.whose import NOT_KEPT
from services.store.engine import writing
from services.tables.staff.access import AccessKind
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dashboard.access import User
from dashboard.process.resources import open_store

_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_WAITS = 3_000
"""Milliseconds for whoever writes at this moment: a page waits for no longer."""


def note(actor: Actor, access: Access) -> None:
    """One entry, in a short transaction of its own. Raises NotSaved: then it is neither shown nor done.

    That a file was taken along is what somebody would cut off the end: the audit has it at once.
    """
    engine = open_store(checked=False)
    try:
        with writing(engine, waits=_WAITS) as conn:
            access_log.append(conn, actor, access, time.time())
    except (DatabaseError, PoolTimeout):
        raise NotSaved(
            "The access log cannot be written, and without it nothing of buyers is shown or taken along. "
            "Try again; if it stays so, tell the person who runs Jangbu."
        ) from None
    if access.kind == AccessKind.EXPORTED:
        # Else within the hour: the entry itself stands.
        with suppress(NotSaved):
            access_log.note_head(engine, time.time())


def on_screen(user: User) -> Actor:
    """The person in front of a screen, with the address they came from where it is known."""
    return from_address(user.email, st.context.ip_address or "")


def from_address(email: str, address: str) -> Actor:
    """Somebody who came from an address; nobody signs in where they have no mail address.

    What a proxy, or an identity provider, says instead of one is not believed.
    """
    name = email if _MAIL.fullmatch(email) else NOT_KEPT
    return Actor(name if email else LOCAL, f"{SCREEN} {address}" if _is_address(address) else SCREEN)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
