"""People and their roles, changed by administrators: each change with its reason in the audit."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine

from services.errors import InvalidRequest, NotAllowed
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.operations.journal.roster import ADMIN, Roster, kept_roster, write_roster
from services.people import identities, sessions, tokens
from services.tables.people import Ending
from services.typed_text import checked, typed

_ADDRESS = re.compile(r"[^@\s,=/<>]+@[^@\s,=/<>]+\.[^@\s,=/<>.]+")
_ROLE = re.compile(r"\w[\w ]{0,28}\w|\w")
_LONGEST_ADDRESS = 254
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Appointment:
    """What somebody is given: a role and others in sub-stores by code, or no role any more; and why."""

    address: str
    role: str | None
    reason: str
    stores: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadeRole:
    """A role that an administrator puts together: what it may do, by code; None takes it away."""

    name: str
    may: Collection[str] | None
    reason: str


def checked_address(text: str) -> str:
    """An address as somebody signs in with it. Raises InvalidRequest."""
    address = typed(text)
    if not address.isascii():
        raise InvalidRequest("Your address holds letters that look like others: only ASCII letters are taken.",
                             field="address")  # fmt: skip
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise InvalidRequest("That is no e-mail address: it is like hong@example.com.", field="address")
    return address.lower()


def checked_reason(text: str) -> str:
    """Why somebody gets a role, or loses it. Raises InvalidRequest."""
    if not typed(text):
        raise InvalidRequest("Say why: it stands in the records, with your name.", field="reason")
    return checked(text, "reason", most=_LONGEST_REASON)


def appoint(engine: Engine, wanted: Appointment, actor: Actor, now: float) -> None:
    """Gives somebody a role or takes it away, for good whatever the settings say. Whose role changed is out at once.

    Raises InvalidRequest, NotAllowed, and NotSaved.
    """
    address, reason = checked_address(wanted.address), checked_reason(wanted.reason)
    with saving(engine) as conn:
        before = require_administrator(conn, actor)
        if address in identities.addresses_of(conn, actor.name):
            # So that an administrator is always left as well: whoever acts stays one.
            raise NotAllowed("Nobody changes their own role: another administrator does.")
        after = before.given(address, wanted.role, wanted.stores, actor.name)
        if (after.roles, after.stores) == (before.roles, before.stores):
            raise InvalidRequest("That is how it is already.", field="role")
        write_roster(conn, before, after, actor, now, reason=reason)
        if after.roles.get(address) != before.roles.get(address):
            sessions.end_all(conn, address, Ending.ROLE, actor.origin, now)
        if wanted.role is None:
            tokens.revoke_all(conn, address, actor, now)


def set_limit(engine: Engine, role: str, limit: int | None, reason: str, actor: Actor, now: float) -> None:
    """From which amount in won on a refund that this role asks for waits for a second person; None: as for everybody.

    Raises InvalidRequest, NotAllowed, and NotSaved.
    """
    said = checked_reason(reason)
    with saving(engine) as conn:
        before = require_administrator(conn, actor)
        if role in {before.roles.get(one) for one in identities.addresses_of(conn, actor.name)}:
            raise NotAllowed("Nobody sets a limit for their own role.")
        after = before.limited(role, limit)
        if after == before:
            raise InvalidRequest("That is how it is already.", field="limit")
        write_roster(conn, before, after, actor, now, reason=said)


def make_role(engine: Engine, role: MadeRole, taken: Collection[str], actor: Actor, now: float) -> None:
    """Puts a role together, or changes what it may do, or takes one away that nobody has; `taken` are names of others.

    Raises InvalidRequest, NotAllowed, and NotSaved.
    """
    name, reason = typed(role.name), checked_reason(role.reason)
    if not _ROLE.fullmatch(name) or name in taken:
        raise InvalidRequest("A name of its own: up to 30 letters, digits and spaces.", field="name")
    with saving(engine) as conn:
        before = require_administrator(conn, actor)
        others = {one: codes for one, codes in before.made.items() if one != name}
        after = replace(before, made=others if role.may is None else {**others, name: sorted(role.may)})
        if after == before:
            raise InvalidRequest("That is how it is already.", field="name")
        if role.may is None and name in {*before.roles.values(), *before.stores.values()}:
            raise InvalidRequest("Somebody has this role: give them another first.", field="name")
        write_roster(conn, before, after, actor, now, reason=reason)


def require_administrator(conn: Connection, actor: Actor) -> Roster:
    """The roster, for one whom it makes an administrator at this moment. Raises NotAllowed for anybody else."""
    roster = kept_roster(conn)
    if roster is None:
        raise NotAllowed("Nobody has to sign in here, so nobody has a role: configure sign-in first.")
    if roster.roles.get(actor.name) != ADMIN:
        raise NotAllowed("{name} is no administrator: administrators give roles.", name=actor.name)
    return roster
