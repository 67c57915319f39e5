"""Revisions of the schema, run by Alembic without an ini file: each in one transaction, on both databases."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from services.errors import Outdated, WrongRevision
from services.store.engine import reading, writing

_WHILE_MIGRATED = 600_000
"""Milliseconds: who starts while another process migrates a large database finds it done."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Brings the database to a revision, a new one with its folder; a failing revision leaves it as it was."""
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
    with writing(engine, waits=_WHILE_MIGRATED) as connection:
        migrate_in(connection, revision)


def migrate_in(connection: Connection, revision: str = "head") -> None:
    """The same in the caller's writing transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def require_current(engine: Engine) -> None:
    """Raises WrongRevision where the database is not at the revision of this code."""
    with reading(engine) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = head_revision()
    if found != wanted:
        raise WrongRevision(
            "The database is at revision {found}, this version needs {wanted}: run `jangbu migrate`.",
            found=found or "none",
            wanted=wanted,
        )


def require_own_revision(conn: Connection) -> None:
    """Raises Outdated where a newer version has taken the database over since this process opened it."""
    if conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() != head_revision():
        raise Outdated(
            "Another version of Jangbu has taken the database over, so nothing was sent. Start Jangbu again."
        )


@cache
def head_revision() -> str | None:
    """The revision of this code; Alembic reads all its scripts for it."""
    return ScriptDirectory.from_config(_config()).get_current_head()


@cache
def known_revisions() -> list[str]:
    """The revisions of this code, the oldest first."""
    return [one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
