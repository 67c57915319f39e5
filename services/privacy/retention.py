"""Buyers of rows whose term is over are made anonymous: a few rows at a time, so that everybody else can write."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from services.clock import day_of
from services.operations.journal import audit
from services.operations.journal.journal import saving
from services.privacy import pieces
from services.privacy.sweeps import OLD, PASS, Sweep
from services.privacy.terms import past_before
from services.store.engine import reading, writing, writing_one_of_many
from services.store.lists.system import marks
from services.store.positions import position_of
from services.store.sql import fetch, in_dialect
from services.store.writes.keys import make_keys_anonymous
from services.store.writes.payments import make_payments_anonymous
from services.store.writes.schedules import make_schedules_anonymous
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark

BATCH = 500
"""Rows of one transaction."""
DONE = "buyers_anonymous"
Pause = Callable[[], bool]
"""Lets others go first between two transactions; whether it is time to stop."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """Rows in the order of their position, and how far all of them are done."""

    name: str
    uid: str
    times: str
    mark: MirrorMark
    make: Callable[[Connection, Sequence[str], int], int]


_WALKS = (
    _Walk("payment", "imp_uid", "started_at, paid_at, failed_at, cancelled_at", MirrorMark.ANONYMOUS_PAYMENTS,
          make_payments_anonymous),
    _Walk("schedule", "merchant_uid", "schedule_at, executed_at, revoked_at", MirrorMark.ANONYMOUS_SCHEDULES,
          make_schedules_anonymous),
)  # fmt: skip
_KEYS = """
SELECT k.customer_uid FROM billing_key k LEFT JOIN key_summary s ON s.customer_uid = k.customer_uid
WHERE k.customer_uid > ? AND k.anonymous_at IS NULL AND k.checked_at IS NOT NULL AND coalesce(s.booked, 0) = 0
AND k.inserted < ? AND k.updated < ? AND coalesce(s.paid_at, 0) < ? AND coalesce(s.failed_at, 0) < ?
AND k.inserted + k.updated + coalesce(s.paid_at, 0) + coalesce(s.failed_at, 0) > 0
ORDER BY k.customer_uid LIMIT ?
"""


_UNREADABLE = """
DELETE FROM unreadable_row WHERE (kind, uid, digest) IN (
SELECT kind, uid, digest FROM unreadable_row WHERE last_at < ? ORDER BY last_at LIMIT ?)
"""


def is_due(conn: Connection, now: float) -> bool:
    """Whether nobody went through today."""
    return marks(conn).get(MirrorMark.ANONYMOUS_DAY) != str(day_of(now))


def anonymise(engine: Engine, now: float, years: int, pause: Pause = lambda: False) -> Mapping[str, int]:
    """Goes through all that is older than so many years; how many rows it changed of each kind.

    What is done is done: whoever goes through after a crash begins where it was left. Raises NotSaved.
    """
    before, done = past_before(now, years), Counter[str]()
    finished = all(_walk(engine, walk, before, int(now), done, pause) for walk in _WALKS)
    finished = finished and _walk_keys(engine, before, int(now), done, pause)
    for what, (_rows, _old, sweep) in OLD.items():
        finished = finished and _sweep(engine, what, sweep, before, int(now), done, pause)
    finished = finished and _drop_unreadable(engine, before, done, pause)
    told = {what: n for what, n in done.items() if n}
    if told:
        with saving(engine) as conn:
            audit.append(conn, PASS, DONE, int(now), years=years, **told)
        fold_log(engine)
    finished = finished and forget_pieces(engine, pause)
    if finished:
        with writing(engine) as conn:
            set_mark(conn, MirrorMark.ANONYMOUS_DAY, str(day_of(now)), int(now))
    return told


def forget_pieces(engine: Engine, pause: Pause) -> bool:
    """Takes what was erased out of the search index too, where it is not; whether nothing is left."""
    with reading(engine) as conn:
        left = pieces.are_left(conn)
    gone = pieces.take_out(engine, pause)
    if left:
        fold_log(engine)
    return gone


def fold_log(engine: Engine) -> None:
    """SQLite's log of writes is emptied where nobody reads it at this moment: pages of before are in it."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            driver: Any = conn.connection.driver_connection
            waits = driver.execute("PRAGMA busy_timeout").fetchone()[0]
            driver.execute("PRAGMA busy_timeout = 0")
            try:
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:
                return  # somebody reads: the next pass does it
            finally:
                driver.execute(f"PRAGMA busy_timeout = {waits}")


def _walk(engine: Engine, walk: _Walk, before: int, now: int, done: Counter[str], pause: Pause) -> bool:
    """Whether it came to the end."""
    with reading(engine) as conn:
        after = done_to = int(marks(conn).get(walk.mark, -1))
    whole = True
    while True:
        with reading(engine) as conn:
            rows, due, waits = _looked_at(conn, walk, after, before)
        if not rows:
            return True
        whole = whole and not waits
        if due or whole:
            with writing_one_of_many(engine) as conn:
                # Once more: one of them may have been refunded meanwhile.
                rows, due, waits = _looked_at(conn, walk, after, before)
                # What came meanwhile behind it has moved the mark back.
                whole = whole and not waits and int(marks(conn).get(walk.mark, -1)) >= done_to
                if due:
                    done[f"{walk.name}s"] += walk.make(conn, due, now)
                    pieces.note_erased(conn, now)
                if whole:
                    set_mark(conn, walk.mark, str(rows[-1]), now)
                    done_to = rows[-1]
        after = rows[-1]
        if pause():
            return False


def _looked_at(conn: Connection, walk: _Walk, after: int, before: int) -> tuple[list[int], list[str], bool]:
    """Positions of the next rows, those of them whose term is over, and whether a younger one is among them."""
    sql = (
        f"SELECT {walk.uid}, position, anonymous_at, {walk.times} FROM {walk.name} "
        "WHERE position > ? AND position < ? ORDER BY position LIMIT ?"
    )
    rows = fetch(conn, sql, (after, position_of(before), BATCH))
    left = [(row[0], max(row[3:])) for row in rows if row[2] is None]
    due = [uid for uid, latest in left if 0 < latest < before]
    # A row without any time is no old one: it comes again at another place once it has one.
    return [row[1] for row in rows], due, any(latest >= before for _uid, latest in left)


def _walk_keys(engine: Engine, before: int, now: int, done: Counter[str], pause: Pause) -> bool:
    after = ""
    while True:
        with reading(engine) as conn:
            uids = [row[0] for row in fetch(conn, _KEYS, (after, before, before, before, before, BATCH))]
        if not uids:
            return True
        with writing_one_of_many(engine) as conn:
            done["billing_keys"] += make_keys_anonymous(conn, uids, now)
            pieces.note_erased(conn, now)
        after = uids[-1]
        if pause():
            return False


def _sweep(engine: Engine, what: str, sweep: Sweep, before: int, now: int, done: Counter[str], pause: Pause) -> bool:
    rows, old, _sweep = OLD[what]
    after = 0
    while True:
        wanted = select(rows.c.id).where(rows.c.id > after, old(before)).order_by(rows.c.id).limit(BATCH)
        with reading(engine) as conn:
            ids = list(conn.execute(wanted).scalars())
        if not ids:
            return True
        with writing_one_of_many(engine) as conn:
            done[what] += sweep(conn, ids, now)
        after = ids[-1]
        if pause():
            return False


def _drop_unreadable(engine: Engine, before: int, done: Counter[str], pause: Pause) -> bool:
    """What nobody can read, whole: what of it is a buyer's nobody can say."""
    while True:
        with writing_one_of_many(engine) as conn:
            gone = conn.exec_driver_sql(in_dialect(conn, _UNREADABLE), (before, BATCH)).rowcount
        done["unreadables"] += gone
        if gone < BATCH:
            return True
        if pause():
            return False
