"""Who counts as a second person: somebody else, who signed in, where the first one is known as well."""

from services.errors import NotAllowed
from services.operations.audit import Actor

LOCAL = "local"
"""How the journal names whoever sits before a screen without sign-in."""
SCREEN, CLI = "screen", "cli"


def require_second(asked_by: str, asked_from: str, actor: Actor) -> None:
    """Raises NotAllowed unless the actor is another person for sure than the one who asked."""
    if hindrance := why_no_second(asked_by, asked_from, actor):
        raise hindrance


def why_no_second(asked_by: str, asked_from: str, actor: Actor) -> NotAllowed | None:
    """Why the actor is not another person for sure than the one who asked; None where it is one."""
    if asked_by == actor.name:
        return NotAllowed("Nobody approves what they asked for themselves: somebody else has to.")
    if actor.name == LOCAL or not actor.origin.startswith(SCREEN):
        return NotAllowed("Nobody is signed in here, so nobody can be told from who asked: approving needs sign-in.")
    if asked_by == LOCAL or (asked_from == CLI and not is_address(asked_by)):
        return NotAllowed("Who asked did not sign in, so it may have been you: have it asked for again by an address.")
    return None


def is_address(name: str) -> bool:
    """Whether a name is that of a person who signs in, and not of a machine's user."""
    return "@" in name
