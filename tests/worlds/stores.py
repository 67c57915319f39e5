"""New stores: copies of one that was migrated, which is made once a process (fifteen revisions cost half a second)."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, make_url, text

from services.store.engine import create_store
from services.store.migrations import migrate

_TEMPLATE = "migrated"


def new_store(path: Path) -> Engine:
    """An empty SQLite store at a path where nothing is yet."""
    path.write_bytes(_migrated())
    return create_store(f"sqlite:///{path}")


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        engine = create_store(f"sqlite:///{path}")
        migrate(engine)
        engine.dispose()
        return path.read_bytes()


def new_postgres(server: str, name: str = "work") -> Engine:
    """An empty store on the PostgreSQL server that an address names; the one made before under its name is gone."""
    _migrated_postgres(server)
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    _run(server, drop, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
    return create_store(_named(server, name))


def empty_postgres(server: str, name: str) -> Engine:
    """A database without tables; the one made before under its name is gone."""
    _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    return create_store(_named(server, name))


@cache
def _migrated_postgres(server: str) -> None:
    # No test takes the machine's power away, so nothing has to wait for its disk.
    _run(server, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", f"CREATE DATABASE {_TEMPLATE}")
    engine = create_store(_named(server, _TEMPLATE))
    migrate(engine)
    engine.dispose()


def _run(server: str, *statements: str) -> None:
    engine = create_store(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        for statement in statements:
            conn.execute(text(statement))
    engine.dispose()


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)
