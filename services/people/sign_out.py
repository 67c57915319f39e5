"""Somebody is out everywhere, at once and with an entry in the audit: sessions, tokens, and the account if wanted."""

from dataclasses import dataclass

from sqlalchemy import Engine

from services.errors import SettingsError
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.people import identities, sessions, tokens
from services.tables.people import Ending


@dataclass(frozen=True, slots=True)
class SignedOut:
    """How many sessions ended, and how many tokens were revoked."""

    sessions: int
    tokens: int


def sign_out(engine: Engine, address: str, actor: Actor, now: float, *, rebind: bool = False) -> SignedOut:
    """All or nothing; `rebind`: the next account that signs in with the address has it.

    Raises SettingsError where there is nothing to end, or the address belongs to no account; NotSaved.
    """
    with saving(engine) as conn:
        if rebind and not identities.unbind(conn, address):
            raise SettingsError("{address} belongs to no account yet.", address=address)
        count = sessions.end_all(conn, address, Ending.OPERATOR, actor.origin, now)
        done = SignedOut(count, tokens.revoke_all(conn, address, actor, now))
        if not (rebind or done.sessions or done.tokens):
            raise SettingsError("{address} is signed in nowhere.", address=address)
        code = "address_given" if rebind else "sessions_ended"
        audit.append(conn, actor, code, int(now), person=address, sessions=done.sessions)
        return done
