"""What the mirror keeps of itself: runs, checkpoints of windows, marks, and what it did not know."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from services.clock import DAY, system_clock
from services.store.engine import reading, writing
from services.store.sql import fetch, in_dialect, upsert
from services.tables.marks import MirrorMark
from services.tables.v1 import Basis

_KEPT_SECONDS = 30 * DAY
_WINDOW = ("from_at", "to_at", "complete", "drift", "tier")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where the reading of one window stands; see models.SyncWindow."""

    from_at: int
    to_at: int
    complete: bool
    drift: int = 0
    tier: str = ""


def get_checkpoint(conn: Connection, from_at: int, tier: str = "") -> Checkpoint | None:
    """The checkpoint of a store's window that begins there."""
    sql = in_dialect(conn, f"SELECT {', '.join(_WINDOW)} FROM sync_window WHERE from_at = ? AND tier = ?")
    row = conn.exec_driver_sql(sql, (from_at, tier)).fetchone()
    return Checkpoint(row[0], row[1], bool(row[2]), row[3], row[4]) if row else None


def save_checkpoint(conn: Connection, checkpoint: Checkpoint) -> None:
    """Stores where a window stands, in the transaction of the rows it speaks of."""
    values = tuple(getattr(checkpoint, name) for name in _WINDOW)
    conn.exec_driver_sql(in_dialect(conn, upsert("sync_window", _WINDOW, ("tier", "from_at"))), values)


def count_between(conn: Connection, from_day: int, to_day: int, tier: str = "") -> int:
    """A store's payments here whose status time lies in these Seoul days, from the kept totals."""
    sql = (
        "SELECT coalesce(sum(payments), 0) FROM daily_total WHERE basis = ? AND day BETWEEN ? AND ? "
        "AND facet_id IN (SELECT id FROM facet WHERE tier = ?)"
    )
    values = (Basis.STATUS.value, from_day, to_day, tier)
    return int(conn.exec_driver_sql(in_dialect(conn, sql), values).scalar_one())


def begin_run(conn: Connection, kind: str, at: int) -> int:
    """A new run of the mirror; its id."""
    conn.exec_driver_sql(in_dialect(conn, "DELETE FROM sync_run WHERE started_at < ?"), (at - _KEPT_SECONDS,))
    sql = (
        "INSERT INTO sync_run (kind, started_at, payments, changed, billing_keys, schedules, requests, drift) "
        "VALUES (?, ?, 0, 0, 0, 0, 0, 0) RETURNING id"
    )
    return int(conn.exec_driver_sql(in_dialect(conn, sql), (kind, at)).scalar_one())


def end_run(conn: Connection, run_id: int, at: int, counts: Mapping[str, int], error: str | None) -> None:
    """Closes a run with its counts (columns of models.SyncRun) and the sentence of what stopped it, if anything."""
    names = tuple(counts)
    sets = ", ".join(f"{name} = ?" for name in (*names, "finished_at", "error"))
    values: tuple[Any, ...] = (*counts.values(), at, error, run_id)
    conn.exec_driver_sql(in_dialect(conn, f"UPDATE sync_run SET {sets} WHERE id = ?"), values)


def set_mark(conn: Connection, name: str, value: str, at: int) -> None:
    """A named value that outlives the process."""
    sql = upsert("mark", ("name", "value", "at"), ("name",))
    conn.exec_driver_sql(in_dialect(conn, sql), (name, value, at))


def keep_secret(engine: Engine, name: str) -> str:
    """256 bits in hex under a name, the same for every process of this store: made by whichever asks first."""
    with reading(engine) as conn:
        found = _marked(conn, name)
    if found is not None:
        return found
    with writing(engine) as conn:
        sql = "INSERT INTO mark (name, value, at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING"
        conn.exec_driver_sql(in_dialect(conn, sql), (name, secrets.token_hex(32), int(system_clock())))
        return str(_marked(conn, name))


def _marked(conn: Connection, name: str) -> str | None:
    row = fetch(conn, "SELECT value FROM mark WHERE name = ?", (name,))
    return str(row[0][0]) if row else None


def note_oddities(conn: Connection, counts: Mapping[tuple[str, str], int], *, at: int) -> None:
    """Counts what the gateway sent and this version does not know; keys are (kind, name) of models.Oddity."""
    columns = ("kind", "name", "seen", "first_at", "last_at")
    changes = ["seen = oddity.seen + excluded.seen", "last_at = excluded.last_at"]
    rows = [(kind, name, seen, at, at) for (kind, name), seen in counts.items()]
    if rows:
        conn.exec_driver_sql(in_dialect(conn, upsert("oddity", columns, ("kind", "name"), changes)), rows)


def came_at(conn: Connection, done_to: MirrorMark, place: int | None) -> None:
    """A row came that is as old as those whose buyers were made anonymous: the next pass begins with it."""
    if place is not None:
        sql = in_dialect(conn, "SELECT value FROM mark WHERE name = ?")
        done = conn.exec_driver_sql(sql, (done_to,)).scalar()
        if done is not None and int(done) >= place:
            conn.exec_driver_sql(
                in_dialect(conn, "UPDATE mark SET value = ? WHERE name = ?"), (str(place - 1), done_to)
            )
