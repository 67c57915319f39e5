"""A backup is put back: looked at whole, brought to this version's revision, marked, and only then in its place.

What was put back sends nothing: see services/operations/journal/restoration.py. Until its place is taken, in one
step, the store is as it was.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from services.backup.archive import Label, label_of, unpack
from services.backup.carried import carry_rules, rules_of
from services.backup.contents import Contents, contents_of
from services.backup.damage import is_damage
from services.backup.kept import stamp_of
from services.backup.plain_tables import columns_of, plain_tables
from services.backup.snapshot import in_one_file
from services.backup.workplace import workplace
from services.errors import BackupError
from services.operations.journal import head
from services.store.engine import create_store, is_made, writing
from services.store.migrations import head_revision, known_revisions, migrate, migrate_in, require_current
from services.store.writes.gram_index import index_anew
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark

_PATIENCE = 10
"""Seconds that a writer is waited for."""
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


_OF_ANOTHER_TIME = (
    MirrorMark.WHOLE_FROM,
    # The clock of where it was taken may have been ahead: a whole pass would never be due.
    MirrorMark.DEEP_AT,
    head.KEPT_SINCE,
    MirrorMark.BACKUP_AT,
    MirrorMark.BACKUP_FILE,
    MirrorMark.BACKUP_BROKEN,
    MirrorMark.BACKUP_TRIED,
)


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back."""

    label: Label
    contents: Contents
    """As the backup had it."""
    aside: Path | None
    """Where the file lies now that stood there, if it was set aside."""

    @property
    def is_good(self) -> bool:
        """Whether the audit chain in it holds."""
        return self.contents.chain.broken_at is None


def require_known(path: Path) -> Label:
    """What a file says of itself. Raises BackupError where it is none, or of a version that is newer than this one."""
    label = label_of(path)
    if label.revision not in known_revisions():
        raise BackupError(
            "The backup is of revision {found}, this version of Jangbu knows them up to {known}: "
            "put it back with the version that took it.",
            found=label.revision, known=head_revision(),
        )  # fmt: skip
    return label


def stands(engine: Engine) -> bool:
    """Whether there is a database, also one that is damaged."""
    try:
        return is_made(engine)
    except DBAPIError as error:
        if not is_damage(error):
            raise
        return True


def require_place(engine: Engine, *, replace: bool) -> None:
    """Raises BackupError where a store stands already and is not to be replaced, WrongRevision where it cannot be."""
    if not stands(engine):
        return
    if not replace:
        where = engine.url.render_as_string(hide_password=True)
        raise BackupError(
            "There is a database at {where} already: --replace puts the backup in its place.", where=where
        )
    if engine.dialect.name != "sqlite":
        require_current(engine)


def put_back(
    engine: Engine,
    path: Path,
    passphrase: str | None,
    now: float,
    *,
    by: str,
    replace: bool = False,
    before: Callable[[], object] = lambda: None,
    aside: bool = False,
) -> PutBack:
    """The store becomes what the backup holds, but for who may do what where a store stands already.

    `before` is done once that is sound, and a store is about to go.

    `aside`: SQLite's files, whole or damaged, get another name, and nothing is written into them.
    Raises BackupError, and then nothing was changed.
    """
    went = None
    require_known(path)
    require_place(engine, replace=replace)
    with workplace(engine) as folder:
        copy = folder / "copy.db"
        label = unpack(path, copy, passphrase)
        contents = contents_of(copy)
        _ready(copy, label, now, by, indexed=engine.dialect.name != "sqlite")
        standing = stands(engine)
        if standing:
            _carry(copy, rules_of(engine), now)
        if standing:
            before()
        if engine.dialect.name != "sqlite":
            _load(engine, copy)
        elif standing and not aside:
            _replace(engine, copy)
        else:
            went = _set_aside(engine, now) if standing else None
            _lay(engine, copy)
    return PutBack(label, contents, went)


def _ready(copy: Path, label: Label, now: float, by: str, *, indexed: bool) -> None:
    """At this version's revision, with no session and no token, and marked as put back; `indexed` where it goes."""
    made = create_store(f"sqlite:///{copy}")
    migrate(made)
    with writing(made) as conn:
        set_mark(conn, head.PUT_BACK, f"{label.made_at} {by}", int(now))
        for name in _OF_ANOTHER_TIME:
            conn.exec_driver_sql("DELETE FROM mark WHERE name = ?", (name,))
        conn.exec_driver_sql(
            "UPDATE person_session SET ended_at = ?, why = 'operator' WHERE ended_at IS NULL", (int(now),)
        )
        # Which of them were revoked since nobody knows any more.
        conn.exec_driver_sql(
            "UPDATE person_token SET revoked_at = ?, revoked_by = 'restore' WHERE revoked_at IS NULL", (int(now),)
        )
        if label.engine != "sqlite" and not indexed:
            index_anew(conn)
    made.dispose()
    in_one_file(copy)


def _carry(copy: Path, rules: Mapping[str, str], now: float) -> None:
    made = create_store(f"sqlite:///{copy}")
    with writing(made) as conn:
        carry_rules(conn, rules, now)
    made.dispose()
    in_one_file(copy)


def _set_aside(engine: Engine, now: float) -> Path:
    """The file and its log by one new name, so that SQLite still takes them for each other's."""
    engine.dispose()
    place = Path(str(engine.url.database))
    found = place.with_name(f"{place.name}.aside-{stamp_of(now)}")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{place}{suffix}").rename(f"{found}{suffix}")
    return found


def _lay(engine: Engine, copy: Path) -> None:
    """The file takes its place; a log that was left there by another one would be written into it."""
    place = Path(str(engine.url.database))
    place.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    copy.rename(place)


def _replace(engine: Engine, copy: Path) -> None:
    """SQLite writes the pages over those that stand, in one transaction: who reads has the old state or the new."""
    until = time.monotonic() + _PATIENCE

    def wait(status: int, _remaining: int, _total: int) -> None:
        if status in _IN_USE and time.monotonic() > until:
            raise BackupError("The database is being written: end everything that uses it, then try again.")

    with engine.connect() as conn, closing(sqlite3.connect(copy)) as source:
        driver: Any = conn.connection.driver_connection
        source.backup(driver, progress=wait)
    engine.dispose()


def _load(engine: Engine, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as source, writing(engine, durable=True) as conn:
        migrate_in(conn)
        tables = plain_tables(source)
        conn.exec_driver_sql(f"TRUNCATE {', '.join(tables)}")
        for table in tables:
            conn.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            _load_rows(source, conn, table)
            conn.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        _go_on_counting(conn)
        index_anew(conn)


def _load_rows(source: sqlite3.Connection, conn: Connection, table: str) -> None:
    names = ", ".join(columns_of(source, table))
    driver: Any = conn.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as out:
        for row in source.execute(f"SELECT {names} FROM {table}"):
            out.write_row(row)


def _go_on_counting(conn: Connection) -> None:
    """New rows get numbers after those that are there."""
    found = conn.exec_driver_sql(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND column_default LIKE 'nextval(%%'"
    ).fetchall()
    for table, column in found:
        following = f"(SELECT coalesce(max({column}), 0) + 1 FROM {table})"
        sql = f"SELECT setval(pg_get_serial_sequence(%s, %s), {following}, false)"
        conn.exec_driver_sql(sql, (table, column))
