"""The journal's head outside of the database: a small file by which a backup put back is told from the journal itself.

SQLite's lies beside the database; PostgreSQL's in a folder that keep_in() names, and nowhere without it.
The file is written after each transaction, so it may stand a little behind the chain, but never ahead of it.
"""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine

from services.clock import system_clock
from services.errors import Restored
from services.store.engine import reading, writing
from services.store.sql import fetch
from services.store.writes.sync import set_mark

log = structlog.get_logger("jangbu.operations")
EPOCH = "epoch"
"""The mark that holds the random name of this journal's present life."""
_FOLDER = "head_folder"
KEPT_SINCE = "head_kept_since"
"""The mark of a SQLite database beside which a head lies: the UNIX time from which on."""
PUT_BACK = "put_back"
"""The mark of a database that `jangbu restore` put back, until its journal is completed: of when, and by whom."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain reached: its entries, the last one's hash, the latest operation, and when it began (seconds)."""

    epoch: str
    entries: int
    hash: str
    operations: int
    since: int


class Standing(StrEnum):
    """How the head outside and the chain inside go together."""

    NOWHERE = "nowhere"
    """None is kept for this database."""
    MISSING = "missing"
    """There is no file, and never was one: the chain is taken as it is, and the next entry makes one."""
    GONE = "gone"
    """There was a file beside SQLite's: nobody knows whether the chain is the latest one."""
    KEPT = "kept"
    AHEAD = "ahead"
    """The file knows entries that the chain does not have: an older state was put back."""
    UNRELATED = "unrelated"
    """The chain is another one, or one that was written anew."""
    PUT_BACK = "put_back"
    """`jangbu restore` put it back: whatever the file says, or where there is none on a new machine."""


_RESTORED = (Standing.AHEAD, Standing.UNRELATED, Standing.GONE, Standing.PUT_BACK)


def keep_in(engine: Engine, folder: Path) -> None:
    """Names the folder for heads of databases that are no file."""
    engine.update_execution_options(**{_FOLDER: str(folder)})


def path_of(engine: Engine) -> Path | None:
    """Where a database's head is kept; None where that is nowhere."""
    if engine.dialect.name == "sqlite":
        return Path(f"{engine.url.database}.head") if engine.url.database else None
    folder = engine.get_execution_options().get(_FOLDER)
    place = engine.url.set(password=None).render_as_string()
    return Path(folder) / f"{engine.url.database}-{sha256(place.encode()).hexdigest()[:8]}.head" if folder else None


def inside(conn: Connection) -> Head:
    """How far the chain of the database says that it reaches."""
    row = fetch(
        conn,
        "SELECT (SELECT value FROM mark WHERE name = ?), (SELECT value FROM mark WHERE name = 'audit_head'), "
        "(SELECT max(id) FROM operation), (SELECT at FROM audit_entry WHERE id = 1)",
        (EPOCH,),
    )[0]
    entries, _space, digest = (row[1] or "0").partition(" ")
    return Head(row[0] or "", int(entries), digest, row[2] or 0, row[3] or 0)


def outside(engine: Engine) -> Head | None:
    """What the file of the head says; None where there is none. One that cannot be read goes with no chain."""
    path = path_of(engine)
    try:
        return Head(**json.loads(path.read_text(encoding="utf-8"))) if path else None
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return Head("", 0, "", 0, 0)


def standing(conn: Connection, kept: Head | None) -> Standing:
    """Whether what the file says is the beginning of the chain."""
    if fetch(conn, "SELECT 1 FROM mark WHERE name = ?", (PUT_BACK,)):
        return Standing.PUT_BACK
    if kept is None:
        if path_of(conn.engine) is None:
            return Standing.NOWHERE
        return Standing.MISSING if kept_since(conn) is None else Standing.GONE
    here = inside(conn)
    if kept.epoch != here.epoch:
        # Of a journal in which nothing stood yet nothing can be missing.
        return Standing.MISSING if kept.epoch and not kept.entries else Standing.UNRELATED
    if kept.entries > here.entries:
        return Standing.AHEAD
    found = fetch(conn, "SELECT hash FROM audit_entry WHERE id = ?", (kept.entries,)) if kept.entries else [("",)]
    return Standing.KEPT if found and found[0][0] == kept.hash else Standing.UNRELATED


def restored(engine: Engine) -> bool:
    """Whether an older or another state of the journal was put back: nothing may be sent. See restoration.py."""
    kept = outside(engine)
    with reading(engine) as conn:
        return standing(conn, kept) in _RESTORED


def kept_since(conn: Connection) -> int | None:
    """Since when a head has been lying beside this SQLite database; None: none is known of."""
    found = fetch(conn, "SELECT at FROM mark WHERE name = ?", (KEPT_SINCE,))
    return found[0][0] if found else None


def keep_beside(engine: Engine) -> None:
    """Lays a head beside a SQLite database that has none, and notes that from now on there is one."""
    if engine.dialect.name == "sqlite":
        with writing(engine) as conn:
            note_kept(conn)


def note_kept(conn: Connection) -> None:
    """Notes beside which SQLite database a head lies; PostgreSQL's is on one machine of several, and may be missing.

    The file comes first: where it cannot be written nobody is held to it.
    """
    engine = conn.engine
    if conn.dialect.name != "sqlite" or path_of(engine) is None or kept_since(conn) is not None:
        return
    now = int(system_clock())
    if outside(engine) is None:
        write(engine, replace(inside(conn), entries=0, hash="", operations=0, since=now))
    if outside(engine) is not None:
        set_mark(conn, KEPT_SINCE, "", now)


def require_whole(conn: Connection) -> Head | None:
    """The head outside, which the chain goes on from. Raises Restored where it does not."""
    kept = outside(conn.engine)
    if standing(conn, kept) in _RESTORED:
        raise Restored(
            "An older state of the database was put back: nothing is sent until the gateway was read whole "
            "and the journal completed from it. `jangbu sync` does both."
        )
    return kept


def keep(engine: Engine, head: Head, before: Head | None) -> None:
    """Writes the file after a transaction that moved the chain on from `before`; it never goes back."""
    if head == before or not head.entries:
        return
    latest = outside(engine)
    if latest and latest.epoch == head.epoch and latest.entries >= head.entries:
        return
    write(engine, head)


def write(engine: Engine, head: Head) -> None:
    """Writes the file whole or not at all. What fails is logged: the entry itself stands in the database."""
    path = path_of(engine)
    if path is None:
        return
    # Processes of two containers on one volume may have the same number.
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(head)))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        log.error("head of the audit chain cannot be kept", error=type(error).__name__)
        with suppress(OSError):
            new.unlink(missing_ok=True)


def tell(engine: Engine) -> None:
    """A line in the log, which lies elsewhere too: how many entries, and the hash of the last."""
    with reading(engine) as conn:
        here = inside(conn)
    log.info("audit chain", epoch=here.epoch, entries=here.entries, hash=here.hash)
