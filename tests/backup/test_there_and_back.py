"""What was backed up of either database comes back into either, and nothing else does."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from services.backup import seal
from services.backup.put_back import put_back
from services.backup.take import Taken, take_backup
from services.errors import BackupError
from services.mirror.sync import sync
from services.operations.journal import audit, head
from services.operations.journal.audit import Actor
from services.operations.journal.head import Standing
from services.people import tokens
from services.store.engine import create_store, reading, writing
from services.store.lists.system import revision
from services.store.migrations import head_revision, known_revisions, migrate, require_current
from services.store.sql import fetch, in_dialect
from tests.worlds.backups.rows import all_rows
from tests.worlds.mirrors import make_gateway, make_sandbox
from tests.worlds.operations.desk import Desk
from tests.worlds.recount import index_kept, index_rebuilt, totals_kept, totals_recounted
from tests.worlds.stores import empty_postgres, new_postgres, new_store

PASSPHRASE = "말과 자전거와 열두 개의 달"
NOW = 1_780_000_000


def sign_in(conn: Connection) -> None:
    """Somebody opens a session, and makes a token."""
    signed_in = ("a" * 64, "hong@shop.example", "admin", NOW, NOW)
    sql = "INSERT INTO person_session (id, email, role, begun_at, seen_at) VALUES (?, ?, ?, ?, ?)"
    conn.exec_driver_sql(in_dialect(conn, sql), signed_in)
    tokens.issue(conn, Actor("hong@shop.example", "screen"), "nightly", 90, NOW)


def filled(engine: Engine) -> None:
    """A mirror of a small world, a journal with what ended and what waits, and somebody who is signed in."""
    desk = Desk(engine)
    for number in range(3):
        desk.refund(imp_uid=f"imp_{number}", token=f"t{number}")
        desk.run(5 if number < 2 else 0)
    with writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM mark WHERE name = 'account'")
        sign_in(conn)
    sandbox, clock = make_sandbox(payments=150, days=90)
    sync(make_gateway(sandbox, clock), engine, days=90)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[dict[str, Engine]]:
    """A store on each database with the same kind of rows in it."""
    made = {
        "sqlite": new_store(tmp_path_factory.mktemp("source") / "source.db"),
        "postgresql": new_postgres(postgres_url, "source"),
    }
    for engine in made.values():
        filled(engine)
    yield made
    for engine in made.values():
        engine.dispose()


@pytest.fixture(scope="module")
def sealed(sources: dict[str, Engine], tmp_path_factory: pytest.TempPathFactory) -> Taken:
    path = tmp_path_factory.mktemp("sealed") / "one.backup"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal, "_COST", {"n": 1 << 10, "r": 8, "p": 1})  # the cost stands in each file
        return take_backup(sources["sqlite"], path, PASSPHRASE, NOW)


@pytest.mark.parametrize(
    ("source", "target", "replaced"),
    [
        ("sqlite", "sqlite", True),
        ("sqlite", "postgresql", False),
        ("postgresql", "sqlite", False),
        ("postgresql", "postgresql", True),
    ],
)
def test_it_comes_back_row_for_row(
    source: str, target: str, replaced: bool, sources: dict[str, Engine], tmp_path: Path, postgres_url: str
) -> None:
    taken = take_backup(sources[source], tmp_path / "one.backup", None, NOW)
    assert taken.is_good
    assert taken.contents.rows["payment"] == 150 + 3
    if replaced:
        into = new_postgres(postgres_url) if target == "postgresql" else new_store(tmp_path / "other.db")
        Desk(into).refund(token="of before")
    elif target == "postgresql":
        into = empty_postgres(postgres_url, "place")
    else:
        into = create_store(f"sqlite:///{tmp_path / 'other.db'}")
    told = put_back(into, taken.path, None, NOW + 60.5, by="hong", replace=replaced)
    assert (told.label.engine, told.label.made_at) == (source, NOW)
    require_current(into)
    assert all_rows(into) == all_rows(sources[source])
    assert index_kept(into) == index_rebuilt(into)
    assert totals_kept(into) == totals_recounted(into)
    with reading(into) as conn:
        assert audit.verify(conn).broken_at is None
        assert head.standing(conn, head.outside(into)) == Standing.PUT_BACK
        last = fetch(conn, "SELECT max(id) FROM operation")[0][0]
        assert fetch(conn, "SELECT ended_at FROM person_session") == [(NOW + 60,)]
        assert fetch(conn, "SELECT revoked_at FROM person_token") == [(NOW + 60,)]
    # Numbers go on after those that came, and what guards the journal stands again.
    with writing(into) as conn:
        conn.exec_driver_sql("DELETE FROM mark WHERE name = 'put_back'")
    with reading(into) as conn:
        head.write(into, head.inside(conn))
    assert Desk(into).charge(token="next") == last + 1
    with pytest.raises(Exception, match="only ever appended"), writing(into) as conn:
        conn.exec_driver_sql("DELETE FROM audit_entry")
    into.dispose()


def test_a_sealed_one_opens_by_its_passphrase_alone(sources: dict[str, Engine], tmp_path: Path) -> None:
    sealed = take_backup(sources["sqlite"], tmp_path / "apart" / "one.backup", PASSPHRASE, NOW)
    place = create_store(f"sqlite:///{tmp_path / 'new.db'}")
    for passphrase, why in (
        (None, "JANGBU_BACKUP_PASSPHRASE"),
        ("말과 자전거와 열세 개의 달", "passphrase is not that"),
    ):
        with pytest.raises(BackupError, match=why):
            put_back(place, sealed.path, passphrase, NOW, by="hong")
    assert [path.name for path in tmp_path.iterdir()] == ["apart"]
    put_back(place, sealed.path, PASSPHRASE, NOW, by="hong")
    require_current(place)
    place.dispose()


@pytest.mark.parametrize("is_sealed", [False, True])
def test_one_that_is_damaged_anywhere_is_refused_and_nothing_is_changed(
    is_sealed: bool, sealed: Taken, sources: dict[str, Engine], tmp_path: Path
) -> None:
    chance = random.Random(18)
    path = tmp_path / "one.backup"
    if is_sealed:
        shutil.copy(sealed.path, path)
    else:
        take_backup(sources["sqlite"], path, None, NOW)
    whole, place = path.read_bytes(), new_store(tmp_path / "place.db")
    before = all_rows(place)
    begins = whole.index(b"\n", 20) + 1
    damages = [whole[: chance.randrange(len(whole))] for _ in range(4)]
    damages += [whole + b"\0", b"", b"PK\x03\x04" + whole]
    # In the label a letter may be another one and mean the same to nobody but the seal or the sum.
    for at in [chance.randrange(begins) for _ in range(6)] + [chance.randrange(begins, len(whole)) for _ in range(6)]:
        damages.append(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
    for damaged in damages:
        path.write_bytes(damaged)
        with pytest.raises(BackupError):
            put_back(place, path, PASSPHRASE if is_sealed else None, NOW, by="hong", replace=True)
    assert all_rows(place) == before
    assert {one.name for one in tmp_path.iterdir()} - {"place.db-wal", "place.db-shm"} == {"one.backup", "place.db"}
    place.dispose()


def test_a_store_that_stands_is_replaced_only_where_that_is_said(sealed: Taken, sqlite_store: Engine) -> None:
    with pytest.raises(BackupError, match="--replace"):
        put_back(sqlite_store, sealed.path, PASSPHRASE, NOW, by="hong")


def test_one_of_a_newer_version_is_refused_and_one_of_an_older_is_brought_up_to_date(tmp_path: Path) -> None:
    older = create_store(f"sqlite:///{tmp_path / 'older.db'}")
    migrate(older, known_revisions()[-5])
    taken = take_backup(older, tmp_path / "one.backup", None, NOW)
    place = create_store(f"sqlite:///{tmp_path / 'place.db'}")
    put_back(place, taken.path, None, NOW, by="hong")
    with reading(place) as conn:
        assert revision(conn) == head_revision()
    newer = tmp_path / "newer.backup"
    newer.write_bytes(taken.path.read_bytes().replace(f'"{known_revisions()[-5]}"'.encode(), b'"9999"'))
    with pytest.raises(BackupError, match="revision 9999, this version"):
        put_back(place, newer, None, NOW, by="hong", replace=True)


def test_whose_chain_is_broken_is_kept_but_is_no_good_one(sources: dict[str, Engine], tmp_path: Path) -> None:
    path = tmp_path / "bent.db"
    taken = take_backup(sources["sqlite"], tmp_path / "good.backup", None, NOW)
    bent = create_store(f"sqlite:///{path}")
    put_back(bent, taken.path, None, NOW, by="hong")
    with sqlite3.connect(path) as conn:
        conn.execute("DROP TRIGGER audit_changes")
        conn.execute("UPDATE audit_entry SET actor = 'nobody' WHERE id = 2")
    again = take_backup(bent, tmp_path / "bent.backup", None, NOW)
    assert (again.is_good, again.contents.chain.broken_at) == (False, 2)
    told = put_back(create_store(f"sqlite:///{tmp_path / 'back.db'}"), again.path, None, NOW, by="hong")
    assert not told.is_good
    bent.dispose()
