"""Backups of a machine whose clock was ahead, that somebody altered or left unfinished, and of a damaged database."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.backup.put_back import put_back
from services.backup.take import take_backup
from services.errors import BackupError
from services.operations.journal import restoration
from services.store.engine import create_store, reading, writing
from services.store.lists.system import marks, whole_is_due
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark
from tests.worlds.operations.desk import Desk
from tests.worlds.stores import new_store

PASSPHRASE = "말과 자전거와 열두 개의 달"
NOW = 1_780_000_000
_PAGE = 4_096


def test_a_whole_pass_is_due_also_where_the_clock_of_before_was_ahead(sqlite_store: Engine, tmp_path: Path) -> None:
    with writing(sqlite_store) as conn:
        for mark in (MirrorMark.DEEP_AT, MirrorMark.BACKUP_TRIED):
            set_mark(conn, mark, str(NOW + 10 * 365 * 86_400), NOW)
    taken = take_backup(sqlite_store, tmp_path / "one.backup", None, NOW)
    place = create_store(f"sqlite:///{tmp_path / 'place.db'}")
    put_back(place, taken.path, None, NOW + 60, by="hong")
    assert restoration.begin(place, NOW + 90)
    with reading(place) as conn:
        kept = marks(conn)
    assert whole_is_due(kept)
    assert MirrorMark.BACKUP_TRIED not in kept
    place.dispose()


@pytest.mark.parametrize(
    "altered",
    [
        {"n": 0}, {"n": -2}, {"n": 131_073}, {"n": 1.5}, {"n": "many"}, {"n": None}, {"n": 1 << 40}, {"n": [1]},
        {"r": 0}, {"r": -1}, {"r": 9}, {"r": "8"}, {"p": 0}, {"p": -1}, {"p": 2}, {"p": {}}, {"salt": 7},
        {"salt": "not hex"}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_head_that_somebody_altered_is_damage(altered: dict[str, object], tmp_path: Path) -> None:
    salt = {"salt": "00" * 16, "n": 1 << 10, "r": 8, "p": 1} | altered
    head = {"revision": "0001", "made_at": NOW, "engine": "sqlite", "salt": salt}
    path = tmp_path / "one.backup"
    path.write_bytes(b"jangbu backup 1\n" + json.dumps(head).encode() + b"\n" + bytes(64))
    with pytest.raises(BackupError, match="its beginning cannot be read"):
        put_back(create_store(f"sqlite:///{tmp_path / 'place.db'}"), path, PASSPHRASE, NOW, by="hong")


@pytest.mark.parametrize("head", [b'{"made_at": Infinity, "salt": null, "revision": "", "engine": ""}', b"[" * 4_000])
def test_so_is_one_that_means_nothing(head: bytes, tmp_path: Path) -> None:
    (path := tmp_path / "one.backup").write_bytes(b"jangbu backup 1\n" + head + b"\n")
    with pytest.raises(BackupError, match="its beginning cannot be read"):
        put_back(create_store(f"sqlite:///{tmp_path / 'place.db'}"), path, None, NOW, by="hong")


def test_with_a_passphrase_none_is_taken_that_is_not_sealed(sqlite_store: Engine, tmp_path: Path) -> None:
    taken = take_backup(sqlite_store, tmp_path / "one.backup", None, NOW)
    place = create_store(f"sqlite:///{tmp_path / 'place.db'}")
    with pytest.raises(BackupError, match="not sealed"):
        put_back(place, taken.path, PASSPHRASE, NOW, by="hong")
    assert not (tmp_path / "place.db").exists()


@pytest.mark.parametrize("part", ["header", "middle"])
def test_a_damaged_database_says_so_of_itself_and_can_be_set_aside(part: str, tmp_path: Path) -> None:
    path, other = tmp_path / "shop.db", new_store(tmp_path / "other.db")
    number = Desk(other).refund()
    good = take_backup(other, tmp_path / "good.backup", None, NOW)
    engine = new_store(path)
    Desk(engine).refund()
    engine.dispose()
    whole = path.read_bytes()
    damaged = b"x" * _PAGE + whole[_PAGE:] if part == "header" else whole[:_PAGE] + b"\xff" * (len(whole) - _PAGE)
    path.write_bytes(damaged)
    Path(f"{path}-wal").write_bytes(b"its log")

    def back_up() -> None:
        take_backup(engine, tmp_path / "two.backup", None, NOW)

    with pytest.raises(BackupError, match=r"^This database is damaged .* --no-backup"):
        put_back(engine, good.path, None, NOW, by="hong", replace=True, before=back_up)
    told = put_back(engine, good.path, None, NOW, by="hong", replace=True, aside=True)
    assert told.aside == tmp_path / "shop.db.aside-20260528T202640Z"
    assert told.aside.read_bytes() == damaged
    with reading(engine) as conn:
        assert conn.exec_driver_sql("SELECT id FROM operation").fetchall() == [(number,)]
    assert restoration.begin(engine, NOW)
    engine.dispose()
    other.dispose()


def test_what_a_killed_one_left_goes_and_nothing_else(sqlite_store: Engine, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait(60)
    folder = tmp_path / "backups"
    folder.mkdir()
    begun = b"jangbu backup 1\n{}\n"
    files = {
        f"one.backup.{dead.pid}.part": (begun, 7_200),
        f"young.backup.{dead.pid}.part": (begun, 0),
        f"living.backup.{os.getpid()}.part": (begun, 7_200),
        f"film.{dead.pid}.part": (b"somebody's", 7_200),
        "film.part": (begun, 7_200),
    }
    for name, (content, age) in files.items():
        (folder / name).write_bytes(content)
        os.utime(folder / name, times=(time.time() - age,) * 2)
    take_backup(sqlite_store, folder / "two.backup", None, NOW)
    assert {path.name for path in folder.iterdir()} == {*files} - {f"one.backup.{dead.pid}.part"} | {"two.backup"}
