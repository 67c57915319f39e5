"""Which process holds the loops: taken for a short term by the database's clock, renewed, and taken over after it."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from services.claimants import may_live
from services.store.engine import claiming, end_hung_write, reading
from services.store.sql import fetch, in_dialect

TERM = 12
"""Seconds after which another process may take over; on the machine of one that died, at once."""
RENEWED_EVERY = 4
_PATIENCE_MS = 3_000
_NOW = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
}


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds the loops, since when (the number), and for how many seconds yet; none left: nobody does."""

    number: int
    holder: str
    left: float

    @property
    def is_held(self) -> bool:
        """Whether its term is not over."""
        return self.left > 0

    @property
    def machine(self) -> str:
        """Of the holder, by its host name."""
        return self.holder.split(":")[0].partition("@")[0]

    @property
    def process(self) -> str:
        """Of the holder, by its number on that machine."""
        return self.holder.split(":")[1]

    @property
    def since(self) -> float:
        """When the holder took it, in UNIX seconds."""
        return self.number / 1000


def lease_of(conn: Connection) -> Lease:
    """As it stands at this moment."""
    number, holder, left = fetch(conn, f"SELECT number, holder, until - {_NOW[conn.dialect.name]} FROM loop_lease")[0]
    return Lease(int(number), holder, max(int(left), 0) / 1000)


def is_free(found: Lease, claimant: str) -> bool:
    """Whether a process may take it: it was given back, its term is over, or its holder died on this machine.

    More left than a term has, or a renewal more: the database's clock was set back since, and nobody renewed it.
    """
    return not 0 < found.left <= TERM + RENEWED_EVERY or not may_live(found.holder, claimant)


def take(engine: Engine, claimant: str) -> int | None:
    """The number under which this process holds the loops from now on; None while another one does."""
    with reading(engine) as conn:
        if not is_free(lease_of(conn), claimant):
            return None
    with claiming(engine, waits=_PATIENCE_MS) as conn:
        found, now = lease_of(conn), _NOW[conn.dialect.name]
        if not is_free(found, claimant):
            return None
        end_hung_write(conn)
        # A backup that was put back knows an older number: the clock's is never one that somebody still carries.
        following = f"CASE WHEN number < {now} THEN {now} ELSE number + 1 END"
        sql = f"UPDATE loop_lease SET number = {following}, holder = ?, until = {now} + ? WHERE number = ?"
        return _changed(conn, sql, (claimant, TERM * 1000, found.number))


def renew(engine: Engine, number: int) -> bool:
    """Another term; False where another process has taken over. Nobody else is kept waiting by one that was stopped."""
    with claiming(engine, waits=_PATIENCE_MS) as conn:
        end_hung_write(conn)
        sql = f"UPDATE loop_lease SET until = {_NOW[conn.dialect.name]} + ? WHERE number = ?"
        return _changed(conn, sql, (TERM * 1000, number)) is not None


def give_back(engine: Engine, number: int) -> None:
    """The next one need not wait."""
    with claiming(engine, waits=_PATIENCE_MS) as conn:
        _changed(conn, "UPDATE loop_lease SET until = 0 WHERE number = ?", (number,))


def _changed(conn: Connection, update: str, values: tuple[str | int, ...]) -> int | None:
    """The number of the row afterwards; None where it is another one by now."""
    row = conn.exec_driver_sql(in_dialect(conn, f"{update} RETURNING number"), values).first()
    return int(row[0]) if row else None
