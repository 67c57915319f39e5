"""Revisions of the schema, run by Alembic without an ini file: each in one transaction, on both databases."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from services.errors import WrongRevision
from services.store.engine import reading, writing


def migrate(engine: Engine, revision: str = "head") -> None:
    """Brings the database to a revision; a failing one leaves it as it was."""
    with writing(engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def require_current(engine: Engine) -> None:
    """Raises WrongRevision where the database is not at the revision of this code."""
    with reading(engine) as connection:
        _require(MigrationContext.configure(connection).get_current_revision(), _head())


def require_revision(connection: Connection) -> None:
    """The same in a transaction on a database that has one: asked before each step of the journal, so in one read."""
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
    _require(row[0] if row else None, _known_head())


def _require(found: str | None, wanted: str | None) -> None:
    if found != wanted:
        raise WrongRevision(
            "The database is at revision {found}, this version needs {wanted}: run `jangbu migrate`.",
            found=found or "none",
            wanted=wanted,
        )


def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


@cache
def _known_head() -> str | None:
    return _head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
