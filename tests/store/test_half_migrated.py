"""F18: a revision that fails at any of its statements, or is killed there, leaves the database as it was before it."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from services.store.engine import create_store, reading
from services.store.lists.system import revision
from services.store.migrations import known_revisions, migrate
from tests.worlds.forks import forks
from tests.worlds.rows.older_rows import copy_into
from tests.worlds.rows.payment_rows import fill, mixed
from tests.worlds.seeds import PERCENT, seeds
from tests.worlds.stores import empty_postgres, new_store

_POSTGRES = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "SELECT indexdef, '' FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT pg_get_functiondef(oid), '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
)
_SQLITE = ("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",)
_FIRST_WITH_ROWS = 4


class Broke(Exception):
    """The statement fails."""


def everything(engine: Engine) -> dict[str, list[Any]]:
    """The whole schema, and every row there is."""
    with reading(engine) as conn:
        lite = engine.dialect.name == "sqlite"
        told = {sql: sorted(map(repr, conn.execute(text(sql)))) for sql in (_SQLITE if lite else _POSTGRES)}
        names = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')"
        if not lite:
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (name,) in conn.execute(text(names)).fetchall():
            told[name] = sorted(map(repr, conn.exec_driver_sql(f"SELECT * FROM {name}")))
    return told


@contextmanager
def broken_at(engine: Engine, number: int, breaks: Callable[[], None]) -> Iterator[None]:
    """The statement of that number, counted from 0, breaks; the one behind the last is the commit."""
    seen = [0]

    def count(*_given: object) -> None:
        seen[0] += 1
        if seen[0] == number + 1:
            breaks()

    names = ("before_cursor_execute", "commit")
    for name in names:
        event.listen(engine, name, count)
    try:
        yield
    finally:
        for name in names:
            event.remove(engine, name, count)


def fail() -> None:
    raise Broke


def with_rows(engine: Engine, other: Path) -> None:
    """Payments of now, as a database of that revision held them."""
    source = new_store(other)
    fill(source, mixed(12, seed=11))
    with reading(source) as conn:
        copy_into(engine, {name: [dict(row) for row in conn.exec_driver_sql(f"SELECT * FROM {name}").mappings()]
                           for name in ("facet", "payment", "cancellation")})  # fmt: skip
    source.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = create_store(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        engine = empty_postgres(request.getfixturevalue("postgres_url"), "half")
    yield engine
    engine.dispose()


def test_f18_every_revision_fails_at_every_statement_and_leaves_what_was_before(empty: Engine, tmp_path: Path) -> None:
    chance, tried = random.Random(18), 0
    for place, name in enumerate(known_revisions()):
        before, number = everything(empty), 0
        while True:
            with broken_at(empty, number, fail):
                try:
                    migrate(empty, name)
                except Broke:
                    tried += 1
                else:
                    break
            assert everything(empty) == before, (name, number)
            number += 1 if PERCENT >= 100 else chance.randrange(1, 60)
        with reading(empty) as conn:
            assert revision(conn) == name
        if place + 1 == _FIRST_WITH_ROWS:
            with_rows(empty, tmp_path / "other.db")
    assert tried >= len(known_revisions())


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def migrate_and_die(url: str, number: int) -> None:
    """In a process of its own."""
    engine = create_store(url)
    with broken_at(engine, number, die):
        migrate(engine)


def test_f18_killed_in_the_middle_the_next_one_begins_anew(tmp_path: Path) -> None:
    chance = random.Random(18)
    path = tmp_path / "killed.db"
    engine = create_store(f"sqlite:///{path}")
    migrate(engine, known_revisions()[_FIRST_WITH_ROWS - 1])
    with_rows(engine, tmp_path / "other.db")
    before = everything(engine)
    engine.dispose()
    for _ in range(seeds(50, least=2)):
        process = forks.Process(target=migrate_and_die, args=(str(engine.url), chance.randrange(150)))
        process.start()
        process.join(180)
        assert process.exitcode == -signal.SIGKILL, "the migration was to be killed"
        assert everything(engine) == before
        engine.dispose()
    migrate(engine)
    engine.dispose()
