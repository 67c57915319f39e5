"""Who counts as a second person: somebody else, who signed in, where the first one is known as well."""

import re
from collections.abc import Collection

from sqlalchemy import Connection

from services.errors import NotAllowed
from services.operations.journal.audit import Actor
from services.people import identities

LOCAL = "local"
"""How the journal names whoever sits before a screen without sign-in."""
SCREEN, CLI = "screen", "cli"
_TOKEN = re.compile(r" token (\d+)$")


def require_second(conn: Connection, asked_by: str, asked_from: str, actor: Actor) -> None:
    """Raises NotAllowed unless the actor is another person for sure than the one who asked."""
    if hindrance := why_no_second(asked_by, asked_from, actor, identities.addresses_of(conn, actor.name)):
        raise hindrance


def why_no_second(asked_by: str, asked_from: str, actor: Actor, own: Collection[str]) -> NotAllowed | None:
    """Why the actor, with addresses of their `own`, is not another person for sure than the one who asked; or None."""
    if asked_by in own:
        return NotAllowed("Nobody approves what they asked for themselves: somebody else has to.")
    if actor.name == LOCAL or not actor.origin.startswith(SCREEN):
        return NotAllowed("Nobody is signed in here, so nobody can be told from who asked: approving needs sign-in.")
    if asked_by == LOCAL or (is_command(asked_from) and not is_address(asked_by)):
        return NotAllowed("Who asked did not sign in, so it may have been you: have it asked for again by an address.")
    return None


def is_command(origin: str) -> bool:
    """Whether something was asked for by a command: its origin is `cli`, and the user of the machine."""
    return origin.partition(" ")[0] == CLI


def by_token(user: str, number: int) -> str:
    """The origin of what a user of the machine asked for by somebody's token."""
    return f"{CLI} {user} token {number}"


def machine_user(origin: str) -> str:
    """The user of the machine who ran a command; empty where it was none, or of before they were noted."""
    return _TOKEN.sub("", origin.partition(" ")[2]) if is_command(origin) else ""


def token_of(origin: str) -> int | None:
    """The number of the token that named who ran a command; None where none did."""
    found = _TOKEN.search(origin) if is_command(origin) else None
    return int(found[1]) if found else None


def is_address(name: str) -> bool:
    """Whether a name is that of a person who signs in, and not of a machine's user."""
    return "@" in name
