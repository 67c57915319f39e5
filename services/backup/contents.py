"""What is in a database file that was copied or unpacked: whether it is whole, its rows, and its audit chain."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from services.backup.plain_tables import rows_of
from services.backup.snapshot import in_one_file
from services.errors import BackupError
from services.operations.journal import audit
from services.store.engine import create_store, reading
from services.store.hash_chain import Verdict
from services.store.lists.system import revision


@dataclass(frozen=True, slots=True)
class Contents:
    """A database file as it was found."""

    revision: str
    rows: dict[str, int]
    """By table."""
    chain: Verdict


class DamagedContents(BackupError):
    """SQLite finds the file damaged."""


def contents_of(path: Path) -> Contents:
    """Looks at all of it. Raises DamagedContents where SQLite finds it damaged."""
    try:
        with closing(sqlite3.connect(path)) as copy:
            (told,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            rows = rows_of(copy)
    except sqlite3.DatabaseError:
        told, rows = "", {}
    if told != "ok":
        raise DamagedContents("The database in it is damaged.")
    engine = create_store(f"sqlite:///{path}")
    try:
        with reading(engine) as conn:
            chain = audit.verify(conn) if "audit_entry" in rows else Verdict(0, None)
            found = Contents(revision(conn), rows, chain)
    finally:
        engine.dispose()
    in_one_file(path)
    return found
