"""What a backup does not bring back: who has which role, and from which amount on a second person approves.

Who was removed since it was taken would sign in again, and a limit that was lowered would be as high as before.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from services.backup.damage import is_damage
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.limits import LIMIT, kept_limit, read_limit, write_limit
from services.operations.journal.roster import LAST, ROSTER, kept_roster, read_roster, write_roster
from services.store.engine import reading
from services.store.sql import fetch
from services.store.writes.sync import set_mark

_BY = Actor(JANGBU, "restore")


def rules_of(engine: Engine) -> dict[str, str]:
    """As the store that stands has them; nothing of one that is damaged, or never had any."""
    try:
        with reading(engine) as conn:
            rows = fetch(conn, "SELECT name, value FROM mark WHERE name IN (?, ?, ?)", (ROSTER, LAST, LIMIT))
    except DBAPIError as error:
        if not is_damage(error):
            raise
        return {}
    return {name: value for name, value in rows}


def carry_rules(conn: Connection, rules: Mapping[str, str], now: float) -> None:
    """They hold in what is put back, with an entry in its audit where they are others than those of the backup."""
    if LAST in rules:
        set_mark(conn, LAST, rules[LAST], int(now))
    if ROSTER in rules:
        before, after = kept_roster(conn), read_roster(rules[ROSTER])
        if before != after:
            write_roster(conn, before, after, _BY, now)
    if LIMIT in rules and kept_limit(conn) != (True, read_limit(rules[LIMIT])):
        write_limit(conn, read_limit(rules[LIMIT]), _BY, now)
