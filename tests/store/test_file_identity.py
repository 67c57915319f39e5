"""A file that was deleted, replaced or whose log was: nothing is written to it, nothing is sent, and all are told."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.errors import Displaced, NotSaved, Outdated
from services.operations.journal.journal import saving
from services.store.engine import create_store, for_long_reads, is_standing, reading, writing
from services.store.migrations import require_current
from tests.worlds.operations.desk import Desk


def beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def deleted(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(beside(path, ".old"))


def put_back(path: Path) -> None:
    """A copy under the same name is another file."""
    copy = beside(path, ".copy")
    shutil.copy(path, copy)
    copy.replace(path)


def log_deleted(path: Path) -> None:
    beside(path, "-wal").unlink()


def log_replaced(path: Path) -> None:
    beside(path, "-wal").unlink()
    beside(path, "-wal").touch()


HAPPENINGS = [deleted, moved, put_back, log_deleted, log_replaced]


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    return Desk(sqlite_store)


def database(engine: Engine) -> Path:
    return Path(engine.url.database or "")


@pytest.mark.parametrize("happens", HAPPENINGS)
def test_nothing_is_written_to_a_file_that_nobody_finds_again(desk: Desk, happens: Callable[[Path], None]) -> None:
    asked = desk.refund(1_000)
    assert is_standing(desk.engine)
    happens(database(desk.engine))
    assert not is_standing(desk.engine)
    with pytest.raises(Displaced):
        desk.refund(2_000, token="another", imp_uid="imp_1")
    desk.executor.turn()
    with pytest.raises(NotSaved):
        desk.executor.carry_out(asked)
    assert desk.bodies == []


@pytest.mark.parametrize("happens", HAPPENINGS)
def test_what_was_sent_before_is_not_sent_again_after(desk: Desk, happens: Callable[[Path], None]) -> None:
    asked = desk.refund(1_000)
    desk.executor.carry_out(asked)
    assert len(desk.bodies) == 1
    happens(database(desk.engine))
    desk.run(60)
    assert len(desk.bodies) == 1


def test_no_new_file_is_made_in_the_place_of_one_that_was_deleted(sqlite_store: Engine) -> None:
    with reading(sqlite_store):
        pass
    database(sqlite_store).unlink()
    with pytest.raises(Displaced), reading(for_long_reads(sqlite_store)):
        pass
    with reading(sqlite_store), pytest.raises(Displaced), reading(sqlite_store):
        pass  # the pool has one connection; the second would be to another file
    assert not database(sqlite_store).exists()


def test_a_log_that_sqlite_itself_folded_and_made_anew_is_no_alarm(sqlite_store: Engine) -> None:
    for _ in range(3):
        with writing(sqlite_store) as conn:
            conn.exec_driver_sql("INSERT INTO mark (name, value, at) VALUES ('x', '', 0) ON CONFLICT DO NOTHING")
        sqlite_store.dispose()
        assert not beside(database(sqlite_store), "-wal").exists()
        other = create_store(str(sqlite_store.url))
        require_current(other)
        other.dispose()
    assert is_standing(sqlite_store)


def test_an_old_process_stops_writing_when_a_newer_version_migrated(store: Engine) -> None:
    with saving(store):
        pass
    with writing(store) as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'r9999'")
    with pytest.raises(Outdated), saving(store):
        pass
