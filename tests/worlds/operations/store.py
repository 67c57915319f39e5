"""For tests of operations: one SQLite store that is emptied between histories, and a hand on each commit."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from services.store.engine import create_store
from tests.worlds.instead import put_instead
from tests.worlds.stores import new_store


class Killed(BaseException):
    """The process ends here: nothing catches this."""


class Commits:
    """Calls `before` and `after` around every commit of a writing transaction."""

    def __init__(self, engine: Engine) -> None:
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self._writes = False
        self._commit = engine.dialect.do_commit
        event.listen(engine, "commit", self._noted)
        put_instead(engine.dialect, "do_commit", self._around)

    @staticmethod
    def full() -> Exception:
        """What SQLite says when it can write no more."""
        return sqlite3.OperationalError("database or disk is full")

    def _noted(self, connection: Connection) -> None:
        self._writes = bool(connection.get_execution_options().get("writes"))

    def _around(self, driver: Any) -> None:
        writes, self._writes = self._writes, False
        if writes:
            self.before()
        self._commit(driver)
        if writes:
            self.after()


class Journals:
    """The same store for one history after another, each beginning with an empty one."""

    def __init__(self, folder: Path, without: Sequence[str] = ()) -> None:
        """`without`: statements that take a guard out of the database."""
        self._path, self._template = folder / "journal.db", folder / "empty.db"
        engine = new_store(self._template)
        with engine.begin() as conn:
            for statement in without:
                conn.exec_driver_sql(statement)
        engine.dispose()
        self.engine = create_store(f"sqlite:///{self._path}")
        self.commits = Commits(self.engine)

    def empty(self) -> Engine:
        """The store, with nothing in it."""
        self.commits.before = self.commits.after = lambda: None
        self.engine.dispose()
        for suffix in ("", "-wal", "-shm", ".head"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        shutil.copy(self._template, self._path)
        return self.engine
