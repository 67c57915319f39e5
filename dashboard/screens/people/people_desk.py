"""What the screen of people reads, and what an administrator changes there."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.errors import JangbuError
from services.people import identities, sessions, staff, tokens
from services.people.staff import Appointment, MadeRole

from dashboard.access import Made, User, auth_configured
from dashboard.process.doors import doors
from dashboard.process.executor import actor_of, limit_now, limit_of
from dashboard.process.resources import current_settings, open_session, open_store
from dashboard.process.roster import roster_here
from dashboard.settings import Role
from dashboard.words import labels


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody with a role, or who had one."""

    address: str
    role: str | None
    """None: an administrator took it away."""
    stores: Mapping[str, str] = field(default_factory=dict)
    seen_at: int | None = None
    sessions: int = 0
    tokens: int = 0
    decided_by: str | None = None
    """The administrator who decided of the role last; None: it is as the settings say."""
    user: str = ""
    """Of the machine, by JANGBU_CLI_USERS."""
    limit: int | None = None
    """From which amount in won on a second person approves what they refund; None: never."""


@dataclass(frozen=True, slots=True)
class PeopleScreen:
    """Everybody with a role, and those who lost theirs here."""

    people: Sequence[PersonRow]
    removed: Sequence[PersonRow]
    signs_in: bool
    limits: Mapping[str, int]
    """Of roles that have one of their own."""
    limit: int | None
    """Of everybody."""
    made: Made


def read_people() -> PeopleScreen:
    """As the roster is at this moment, by address."""
    now, live = time.time(), dict[str, list[int]]()
    with open_session() as conn:
        roster, seen, has = roster_here(conn), identities.last_seen(conn), tokens.count_live(conn, now)
        general = limit_now(conn)
        limits = {name: limit_of(conn, name) for name in roster.roles}
        for one in sessions.list_live(conn, now, lasting=current_settings().lasting):
            live.setdefault(one.email, []).append(one.seen_at)
    users = {email: user for user, email in roster.cli_users.items()}

    def row(address: str) -> PersonRow:
        at = live.get(address, [])
        return PersonRow(
            address,
            roster.roles.get(address),
            roster.stores_of(address),
            max([*at, *([seen[address]] if address in seen else [])], default=None),
            len(at),
            has.get(address, 0),
            roster.decided.get(address),
            users.get(address, ""),
            limits.get(address),
        )

    gone = sorted(roster.decided.keys() - roster.roles.keys())
    people = [row(one) for one in sorted(roster.roles)]
    return PeopleScreen(people, [row(one) for one in gone], auth_configured(), roster.limits, general, roster.made)


def appoint(wanted: Appointment, user: User) -> JangbuError | None:
    """Gives somebody a role, or takes it away; what stands in the way."""
    actor = actor_of(user)
    try:
        staff.appoint(open_store(checked=False), wanted, actor, time.time())
    except JangbuError as error:
        return error
    doors.look()  # who is out is out at once, and not with the next look
    return None


def set_limit(role: str, limit: int | None, reason: str, user: User) -> JangbuError | None:
    """Gives a role a limit of its own, or takes it away; what stands in the way."""
    actor = actor_of(user)
    try:
        staff.set_limit(open_store(checked=False), role, limit, reason, actor, time.time())
    except JangbuError as error:
        return error
    return None


def make_role(role: MadeRole, user: User) -> JangbuError | None:
    """Puts a role together, changes it or takes it away; what stands in the way."""
    actor, taken = actor_of(user), {*Role, *(labels.role(one) for one in Role)}
    try:
        staff.make_role(open_store(checked=False), role, taken, actor, time.time())
    except JangbuError as error:
        return error
    return None
