"""Who signs in, and with which role: as the app that serves the database said last, and administrators since.

A command goes by it, so that whoever runs one is not whoever their own environment says they are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Engine

from services.operations.journal import audit
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.journal import saving
from services.people import tokens
from services.store.sql import fetch
from services.store.writes.sync import set_mark

ROSTER = "roster"
"""The mark that holds it."""
ADMIN = "admin"
"""The role that gives roles."""
SETTINGS = Actor(JANGBU, "settings")
"""Who writes it where no person does."""
NOBODY = ""
"""Its value where sign-in was turned off."""
LAST = "roster_before"
"""The mark of the roster that stood when sign-in was turned off."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Roles by address, addresses by user of a machine, and other roles in sub-stores by `address/code`."""

    roles: Mapping[str, str]
    cli_users: Mapping[str, str]
    stores: Mapping[str, str] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)
    """People whose role an administrator gave or took away, with who did: the settings say nothing of them any more."""

    limits: Mapping[str, int] = field(default_factory=dict)
    """From which amount in won on a second person approves a refund that somebody of a role asks for."""

    made: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Roles that administrators put together, by name: what each may do, by code."""

    def seeded(self, told: "Roster") -> "Roster":
        """The same people with what the settings say of those of whom no administrator decided."""
        return replace(
            told,
            roles=self._but_for_decided(told.roles, self.roles),
            stores=self._but_for_decided(told.stores, self.stores),
            decided=self.decided,
            limits=self.limits,
            made=self.made,
        )

    def stores_of(self, address: str) -> dict[str, str]:
        """Somebody's other roles, by the code of the sub-store."""
        begins = f"{address}/"
        return {key.removeprefix(begins): role for key, role in self.stores.items() if key.startswith(begins)}

    def given(self, address: str, role: str | None, stores: Mapping[str, str], by: str) -> "Roster":
        """The same with another role for somebody, and others in stores; without one they sign in no more."""
        roles = {name: one for name, one in self.roles.items() if name != address}
        others = {key: one for key, one in self.stores.items() if address_of(key) != address}
        if role is not None:
            roles |= {address: role}
            others |= {f"{address}/{tier}": one for tier, one in stores.items()}
        return replace(self, roles=roles, stores=others, decided={**self.decided, address: by})

    def limited(self, role: str, limit: int | None) -> "Roster":
        """The same with another limit for a role; None for none of its own."""
        limits = {name: one for name, one in self.limits.items() if name != role}
        return replace(self, limits=limits if limit is None else {**limits, role: limit})

    def _but_for_decided(self, told: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
        free = {key: role for key, role in told.items() if address_of(key) not in self.decided}
        return free | {key: role for key, role in kept.items() if address_of(key) in self.decided}


def address_of(key: str) -> str:
    """Whose role a key is about: an address, or an address and a store."""
    return key.rpartition("/")[0] or key


def kept_roster(conn: Connection) -> Roster | None:
    """Who signs in; None where the database is served without sign-in, or was never served."""
    return _read(conn, ROSTER)


def last_roster(conn: Connection) -> Roster | None:
    """Who signs in, or, where sign-in was turned off, who did until then: so that nobody who was removed comes back."""
    return kept_roster(conn) or _read(conn, LAST)


def seed_roster(engine: Engine, told: Roster, now: float) -> None:
    """The app's settings become the database's people, but for those of whom an administrator decided.

    Turning sign-in off and on again brings nobody back. Raises NotSaved.
    """
    with saving(engine) as conn:
        before = kept_roster(conn)
        last = last_roster(conn) or told
        after = last.seeded(told)
        if after != before:
            write_roster(conn, before, after, SETTINGS, now)
        for address in sorted(last.roles.keys() - after.roles.keys()):
            tokens.revoke_all(conn, address, SETTINGS, now)


def keep_roster(engine: Engine, roster: Roster | None, now: float, actor: Actor = SETTINGS) -> None:
    """Writes down who signs in from now on (None: nobody has to), with an audit entry. Raises NotSaved."""
    with saving(engine) as conn:
        before = kept_roster(conn)
        if before == roster:
            return
        if before and roster is None:
            set_mark(conn, LAST, json.dumps(asdict(before), sort_keys=True), int(now))
        write_roster(conn, before, roster, actor, now)


def write_roster(
    conn: Connection, before: Roster | None, after: Roster | None, actor: Actor, now: float, *, reason: str = ""
) -> None:
    """One roster after another inside a transaction, with an audit entry; of a person's change with their reason."""
    was, is_now = before and asdict(before), after and asdict(after)
    set_mark(conn, ROSTER, json.dumps(is_now, sort_keys=True) if is_now else NOBODY, int(now))
    said: dict[str, Any] = {"reason": reason} if reason else {}
    audit.append(conn, actor, "roster_set", int(now), before=was, after=is_now, **said)


def _read(conn: Connection, mark: str) -> Roster | None:
    row = fetch(conn, "SELECT value FROM mark WHERE name = ?", (mark,))
    return read_roster(row[0][0]) if row else None


def read_roster(value: str) -> Roster | None:
    """What a mark holds."""
    return Roster(**json.loads(value)) if value != NOBODY else None
