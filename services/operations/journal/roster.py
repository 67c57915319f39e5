"""Who signs in, and with which role: as the app that serves the database said last.

A command goes by it, so that whoever runs one is not whoever their own environment says they are.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Engine

from services.operations.journal import audit
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.journal import saving
from services.store.sql import fetch
from services.store.writes.sync import set_mark

ROSTER = "roster"
"""The mark that holds it."""
NOBODY = ""
"""Its value where sign-in was turned off."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Roles by address, and addresses by user of a machine."""

    roles: Mapping[str, str]
    cli_users: Mapping[str, str]


def kept_roster(conn: Connection) -> Roster | None:
    """Who signs in; None where the database is served without sign-in, or was never served."""
    row = fetch(conn, "SELECT value FROM mark WHERE name = ?", (ROSTER,))
    return Roster(**json.loads(row[0][0])) if row and row[0][0] != NOBODY else None


def keep_roster(engine: Engine, roster: Roster | None, now: float) -> None:
    """Writes down who signs in from now on (None: nobody has to), with an audit entry. Raises NotSaved."""
    with saving(engine) as conn:
        before = kept_roster(conn)
        if before == roster:
            return
        was, is_now = before and asdict(before), roster and asdict(roster)
        set_mark(conn, ROSTER, json.dumps(is_now, sort_keys=True) if is_now else NOBODY, int(now))
        audit.append(conn, Actor(JANGBU, "settings"), "roster_set", int(now), before=was, after=is_now)
